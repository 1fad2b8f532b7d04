import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PipelineRun } from '@boucle/contract';
import { createRandom } from '@boucle/project/runner';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import {
  addExamples,
  applyProject,
  endOf,
  examples,
  getPipelineRun,
  project,
  runPipeline,
  startPipeline,
  writeProject,
} from '../../src/testing/small-project.ts';
import { type RunningServer, startServer, tempFolder } from './start-server.ts';
import { storyOf } from './steps.ts';
import { type Write, blobWrites, feedbackWrites, predictionWrites, runWrites } from './writes.ts';

const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));
const rounds = Number(process.env['LIFE_ROUNDS'] ?? 6);

const tick = `import { Type, defineStep, value } from '@boucle/project';
export const tick = defineStep(import.meta, 'tick', {
  outputs: { random: value(Type.Number()) },
  run: async (_, { out, random, metric }) => {
    metric('waited', 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    out.random.set(random());
  },
});
`;

test(`a server killed ${rounds} times under load keeps all that it acknowledged`, async (t) => {
  t.diagnostic(`LIFE_SEED=${seed}`);
  const random = createRandom(seed);
  const data = path.join(await tempFolder(t), 'data');
  const folder = path.join(await tempFolder(t), 'project');
  await writeProject(folder, {
    imports: `import { tick } from './steps/tick.ts';`,
    // Two steps with one key: one is carried out, the other takes what it left.
    pipelines: { ticking: `{ inputs: {} }, () => { tick({}, { name: 'one' }); tick({}, { name: 'two' }); }` },
    files: { 'steps/tick.ts': tick },
  });
  let server = await startServer(t, data);
  await deployTexts(server, folder);

  const answered: string[] = [];
  const writers = [
    runWrites(random),
    runWrites(random),
    blobWrites(random),
    predictionWrites(random, 'written', answered),
    predictionWrites(random, 'synced', answered),
    feedbackWrites(random, answered),
  ];
  const acknowledged: Write[] = [];
  const pipelineRuns: PipelineRun[] = [];
  let cut = 0;
  // In peace first: there is something to speak of.
  for (const next of writers) {
    const write = next();
    await write.send(server.client, server.address);
    acknowledged.push(write);
  }

  for (let round = 0; round < rounds; round += 1) {
    await isReady(server);
    const { writes, unfinished } = await underLoad(server, { writers, pipelineRuns, killAfterMs: 100 + random() * 500 });
    cut += unfinished.length;
    server = await startServer(t, data);
    const { client } = server;
    await all(writes, (write) => write.isHeld(client));
    await all(unfinished, async (write) => write.isWhole?.(client));
    await all(sampleOf(acknowledged, 20, random), (write) => write.isHeld(client));
    await all(pipelineRuns, async ({ id }) => void (await getPipelineRun(client, id)));
    acknowledged.push(...writes);
  }

  const { client } = server;
  await all(acknowledged, (write) => write.isHeld(client));
  for (const run of pipelineRuns) await isCarriedOutOnce(server, await endOf(client, run));
  assert.equal((await client.system.info({})).lostPredictions, 0);
  await server.stop();
  await isClean(data);

  const counts = Object.entries(Object.groupBy(acknowledged, ({ kind }) => kind)).map(([kind, some]) => `${some!.length} × ${kind}`);
  t.diagnostic(
    `${rounds} rounds, ${acknowledged.length} acknowledged: ${counts.join(', ')}; ${cut} cut off; ${pipelineRuns.length} pipeline runs`,
  );
});

/** The model is trained once, and answers at both levels. */
const deployTexts = async ({ client }: RunningServer, folder: string): Promise<void> => {
  await applyProject(client, folder);
  await addExamples(client, examples(200));
  assert.equal((await runPipeline(client, 'training')).status, 'succeeded');
  for (const log of ['written', 'synced'] as const) {
    const deployed = await client.endpoints.deploy({ params: { project, endpoint: log }, body: { model: 'texts@champion', log } });
    assert.equal(deployed.status, 'ready');
  }
};

const isReady = async ({ address }: RunningServer): Promise<void> => {
  while (!(await fetch(`${address}/v2/health/ready`)).ok) await sleep(10);
};

interface Load {
  readonly writers: readonly (() => Write)[];
  readonly pipelineRuns: PipelineRun[];
  readonly killAfterMs: number;
}
/** Everybody writes, one thing after the other, until the server is killed. */
const underLoad = async (server: RunningServer, { writers, pipelineRuns, killAfterMs }: Load) => {
  const writes: Write[] = [];
  const unfinished: Write[] = [];
  let isKilled = false;
  const write = async (next: () => Write): Promise<void> => {
    while (!isKilled) {
      const one = next();
      try {
        await one.send(server.client, server.address);
        writes.push(one);
      } catch (error) {
        if (!isKilled) throw error;
        unfinished.push(one);
      }
    }
  };
  const last = pipelineRuns.at(-1);
  const ticking = async (): Promise<void> => {
    if (last && (await getPipelineRun(server.client, last.id)).status === 'running') return;
    pipelineRuns.push(await startPipeline(server.client, 'ticking', { salt: String(pipelineRuns.length) }));
  };
  const working = Promise.all([...writers.map(write), ticking().catch((error: unknown) => assert.ok(isKilled, error as Error))]);
  await Promise.race([sleep(killAfterMs), working]);
  isKilled = true;
  await server.kill();
  await working;
  return { writes, unfinished };
};

/** However often the server died under it: each step ended once, and so did the run. */
const isCarriedOutOnce = async ({ client }: RunningServer, run: PipelineRun): Promise<void> => {
  const events = await storyOf(client, run);
  const count = (type: string, id: string) => events.filter((event) => event.type === type && event.subject.id === id).length;
  assert.equal(count('pipeline_run.ended', run.id), 1);
  for (const step of run.steps) {
    assert.equal(count('step_run.ended', step.id), 1);
  }
  // Ten lives are all that a step has.
  if (run.status === 'failed') assert.ok(run.steps.some(({ status, attempt }) => status === 'lost' && attempt === 10));
  else assert.deepEqual(run.steps.map(({ status }) => status).sort(), ['cached', 'succeeded']);
};

/** Every blob is what its name says, and nothing lies about that was on its way. */
const isClean = async (data: string): Promise<void> => {
  const blobs = await createBlobs(path.join(data, 'blobs'));
  for await (const digest of blobs.digests()) assert.ok(await blobs.verify(digest), digest);
  for (const folder of ['blobs/tmp', 'scratch', 'steps/attempts']) assert.deepEqual(await readdir(path.join(data, folder)), [], folder);
};

const sampleOf = <T>(items: readonly T[], count: number, random: () => number): T[] =>
  items.length === 0 ? [] : Array.from({ length: count }, () => items[Math.floor(random() * items.length)]!);

/** Eight at once. */
const all = async <T>(items: Iterable<T>, check: (item: T) => Promise<void>): Promise<void> => {
  const waiting = items[Symbol.iterator]();
  const work = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await check(next.value);
  };
  await Promise.all(Array.from({ length: 8 }, work));
};
