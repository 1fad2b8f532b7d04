import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PipelineRun, TreeDigest } from '@boucle/contract';
import { initProject, makeManifest } from '@boucle/project/bundle';
import { createClient } from '@boucle/sdk';
import { leapingClock, loadConfig, type Server, startServer } from '@boucle/server';
import { makeTweets, toCsv } from '../examples/sentiment/tweets.ts';
import { applyProject, previewProject } from '../packages/cli/src/apply-project.ts';
import { followRun } from '../packages/cli/src/follow-run.ts';
import { processIo } from '../packages/cli/src/io.ts';
import { reportError } from '../packages/cli/src/report-error.ts';
import { count, plural } from '../packages/cli/src/terminal/format.ts';
import { paintFor } from '../packages/cli/src/terminal/paint.ts';
import { storyText } from '../packages/cli/src/render/story.ts';
import { accountOf, reportOf, strikeAccountOf, strikeReportOf } from './demo/account.ts';
import { createDays } from './demo/days.ts';
import { openDesk } from './demo/desk.ts';
import { checkPositive, ingest } from './demo/ingest.ts';
import { narrate } from './demo/narrate.ts';
import { type DemoOptions, Usage, readOptions } from './demo/options.ts';
import { type Watched, watchAStrike } from './demo/strike.ts';
import { type Labelled, giveFeedback, sendTexts } from './demo/traffic.ts';
import { buildWebPage } from './demo/web-page.ts';

const name = 'airline';
const texts = 200;
const home = path.join(import.meta.dirname, '../.boucle/demo');

/**
 * The whole loop: from a file of texts to logged predictions with feedback, and back to the rows. With made-up tweets also round
 * again: the world changes, and what was deployed is watched, retrained and replaced, while simulated days pass in moments.
 */
