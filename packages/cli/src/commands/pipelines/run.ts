import { invalid } from '@boucle/contract';
import { randomUUID } from 'node:crypto';
import { failureReport } from '../../failure-report.ts';
import { followHere } from '../../follow-run.ts';
import { id, intoPairs, jsonOrText } from '../../arguments.ts';
import { runSummary } from '../../render/step-lines.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly param?: Readonly<Record<string, string>>;
  readonly input?: Readonly<Record<string, string>>;
  readonly cache: boolean;
  readonly detach?: true;
  readonly correlationId?: string;
}

export const runPipeline: Verb = (command, context) =>
  command
    .argument('<pipeline>', 'The pipeline')
    .option('--param <name=value>', 'A parameter; once for each', intoPairs)
    .option('--input <name=version>', 'The version of an input; the latest where nothing is said', intoPairs)
    .option('--no-cache', 'Carry out every step, even where its outputs are held')
    .option('--detach', 'Start it, and do not wait')
    .option('--correlation-id <id>', 'The story that this belongs to', id)
    .action(async (pipeline: string, { param, input, cache, detach, correlationId }: Options) => {
      const { client, paint, show, note, inProject, endWith } = context;
      const { project } = await inProject();
      const body = {
        params: mapValues(param, jsonOrText),
        inputs: mapValues(input, versionOf),
        cache,
        ...(correlationId !== undefined && { correlationId }),
      };
      // The key lets the request be sent again without starting a second run.
      const started = await client.pipelines.run({ params: { project, pipeline }, body }, { idempotencyKey: randomUUID() });
      if (detach)
        return show(started, () => `${paint('bold', `${pipeline} ${started.number}`)} was started: boucle pipelines show ${started.id}`);

      note(`${pipeline} ${started.number}  ${paint('dim', started.id)}`);
      const run = await followHere(context, started);
      if (!run) return endWith(130);
      if (run.status === 'failed') note(await failureReport(run, context));
      show(run, () => runSummary(run, paint));
      if (run.status !== 'succeeded') endWith(1);
    });

const mapValues = <T>(pairs: Readonly<Record<string, string>> = {}, read: (text: string, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(pairs).map(([name, text]) => [name, read(text, name)]));

const versionOf = (text: string, name: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw invalid(`--input ${name}=${text}: a version is a number, as in ${name}=3`, 'bad_version');
};
