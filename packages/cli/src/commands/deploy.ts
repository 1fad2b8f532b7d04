import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type Deployment } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { Option } from 'commander';
import { id } from '../arguments.ts';
import { short } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly model?: string;
  readonly log?: 'written' | 'synced';
  readonly environment?: string;
  readonly correlationId?: string;
}

export const deploy: Verb = (command, { client, paint, show, inProject, url }) =>
  command
    .argument('<endpoint>', 'The endpoint')
    .option('--model <reference>', 'model@alias or model/number; what the project declares where nothing is said')
    .addOption(
      new Option('--log <level>', 'When an answer goes out: once its record is written, or synced to disk').choices(['written', 'synced']),
    )
    .option('--environment <name>', 'Where it stands, such as production')
    .option('--correlation-id <id>', 'The story that this belongs to', id)
    .action(async (endpoint: string, body: Options) => {
      const params = { ...(await inProject()), endpoint };
      const deployment = await readyOf(client, await client.endpoints.deploy({ params, body }, { idempotencyKey: randomUUID() }));
      show(deployment, () =>
        [
          `${paint('bold', endpoint)} answers, deployment ${deployment.number}`,
          facts(
            {
              ...Object.fromEntries(
                deployment.variants.map(({ name, model, version, digest }) => [name, `${model}/${version}  ${short(digest)}`]),
              ),
              asked: deployment.reference,
              log: deployment.log,
              address: `${url}/v2/models/${endpoint}/infer`,
            },
            paint,
          ),
        ].join('\n'),
      );
    });

/** It answers once its warm-up gave what is stored in the package. */
const readyOf = async (client: Client, deployed: Deployment): Promise<Deployment> => {
  let deployment = deployed;
  while (deployment.status === 'starting') {
    await pause(100);
    const { items } = await client.endpoints.deployments({ params: { project: deployed.project, endpoint: deployed.endpoint }, query: {} });
    deployment = items.find(({ id }) => id === deployed.id) ?? deployment;
  }
  if (deployment.status === 'failed')
    throw new AppError(
      'failed_precondition',
      `Deployment ${deployment.number} did not come up: ${deployment.message ?? 'no reason was given'}`,
      {
        reason: 'deployment_failed',
      },
    );
  return deployment;
};
