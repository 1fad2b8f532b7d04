import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { hexOf } from '@boucle/contract';
import { until } from '../processes/nasty.ts';
import { applyProject, editProject, endOf, project, runPipeline, startPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, forAllTests, startServer, tempFolder } from './start-server.ts';
import { stepFile, stepNamed, untilLogged } from './steps.ts';

const files = `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';`;
const steps = {
  slow: stepFile('slow', `appendFileSync(told, 'x'); await new Promise((resolve) => setTimeout(resolve, 500)); out.answer.set(1);`, {
    imports: files,
    params: `{ told: Type.String() }`,
  }),
  // Somebody kills its first attempt from outside.
  killed: stepFile(
    'killed',
    `if (existsSync(told)) { out.answer.set(2); return; } writeFileSync(told, 'x'); process.kill(process.pid, 'SIGKILL');`,
    {
      imports: files,
      params: `{ told: Type.String() }`,
    },
  ),
  failing: stepFile('failing', `appendFileSync(told, 'x'); throw new Error('attempt failed');`, {
    imports: files,
    params: `{ told: Type.String() }`,
  }),
  doubled: stepFile('doubled', `out.answer.set(factor * 2);`, { params: `{ factor: Type.Number() }` }),
  squared: `import { Type, defineStep, value } from '@boucle/project';
import { power } from '../lib/power.ts';
export const squared = defineStep(import.meta, 'squared', {
  params: { base: Type.Number() },
  outputs: { answer: value(Type.Number()) },
  run: async ({ base }, { out }) => out.answer.set(power(base)),
});
`,
};
const withTold = (body: string) => `{ inputs: {}, params: { told: Type.String() } }, ({ told }) => { ${body} }`;

