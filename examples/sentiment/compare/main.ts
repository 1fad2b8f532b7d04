import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelComparison, PipelineRun, StepArtifact, TreeDigest } from '@boucle/contract';
import { makeManifest } from '@boucle/project/bundle';
import { createClient } from '@boucle/sdk';
import { loadConfig, type Server, startServer } from '@boucle/server';
import { applyProject, previewProject } from '../../../packages/cli/src/apply-project.ts';
import { followRun } from '../../../packages/cli/src/follow-run.ts';
import { processIo } from '../../../packages/cli/src/io.ts';
import { reportError } from '../../../packages/cli/src/report-error.ts';
import { stepFailed } from '../../../packages/cli/src/step-failed.ts';
import { buildWebPage } from '../../../scripts/demo/web-page.ts';
import { makeTweets, toCsv } from '../tweets.ts';
import { asTweets } from './as-tweets.ts';
import { type CompareOptions, readOptions, Usage } from './options.ts';

const io = processIo();
const say = (text: string): void => void io.stdout.write(`${text}\n`);
const params = { project: 'sentiment' };

/** Compares the approaches on a server of its own, and writes what was measured as a page and as data. The README says what it takes. */
const compare = async (options: CompareOptions): Promise<void> => {
  const data = path.join(options.out, 'data');
  if (options.fresh) await rm(data, { recursive: true, force: true });
  await mkdir(options.out, { recursive: true });
  if (options.open) buildWebPage(() => say('The page is built, once'));
  const csv = await tweetsOf(options);
  nameCheckpoint(options);
  // One step at a time: what is measured has the machine for itself.
  const flags = { data, port: options.port, logLevel: 'warn', attempts: 1 };
  const server = await startServer(await loadConfig({ env: {}, flags }));
  try {
    const { comparison, page } = await outcomeOf(await runPipeline(server.address, csv, options), server);
    await writeFile(path.join(options.out, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
    await writeFile(path.join(options.out, 'comparison.md'), page);
    say(`${comparison.chosen} is best by ${comparison.metric}: ${path.join(options.out, 'comparison.md')}`);
    if (options.open) {
      say(`Also at ${server.address}/p/${params.project}/comparison; Ctrl-C ends it`);
      await new Promise((resolve) => process.once('SIGINT', resolve));
    }
  } finally {
    await server.close();
  }
};

const tweetsOf = async ({ data, rows }: CompareOptions): Promise<string> =>
  data === undefined ? toCsv(makeTweets({ seed: 7, count: rows })) : asTweets(await readFile(data, 'utf8'));

/** The configuration is evaluated in a process of its own, which inherits this. */
const nameCheckpoint = ({ checkpoint }: CompareOptions): void => {
  if (checkpoint !== undefined) process.env['SENTIMENT_CHECKPOINT'] = checkpoint;
};

const runPipeline = async (address: string, csv: string, { seconds }: CompareOptions): Promise<PipelineRun> => {
  const client = createClient({ baseUrl: address });
  const bundled = await makeManifest(import.meta.dirname);
  await applyProject(client, bundled, await previewProject(client, bundled));
  await client.datasets.versions.create({ params: { ...params, dataset: 'tweets' }, query: {}, data: csv });
  const begun = await client.pipelines.run({ params: { ...params, pipeline: 'compare' }, body: { params: { seconds } } });
  const run = await followRun({ client, project: params.project, io }, begun);
  if (run.status === 'succeeded') return run;
  const failed = run.steps.find(({ status }) => status === 'failed');
  throw failed?.failure ? stepFailed(failed.step, failed.failure) : new Usage(`The pipeline run ${run.status}`);
};

const outcomeOf = async ({ outputs }: PipelineRun, { platform }: Server): Promise<{ comparison: ModelComparison; page: string }> => {
  const [comparison, page] = [outputs['comparison'] as StepArtifact, outputs['page'] as StepArtifact];
  const entry = (await platform.blobs.tree(page.tree as TreeDigest)).find(({ path: name }) => name !== 'manifest.json')!;
  return { comparison: comparison.value as ModelComparison, page: await platform.blobs.readText(entry.blob) };
};

try {
  await compare(readOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof Usage) process.stderr.write(`${error.message}\n`);
  else reportError(error, io);
  process.exitCode = 1;
}
