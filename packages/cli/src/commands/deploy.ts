import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type AskedVariant, type Deployment } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { Option } from 'commander';
import { id } from '../arguments.ts';
import { askedModels, intoVariants } from '../asked-variants.ts';
import { variantFacts } from '../render/deployment.ts';
import { short } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly model?: string;
  readonly variant?: readonly AskedVariant[];
  readonly shadow?: readonly AskedVariant[];
  readonly log?: 'written' | 'synced';
  readonly environment?: string;
  readonly correlationId?: string;
}

export const deploy: Verb = (command, { client, paint, show, inProject, url }) =>
  command
    .argument('<endpoint>', 'The endpoint')
    .option(
      '--model <reference>',
      'model@alias or model/number, also as models:/model@alias; what the project declares where nothing is said',
    )
    .option(
      '--variant <name=model:share>',
      'One of several that answer, such as candidate=sentiment/2:0.1; again for each',
      intoVariants('live'),
    )
    .option('--shadow <name=model:share>', 'One that is asked the same, and nobody is told what it says', intoVariants('shadow'))
    .addOption(
      new Option('--log <level>', 'When an answer goes out: once its record is written, or synced to disk').choices(['written', 'synced']),
    )
    .option('--environment <name>', 'Where it stands, such as production')
    .option('--correlation-id <id>', 'The story that this belongs to', id)
    .action(async (endpoint: string, { model, variant, shadow, ...rest }: Options) => {
      const body = { ...rest, ...askedModels({ model, variant, shadow }) };
      const params = { ...(await inProject()), endpoint };
      const deployment = await readyOf(client, await client.endpoints.deploy({ params, body }, { idempotencyKey: randomUUID() }));
      show(deployment, () =>
        [
          `${paint('bold', endpoint)} answers, deployment ${deployment.number}`,
          facts(
            {
              ...variantFacts(deployment, ({ digest }) => short(digest)),
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
  if (deployment.status === 'retired')
    throw new AppError('conflict', `Deployment ${deployment.number} does not answer: ${deployment.message ?? 'another one took over'}`, {
      reason: 'deployment_overtaken',
    });
  return deployment;
};