describe('the cache, and further attempts', () => {
  const owner = forAllTests();
  let server: RunningServer;
  let folder: string;
  let data: string;
  const told = (name: string) => path.join(data, name);
  const run = (pipeline: string, params: Record<string, unknown>) => runPipeline(server.client, pipeline, { params });
  const why = (stepRunId: string) => server.client.stepRuns.why({ params: { project, stepRunId } });

  before(async () => {
    folder = path.join(await tempFolder(owner), 'project');
    data = path.join(await tempFolder(owner), 'data');
    await writeProject(folder, {
      imports: Object.keys(steps)
        .map((id) => `import { ${id} } from './steps/${id}.ts';`)
        .join('\n'),
      pipelines: {
        slowly: withTold(`slow({ told });`),
        surviving: withTold(`killed({ told });`),
        once: withTold(`failing({ told });`),
        thrice: withTold(`failing({ told }, { retry: { max: 2, on: 'any' } });`),
        counting: `{ inputs: {}, params: { factor: Type.Number(), base: Type.Number() } }, ({ factor, base }) => { doubled({ factor }); squared({ base }); }`,
      },
      files: {
        ...Object.fromEntries(Object.entries(steps).map(([id, source]) => [`steps/${id}.ts`, source])),
        'lib/power.ts': 'export const power = (base: number): number => base ** 2;\n',
      },
    });
    server = await startServer(owner, data);
    await applyProject(server.client, folder);
  });

  test('two runs that need the same at once compute it once', async () => {
    const params = { told: told('slow') };
    const started = await Promise.all([1, 2, 3].map(() => startPipeline(server.client, 'slowly', { params })));
    const ended = await Promise.all(started.map((one) => endOf(server.client, one)));
    assert.deepEqual(ended.map(({ steps: [step] }) => step!.status).sort(), ['cached', 'cached', 'succeeded']);
    assert.equal(await readFile(params.told, 'utf8'), 'x');
    const first = ended.find(({ steps: [step] }) => step!.status === 'succeeded')!.steps[0]!;
    for (const {
      steps: [step],
    } of ended)
      assert.ok(step!.id === first.id || step!.cachedFrom === first.id);
  });

  test('where the one that computes is cancelled, the one that waits for it takes over', async () => {
    const params = { told: told('handed over') };
    const first = await startPipeline(server.client, 'slowly', { params });
    await until(
      async () => (await server.client.stepRuns.get({ params: { project, stepRunId: first.steps[0]!.id } })).status === 'running',
      10_000,
    );
    const second = await startPipeline(server.client, 'slowly', { params });
    await server.client.pipelineRuns.cancel({ params: { project, pipelineRunId: first.id } });
    assert.equal((await endOf(server.client, first)).status, 'cancelled');
    assert.deepEqual(
      (await endOf(server.client, second)).steps.map(({ status }) => status),
      ['succeeded'],
    );
  });

  test('an attempt that somebody killed is tried again, for that is no fault of the step', async () => {
    const step = stepNamed(await run('surviving', { told: told('killed') }), 'killed');
    assert.deepEqual([step.status, step.attempt, step.outputs['answer']?.value], ['succeeded', 2, 2]);
    const first = await server.client.stepRuns.log({ params: { project, stepRunId: step.id }, query: { attempt: 1 } });
    assert.equal(first.complete, true);
  });

  test('an error of the step itself is not tried again, unless the plan says so', async () => {
    for (const [pipeline, attempts] of [
      ['once', 1],
      ['thrice', 3],
    ] as const) {
      const step = stepNamed(await run(pipeline, { told: told(pipeline) }), 'failing');
      assert.deepEqual(
        [step.status, step.attempt, step.failure?.message, step.failure?.where],
        ['failed', attempts, 'attempt failed', 'steps/failing.ts:7'],
      );
      assert.equal((await readFile(told(pipeline), 'utf8')).length, attempts);
    }
  });

  test('a cancelled run stops what runs, and begins nothing more', async () => {
    const started = await startPipeline(server.client, 'slowly', { params: { told: told('cancelled') } });
    await server.client.pipelineRuns.cancel({ params: { project, pipelineRunId: started.id } });
    const ended = await endOf(server.client, started);
    assert.deepEqual([ended.status, ended.steps[0]!.status, ended.steps[0]!.failure?.kind], ['cancelled', 'cancelled', 'cancelled']);
    await assert.rejects(server.client.pipelineRuns.cancel({ params: { project, pipelineRunId: started.id } }), {
      code: 'failed_precondition',
      reason: 'run_ended',
    });
  });

  test('why says which part changed: a parameter, the code, or nothing', async () => {
    const first = await run('counting', { factor: 3, base: 2 });
    assert.equal((await why(stepNamed(first, 'doubled').id)).verdict, 'first');
    const same = await run('counting', { factor: 3, base: 2 });
    assert.equal((await why(stepNamed(same, 'doubled').id)).verdict, 'cached');

    const param = await run('counting', { factor: 4, base: 2 });
    assert.deepEqual(await why(stepNamed(param, 'doubled').id).then(({ verdict, changes }) => [verdict, changes]), [
      'changed',
      [{ part: 'params.factor', before: 3, now: 4 }],
    ]);
    assert.equal(stepNamed(param, 'squared').status, 'cached');

    // An edit beneath the step: in a module that its own module imports.
    await editProject(folder, { 'lib/power.ts': 'export const power = (base: number): number => base ** 3;\n' });
    await applyProject(server.client, folder);
    const code = await run('counting', { factor: 4, base: 2 });
    const { verdict, changes, sentence } = await why(stepNamed(code, 'squared').id);
    assert.deepEqual([verdict, changes.map(({ part }) => part)], ['changed', ['code']]);
    assert.match(sentence, /^squared ran: code \(blob:.* → blob:.*\) changed/);
    assert.equal(stepNamed(code, 'squared').outputs['answer']?.value, 8);
    assert.equal(stepNamed(code, 'doubled').status, 'cached');
  });

  for (const [what, harm] of Object.entries({
    damaged: async (file: string) => writeFile(file, '43'),
    gone: async (file: string) => rm(file),
  })) {
    test(`outputs that are ${what} in the store are computed again, and why says so`, async () => {
      const params = { factor: what.length, base: 1 };
      const answer = stepNamed(await run('counting', params), 'doubled').outputs['answer']!;
      const hex = hexOf(answer.digest as `blob:${string}`);
      const file = path.join(data, 'blobs', hex.slice(0, 2), hex.slice(2));
      assert.equal(await readFile(file, 'utf8'), String(what.length * 2));
      await harm(file);
      const again = stepNamed(await run('counting', params), 'doubled');
      assert.deepEqual([again.status, again.attempt, again.outputs['answer']], ['succeeded', 1, answer]);
      const { verdict, sentence } = await why(again.id);
      assert.equal(verdict, 'outputs_missing');
      assert.match(sentence, /missing or damaged/);
      // What it computed mends the store.
      assert.equal(await readFile(file, 'utf8'), String(what.length * 2));
      assert.equal(stepNamed(await run('counting', params), 'doubled').status, 'cached');
    });
  }

  test('a log is read while the step goes on, and is complete once it has ended', async () => {
    await editProject(folder, {
      'steps/slow.ts': stepFile(
        'slow',
        `log('begun'); await new Promise((resolve) => setTimeout(resolve, 700)); log('done'); out.answer.set(1);`,
        { params: `{ told: Type.String() }` },
      ),
    });
    await applyProject(server.client, folder);
    const started = await startPipeline(server.client, 'slowly', { params: { told: '' } });
    const id = started.steps[0]!.id;
    assert.equal(await untilLogged(server.client, id, /begun/), 'begun\n');
    await endOf(server.client, started);
    const { text, complete } = await server.client.stepRuns.log({ params: { project, stepRunId: id }, query: {} });
    assert.deepEqual([text, complete], ['begun\ndone\n', true]);
  });
});
