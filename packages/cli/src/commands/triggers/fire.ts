import { randomUUID } from 'node:crypto';
import { intoPairs, jsonOrText } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

export const fireTrigger: Verb = (command, { client, paint, show, inProject }) =>
  command
    .argument('<trigger>', 'Its name, as "boucle triggers list" prints it')
    .option('--param <name=value>', 'A parameter of the run; once for each', intoPairs)
    .action(async (name: string, { param = {} }: { param?: Readonly<Record<string, string>> }) => {
      const params = Object.fromEntries(Object.entries(param).map(([key, text]) => [key, jsonOrText(text)]));
      const input = { params: { ...(await inProject()), name }, body: { params } };
      const run = await client.triggers.fire(input, { idempotencyKey: randomUUID() });
      show(run, () => `${paint('bold', `${run.pipeline} ${run.number}`)} was started: boucle pipelines show ${run.id}`);
    });
