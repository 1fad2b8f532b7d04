import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemMetric, type BoucleEvent, type PipelineRun } from '@boucle/contract';
import { attemptStore } from '../../src/pipelines/attempt-store.ts';
import { cacheStore } from '../../src/pipelines/cache-store.ts';
import { stepRunStore } from '../../src/pipelines/step-run-store.ts';
import { openDb } from '../../src/platform/index.ts';
import { isAlive, until } from '../processes/nasty.ts';
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
import { type RunningServer, runBoucle, startServer, tempFolder } from './start-server.ts';
import { familyOf, stepFile, stepNamed, storyOf, untilLogged } from './steps.ts';

const marker = `import { existsSync, writeFileSync } from 'node:fs';`;
const files = {
  'steps/loop.ts': stepFile(
    'loop',
    `spawn('sleep', ['600']); spawn('sleep', ['600'], { detached: true }); console.log('pid ' + process.pid); for (;;);`,
    {
      imports: `import { spawn } from 'node:child_process';`,
    },
  ),
  'steps/wait.ts': stepFile('wait', `console.log('pid ' + process.pid); await new Promise((resolve) => setTimeout(resolve, 600_000));`),
  // Blocks as long as its marker is not there, so that its second attempt gets through.
  'steps/once.ts': stepFile(
    'once',
    `if (existsSync(marker)) { metric('second', 1); out.answer.set(42); return; }
     writeFileSync(marker, ''); metric('first', 1); if (how === 'loop') for (;;); await new Promise((resolve) => setTimeout(resolve, 600_000));`,
    { imports: marker, params: `{ marker: Type.String(), how: Type.String() }` },
  ),
};
const pipelines = {
  hanging: `{ inputs: {} }, () => { loop({}); wait({}); }`,
  surviving: `{ inputs: {}, params: { marker: Type.String(), how: Type.String() } }, ({ marker, how }) => { once({ marker, how }); }`,
  modelling: `{ inputs: { examples }, params: { C: Type.Number() } }, ({ examples, C }) => {
    const { model } = trainText({ train: examples, validation: examples, approach: 'logistic-regression', seed: 7, C }, { name: 'train' });
    const { report, predictions } = evaluate({ model, data: examples });
    register({ model, report, predictions, name: 'texts', alias: 'champion' });
  }`,
};
const imports = ['loop', 'wait', 'once'].map((id) => `import { ${id} } from './steps/${id}.ts';`).join('\n');

const anApplied = async (t: TestContext) => {
  const folder = path.join(await tempFolder(t), 'project');
  const data = path.join(await tempFolder(t), 'data');
  await writeProject(folder, { imports, pipelines, files });
  const server = await startServer(t, data);
  await applyProject(server.client, folder);
  return { server, data, restart: () => startServer(t, data) };
};

test('the children of a killed server are gone within two seconds, in a loop or waiting, with all that they started', async (t) => {
  const { server, data, restart } = await anApplied(t);
  const run = await startPipeline(server.client, 'hanging');
  const logs = await Promise.all(run.steps.map(({ id }) => untilLogged(server.client, id, /pid \d+/)));
  const leaders = logs.map((log) => Number(/pid (\d+)/.exec(log)![1]));
  const family = await familyOf(leaders);
  assert.equal(family.length, 4, 'two children, and two programs that one of them started');

  await server.kill();
  const killedAt = performance.now();
  await until(() => !family.some(isAlive), 2000);
  t.diagnostic(`all ${family.length} processes were gone ${Math.round(performance.now() - killedAt)} ms after the kill`);

  const second = await restart();
  await second.client.pipelineRuns.cancel({ params: { project, pipelineRunId: run.id } });
  const ended = await endOf(second.client, run);
  assert.deepEqual([ended.status, ...ended.steps.map(({ status }) => status)], ['cancelled', 'cancelled', 'cancelled']);
  await second.stop();
  assert.deepEqual(await readdir(path.join(data, 'steps/attempts')), []);
});

test('a second server on the same data is refused while the first lives, and told who has it', async (t) => {
  const { server, data } = await anApplied(t);
  const { status, stderr } = await runBoucle(['up', '--port', '0', '--data', data]);
  assert.equal(status, 5);
  for (const part of [`process ${server.pid}`, server.address, '--data']) assert.ok(stderr.includes(part), stderr);
  assert.equal((await server.client.system.info({})).pid, server.pid);
  await server.kill();
  await (await startServer(t, data)).stop();
});

