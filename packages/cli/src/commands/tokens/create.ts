import { durationMs } from '@boucle/contract';
import { InvalidArgumentError } from 'commander';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly only?: string;
  readonly may?: `${string}:${string}`[];
  readonly for?: number;
}
const duration = (text: string): number => {
  try {
    return durationMs(text);
  } catch {
    throw new InvalidArgumentError('Write it as 90s, 5m, 6h or 7d.');
  }
};

export const createToken: Verb = (command, { client, show, note }) =>
  command
    .argument('<name>', 'What it is for')
    .option('--only <project>', 'Opens this project alone')
    .option('--may <permissions...>', 'No more than these, such as runs:write')
    .option('--for <duration>', 'How long: 90s, 5m, 6h, 7d', duration)
    .action(async (name: string, { only: project, may: permissions, for: ms }: Options) => {
      const made = await client.tokens.create({
        body: {
          name,
          ...(project !== undefined && { project }),
          ...(permissions && { permissions }),
          ...(ms !== undefined && { expiresAt: new Date(Date.now() + ms).toISOString() }),
        },
      });
      show(made, () => made.token);
      note('It is shown this once. Programs send it as BOUCLE_TOKEN, MLflow’s clients as MLFLOW_TRACKING_TOKEN.');
    });
