import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly firing?: true;
  readonly endpoint?: string;
}

export const listAlerts: Verb = (command, { client, showList, inProject }) =>
  withLimit(command, 20)
    .option('--firing', 'Those alone that fire now')
    .option('--endpoint <name>', 'Those of one endpoint')
    .action(async ({ limit, firing, endpoint }: Options) => {
      const params = await inProject();
      const filter = { ...(firing && { status: 'firing' as const }), ...(endpoint !== undefined && { endpoint }) };
      const alerts = await listUpTo(limit, (page) => client.alerts.list({ params, query: { ...page, ...filter } }));
      showList(
        alerts,
        {
          id: ({ id }) => id,
          status: ({ status, acknowledged }) => (acknowledged && status === 'firing' ? 'acknowledged' : status),
          severity: ({ severity }) => severity,
          rule: ({ rule }) => rule,
          endpoint: ({ endpoint: name }) => name,
          fired: ({ firedAt }) => time(firedAt),
          resolved: ({ resolvedAt }) => time(resolvedAt),
          message: ({ message }) => message,
        },
        'No alerts.',
      );
    });
