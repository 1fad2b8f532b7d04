import { servedText, variantFacts } from '../../render/deployment.ts';
import { time } from '../../terminal/format.ts';
import { facts, table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showEndpoint: Verb = (command, { client, paint, show, inProject, url }) =>
  command.argument('<endpoint>', 'The endpoint').action(async (name: string) => {
    const params = { ...(await inProject()), endpoint: name };
    const [endpoint, { items: deployments }] = await Promise.all([
      client.endpoints.get({ params }),
      client.endpoints.deployments({ params, query: {} }),
    ]);
    show({ ...endpoint, deployments }, () =>
      [
        paint('bold', name),
        facts(
          {
            environment: endpoint.environment,
            address: `${url}/v2/models/${name}/infer`,
            log: endpoint.deployment?.log,
            ...(endpoint.deployment && variantFacts(endpoint.deployment)),
          },
          paint,
        ),
        '',
        table(
          deployments,
          {
            deployment: ({ number }) => number,
            status: ({ status }) => status,
            serves: servedText,
            asked: ({ reference }) => reference,
            created: ({ createdAt }) => time(createdAt),
            message: ({ message }) => message,
          },
          paint,
        ),
      ].join('\n'),
    );
  });