for (const how of ['loop', 'wait']) {
  test(`a step under which the server died (it would ${how}) runs once more, and commits once`, async (t) => {
    const { server, data, restart } = await anApplied(t);
    const params = { marker: path.join(data, 'marker'), how };
    const run = await startPipeline(server.client, 'surviving', { params });
    await until(() => existsSync(params.marker), 20_000);
    await until(async () => (await attemptRuns(server, run)).some(({ metrics }) => 'first' in metrics), 20_000);
    await server.kill();

    const second = await restart();
    const { client, stop } = second;
    const ended = await endOf(client, run);
    const step = stepNamed(ended, 'once');
    assert.deepEqual([ended.status, step.status, step.attempt, step.outputs['answer']?.value], ['succeeded', 'succeeded', 2, 42]);
    const events = await storyOf(client, ended);
    assert.deepEqual(
      events.filter(({ subject }) => subject.id === step.id).map(({ type, data: said }) => [type, said['attempt'] ?? said['status']]),
      [
        ['step_run.queued', undefined],
        ['step_run.started', 1],
        ['step_run.queued', undefined],
        ['step_run.started', 2],
        ['step_run.ended', 'succeeded'],
      ],
    );
    // Each attempt that logged has its Run; the one that died has ended, too.
    assert.deepEqual(
      (await attemptRuns(second, ended)).map(({ status, metrics }) => [status, Object.keys(metrics).filter((key) => !isSystemMetric(key))]),
      [
        ['killed', ['first']],
        ['finished', ['second']],
      ],
    );
    const again = await runPipeline(client, 'surviving', { params });
    assert.equal(stepNamed(again, 'once').cachedFrom, step.id);
    await stop();

    const db = await openDb(`sqlite:${path.join(data, 'boucle.sqlite')}`);
    t.after(() => db.close());
    assert.deepEqual(
      (await attemptStore(db.read).of(step.id)).map(({ number, status }) => [number, status]),
      [
        [1, 'lost'],
        [2, 'succeeded'],
      ],
    );
    const { project_id } = (await stepRunStore(db.read).find(step.id))!;
    assert.equal((await cacheStore(db.read).find(project_id, step.cacheKey!))!.step_run_id, step.id);
  });
}

/** The Runs of the attempts of a pipeline run, oldest first. */
const attemptRuns = async ({ client }: RunningServer, { runId }: PipelineRun) =>
  (await client.runs.list({ params: { project }, query: { parentRunId: runId! } })).items.reverse();

/** Where the server dies: so many milliseconds after this news of the run. */
const killPoints: readonly { readonly type: string; readonly step: string; readonly afterMs: number }[] = [
  { type: 'step_run.started', step: 'train', afterMs: 100 },
  { type: 'step_run.started', step: 'evaluate', afterMs: 150 },
  ...[0, 10, 40].map((afterMs) => ({ type: 'step_run.ended', step: 'evaluate', afterMs })),
  { type: 'step_run.ended', step: 'register', afterMs: 0 },
];

test(`a server killed at ${killPoints.length} points of a run, around its registration too, registers each model once`, async (t) => {
  const { server: first, restart } = await anApplied(t);
  let server = first;
  await addExamples(server.client, examples(60));
  const diedBefore = { registration: 0, end: 0 };
  for (const [i, { type, step, afterMs }] of killPoints.entries()) {
    const run = await startPipeline(server.client, 'modelling', { params: { C: 1 + i / 10 } });
    await news(server, run, (event) => event.type === type && event.data['step'] === step);
    await sleep(afterMs);
    await server.kill();
    server = await restart();
    const found = await getPipelineRun(server.client, run.id);
    if (stepNamed(found, 'register').status !== 'succeeded') diedBefore.registration += 1;
    if (found.status === 'running') diedBefore.end += 1;

    const ended = await endOf(server.client, run);
    assert.equal(ended.status, 'succeeded', JSON.stringify(ended.steps.map(({ failure }) => failure)));
    const events = await storyOf(server.client, ended);
    const count = (what: string, id?: string) =>
      events.filter((event) => event.type === what && (id ?? event.subject.id) === event.subject.id).length;
    for (const { id } of ended.steps) assert.equal(count('step_run.ended', id), 1);
    assert.deepEqual([count('model_version.registered'), count('alias.moved'), count('pipeline_run.ended')], [1, 1, 1]);
    const { items } = await server.client.models.versions.list({ params: { project, model: 'texts' }, query: {} });
    assert.equal(items.length, i + 1);
    assert.deepEqual(items[0]!.aliases, ['champion']);
    assert.equal(stepNamed(ended, 'register').outputs['version']?.value, `texts/${i + 1}`);
  }
  t.diagnostic(
    `${diedBefore.registration} of ${killPoints.length} deaths came before the registration, ${diedBefore.end} before the end of the run`,
  );
  await server.stop();
});

/** Waits for one piece of news of a run. */
const news = async ({ client }: RunningServer, run: PipelineRun, isIt: (event: BoucleEvent) => boolean): Promise<void> => {
  const stop = new AbortController();
  for await (const event of client.events.stream({ params: { project }, query: {} }, { signal: stop.signal })) {
    if (event.correlationId !== run.correlationId || !isIt(event)) continue;
    stop.abort();
    return;
  }
};