const demo = async (options: DemoOptions): Promise<void> => {
  const started = performance.now();
  const io = processIo();
  const paint = paintFor(io.stdout);
  const say = (text: string): void => void io.stdout.write(`${paint('cyan', '●')} ${text}\n`);

  buildWebPage(() => say('The page is built, once'));
  for (const old of ['data', 'project']) await rm(path.join(home, old), { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const desk = await openDesk();
  const flags = { data: path.join(home, 'data'), port: options.port, logLevel: 'warn', allowCalls: desk.host };
  const clock = leapingClock();
  const server = await startServer(await loadConfig({ env: {}, flags }), { clock });
  const { address } = server;
  const stop = stopOnSignal(server.close);
  try {
    const client = createClient({ baseUrl: address });
    say(`The server runs. Watch it happen: ${paint('bold', `${address}/p/${name}/overview`)}`);

    const source = options.data ?? (await writeTweets());
    const folder = path.join(home, 'project');
    await initProject(folder, {
      name,
      source,
      text: options.text,
      label: options.label,
      ...(options.key && { key: options.key }),
      ...(options.positive && { positive: options.positive }),
      webhook: desk.url,
    });
    const bundled = await makeManifest(folder);
    const { id: manifestId } = await applyProject(client, bundled, await previewProject(client, bundled));
    const params = { project: name };
    say(
      `Project ${name} is applied: ${plural(bundled.manifest.pipelines[0]!.steps.length, 'step')}, ${plural(bundled.files.size, 'file')} by digest (manifest ${manifestId.slice(0, 8)})`,
    );

    const correlationId = randomBytes(16).toString('hex');
    const { name: dataset } = bundled.manifest.datasets[0]!;
    const version = await ingest(client, { project: name, dataset, source, correlationId, io });
    say(
      `${count(version.rows)} rows of ${path.basename(source)} are version ${version.number} of dataset ${dataset}${version.repeatedKeys > 0 ? `; ${plural(version.repeatedKeys, 'of them repeats a key', 'of them repeat a key')}` : ''}`,
    );
    checkPositive(version, options);

    const { pipeline } = bundled.manifest.pipelines[0]!;
    say(`Pipeline ${pipeline} runs:`);
    const begun = await client.pipelines.run({ params: { ...params, pipeline }, body: { correlationId } });
    const run = await followRun({ client, project: name, io }, begun);
    if (run.status !== 'succeeded') {
      const failed = run.steps.find(({ status }) => status === 'failed');
      throw new Usage(
        `The pipeline run ${run.status}: ${failed?.step}: ${failed?.failure?.message}${failed?.failure?.where ? ` (${failed.failure.where})` : ''}`,
      );
    }
    const { latest } = await client.models.get({ params: { ...params, model: name } });
    const model = await client.models.versions.get({ params: { ...params, model: name, number: latest! } });

    const { name: endpoint } = bundled.manifest.endpoints[0]!;
    const deployment = await client.endpoints.deploy({ params: { ...params, endpoint }, body: { correlationId } });
    if (deployment.status !== 'ready') throw new Usage(`The deployment is ${deployment.status}: ${deployment.message}`);
    say(`Model ${model.model}/${model.number} answers at endpoint ${endpoint}, after its own example gave the stored answer`);

    const clean = await cleanerOf(folder);
    const fresh = options.data === undefined ? freshTweets().map(clean) : await testRows(server, run);
    const sent = await sendTexts(address, { project: name, endpoint }, fresh);
    const feedback = await giveFeedback(client, name, sent.slice(0, Math.ceil(sent.length / 2)));
    say(`${plural(sent.length, 'text')} were sent, and people said of ${feedback} what was true`);
    const trace = await client.reports.trace({ params: { ...params, predictionId: sent[0]!.predictionId } });

    const story = {
      project: name,
      address,
      data: flags.data,
      dataset: version,
      run,
      model,
      endpoint,
      sent,
      feedback,
      traceMs: trace.milliseconds,
      secondsInAll: (performance.now() - started) / 1000,
    };
    io.stdout.write(accountOf(story));
    let watched: Watched | undefined;
    if (options.data === undefined) {
      const days = createDays({ clock, modules: server.modules, client, address, project: name, endpoint, clean });
      const narrator = narrate(client, name, {
        write: (line) => void io.stdout.write(`${line}\n`),
        paint,
        after: await server.platform.events.settled(),
      });
      watched = await watchAStrike({ client, days, project: name, endpoint, model: model.model, say });
      await narrator.stop();
      const told = await client.reports.story({ params: { ...params, correlationId: watched.promoted.correlationId }, query: {} });
      io.stdout.write(`\n${storyText(told, paint)}\n`);
      const verified = await Promise.all(
        [watched.promoted, watched.rolledBack].map(({ id }) => client.rollouts.verify({ params: { ...params, rolloutId: id } })),
      );
      io.stdout.write(strikeAccountOf({ watched, verified, told: desk.told, secondsInAll: (performance.now() - started) / 1000 }));
    }
    if (options.report)
      await writeFile(
        options.report,
        `${JSON.stringify({ ...reportOf(story), ...(watched && strikeReportOf(watched)), seconds: (performance.now() - started) / 1000 }, null, 2)}\n`,
      );
    if (!options.exit) {
      say(`From a prediction back to its rows: npx boucle --url ${address} --project ${name} trace ${sent[0]!.predictionId}`);
      say(`The page stays open at ${paint('bold', `${address}/p/${name}/overview`)}; Ctrl-C ends it`);
      await stop.wanted;
    }
  } finally {
    stop.forget();
    desk.close();
    await server.close();
  }
};

const writeTweets = async (): Promise<string> => {
  const file = path.join(home, 'tweets.csv');
  await writeFile(file, toCsv(makeTweets({ seed: 7, count: 6000 })));
  return file;
};
/** Texts are cleaned as the project's own step cleans them: what a model is asked has to look like what it learned from. */
const cleanerOf = async (folder: string) => {
  const { bare } = (await import(path.join(folder, 'steps/clean.ts'))) as { bare: (text: string) => string };
  return ({ text, label }: Labelled): Labelled => ({ text: bare(text), label });
};
/** Tweets that the model has not seen, with what is true of them. */
const freshTweets = (): Labelled[] =>
  [...makeTweets({ seed: 8, count: texts, from: '2026-04-01T06:00:00Z' })].map(({ text, sentiment }) => ({
    text,
    label: sentiment === 'negative' ? 'negative' : 'other',
  }));

/** Of the user's own file: rows that `split` kept from the trainer, as the clean step left them. */
const testRows = async ({ modules, platform }: Server, run: PipelineRun): Promise<Labelled[]> => {
  const test = run.steps.flatMap(({ outputs }) => outputs['test'] ?? [])[0]!;
  const table = (await platform.blobs.tree(test.tree as TreeDigest)).find(({ path: file }) => file.endsWith('.parquet'))!;
  const rows = await modules.datasets.tables.sample(table.blob, { offset: 0, limit: texts });
  return rows.map(({ text, label }) => ({ text: String(text), label: String(label) }));
};

/** The first signal ends the demonstration in good order, also in the middle of it. */
const stopOnSignal = (close: () => Promise<void>) => {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let resolve = () => {};
  const wanted = new Promise<void>((r) => (resolve = r));
  const onSignal = (): void => {
    resolve();
    void close().then(() => process.exit(0));
  };
  for (const signal of signals) process.once(signal, onSignal);
  return { wanted, forget: () => signals.forEach((signal) => process.off(signal, onSignal)) };
};

try {
  await demo(readOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof Usage) process.stderr.write(`${error.message}\n`);
  else reportError(error, processIo());
  process.exitCode = 1;
}
