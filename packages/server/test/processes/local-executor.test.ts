import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalExecutor } from '../../src/pipelines/executor/index.ts';
import { createBench } from './one-step.ts';
import { until } from './nasty.ts';

test('a step gives its outputs to the store, and what it reports on the way', async (t) => {
  const { executor, blobs, specOf, folder, hooks } = await createBench(t);
  const spec = await specOf(`
    step.log('hello'); console.log('world');
    step.progress(1, 2); step.metric('loss', 0.5, 3); step.metric('odd', NaN);
    step.out.answer.set(42);`);
  const h = hooks();
  const end = await executor.carryOut(spec, h);
  assert.equal(end.outcome, 'succeeded');
  assert.equal(end.outputs['answer']?.value, 42);
  assert.equal(await blobs.readText(end.outputs['answer']!.digest as `blob:${string}`), '42');
  assert.equal((await blobs.tree(end.outputs['answer']!.tree as `tree:${string}`)).length, 2);
  assert.equal(h.told.started, 1);
  assert.deepEqual(h.told.progress, [1]);
  assert.deepEqual(
    h.told.metrics.map(({ key, value, step }) => [key, value, step]),
    [
      ['loss', 0.5, 3],
      ['odd', 'NaN', 0],
    ],
  );
  assert.equal((await executor.readLog(spec.name, 0, 1000)).text, 'hello\nworld\n');
  assert.ok(end.resources.wallSeconds > 0 && end.resources.peakMemoryBytes > 2 ** 20);
  assert.equal(executor.status(spec.name), 'succeeded');
  assert.deepEqual(await readdir(path.join(folder, 'executor/attempts')), []);
});

test('a step and what it starts find what surrounds it, and its token is in no log', async (t) => {
  const { executor, specOf, hooks } = await createBench(t);
  const spec = await specOf(`
    const { execFileSync } = await import('node:child_process');
    console.log(execFileSync('sh', ['-c', 'echo $MLFLOW_TRACKING_URI $MLFLOW_RUN_ID']).toString().trim());
    console.log(process.env.MLFLOW_TRACKING_TOKEN);
    step.out.answer.set(1);`);
  const token = 'bcl_this-is-nobody-elses';
  const environment = {
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:4711',
    MLFLOW_RUN_ID: 'the-run',
    MLFLOW_TRACKING_TOKEN: token,
    BOUCLE_TOKEN: token,
  };
  const end = await executor.carryOut(spec, hooks(environment));
  assert.equal(end.outcome, 'succeeded');
  const { text } = await executor.readLog(spec.name, 0, 1000);
  assert.equal(text, 'http://127.0.0.1:4711 the-run\n‹secret:BOUCLE_TOKEN›\n');
});

test('what a step and its children use is looked at while it goes on, and no longer', async (t) => {
  const { executor, specOf, hooks } = await createBench(t, { lookMs: 100 });
  const spec = await specOf(`
    const { spawn } = await import('node:child_process');
    const other = spawn(process.execPath, ['-e', 'const held = Buffer.alloc(200e6, 1); setInterval(() => held[0], 1000); console.log(1)']);
    await new Promise((there) => other.stdout.once('data', there));
    await new Promise((done) => setTimeout(done, 1000));
    other.kill();
    step.out.answer.set(1);`);
  const { told, ...h } = hooks();
  assert.equal((await executor.carryOut(spec, h)).outcome, 'succeeded');
  const seen = told.samples.length;
  const megabytes = told.samples.map((metrics) => metrics.find(({ key }) => key === 'system/system_memory_usage_megabytes')?.value);
  assert.ok(
    megabytes.some((value) => Number(value) > 200),
    String(megabytes),
  );
  assert.ok(told.samples.flat().some(({ key }) => key === 'system/cpu_utilization_percentage'));
  await sleep(300);
  assert.equal(told.samples.length, seen);
});

test('an attempt asked for twice is carried out once', async (t) => {
  const { executor, specOf, hooks } = await createBench(t);
  const spec = await specOf(`step.out.answer.set(Math.random());`);
  const [first, second] = [hooks(), hooks()];
  const ends = await Promise.all([executor.carryOut(spec, first), executor.carryOut(spec, second)]);
  const later = await executor.carryOut(spec, second);
  assert.equal(ends[0], ends[1]);
  assert.equal(later, ends[0]);
  assert.deepEqual([first.told.started, second.told.started], [1, 0]);
});

const cases = {
  throws: { body: `throw new Error('no such column: mood');`, kind: 'user', says: /no such column: mood/, where: /^steps\/work\.ts:6/ },
  'exits well without a result': { body: `process.exit(0);`, kind: 'user', says: /process/, where: /^steps\/work\.ts:6/ },
  'waits for nothing': { body: `await new Promise(() => {});`, kind: 'user', says: /waits for something/ },
  loops: { body: `for (;;);`, options: { timeout: '400ms' }, kind: 'timeout', says: /longer than its limit of 400ms.*timeout: '800ms'/ },
  'floods its output': {
    body: `const line = 'x'.repeat(1e6) + '\\n'; for (;;) await new Promise((sent) => process.stdout.write(line, sent));`,
    kind: 'user',
    says: /printed more than 2 MiB/,
  },
  'floods the channel': {
    body: `for (;;) await new Promise((sent) => process.send({ progress: { done: 1 } }, undefined, undefined, sent));`,
    kind: 'user',
    says: /more than 3000 messages/,
  },
  'takes too much memory': {
    body: `const held = []; for (;;) held.push(Buffer.alloc(16 * 2 ** 20, 1));`,
    options: { resources: { memory: '300Mi' } },
    kind: 'user',
    says: /its limit.*resources: { memory: '600Mi' }/,
  },
  'fills its heap': {
    body: `const held = []; for (;;) held.push({ at: Math.random(), text: String(Math.random()) });`,
    options: { resources: { memory: '700Mi' } },
    kind: 'user',
    says: /resources: { memory: '1400Mi' }/,
  },
  'is killed by somebody': {
    body: `process.kill(process.pid, 'SIGKILL');`,
    kind: 'infrastructure',
    says: /killed by SIGKILL, not by Boucle/,
  },
  crashes: { body: `process.abort();`, kind: 'user', says: /crashed with SIGABRT/ },
  'deletes its own folder': {
    body: `console.log('before'); (await import('node:fs')).rmSync((await import('node:path')).resolve('..'), { recursive: true }); step.out.answer.set(1);`,
    kind: 'user',
    says: /removed the folder it works in/,
  },
  'leaves no output': { body: ``, kind: 'user', says: /never called out\.answer\.set/ },
} as const;
for (const [what, { body, kind, says, ...more }] of Object.entries(cases)) {
  test(`a step that ${what} fails by itself, and is told why`, async (t) => {
    const { executor, specOf, hooks } = await createBench(t, { limits: { outputBytes: 2 * 2 ** 20, messages: 3000, graceMs: 300 } });
    const spec = await specOf(body, { options: 'options' in more ? more.options : {} });
    let answered = 0;
    const others = setInterval(() => (answered += 1), 5);
    const end = await executor.carryOut(spec, hooks());
    clearInterval(others);
    assert.equal(end.outcome, 'failed');
    t.diagnostic(`${answered} timers answered; ${JSON.stringify(end.failure)}`);
    assert.equal(end.failure.kind, kind);
    assert.match(end.failure.message, says);
    if ('where' in more) assert.match(end.failure.where ?? '', more.where);
    assert.equal(end.failure.retryable, kind === 'infrastructure');
    // The next one has a process of its own.
    assert.equal((await executor.carryOut(await specOf(`step.out.answer.set(1);`), hooks())).outcome, 'succeeded');
  });
}

test('a step that leaves a timer behind succeeds, and the next finds nothing of it', async (t) => {
  const { executor, specOf, hooks } = await createBench(t);
  const leave = await specOf(`globalThis.left = 1; setInterval(() => {}, 1000); step.out.answer.set(1);`);
  assert.equal((await executor.carryOut(leave, hooks())).outcome, 'succeeded');
  const end = await executor.carryOut(await specOf(`step.out.answer.set(globalThis.left ?? 0);`), hooks());
  assert.equal(end.outcome === 'succeeded' && end.outputs['answer']?.value, 0);
});

test('a step is cancelled while it runs, and while it waits', async (t) => {
  const { executor, specOf, hooks } = await createBench(t, { slots: 1, limits: { graceMs: 300 } });
  const [first, second] = [await specOf(`for (;;);`), await specOf(`step.out.answer.set(1);`)];
  const told = hooks();
  const ends = [executor.carryOut(first, told), executor.carryOut(second, hooks())];
  await until(() => told.told.started === 1, 20_000);
  assert.deepEqual([executor.status(first.name), executor.status(second.name)], ['running', 'queued']);
  assert.deepEqual(executor.list(), [first.name, second.name]);
  assert.deepEqual(executor.capacity(), { slots: 1, running: 1, waiting: 1 });
  executor.cancel(second.name, 'cancelled by ada');
  await sleep(300);
  executor.cancel(first.name, 'cancelled by ada');
  for (const end of await Promise.all(ends)) {
    assert.equal(end.outcome === 'failed' && end.failure.kind, 'cancelled');
    assert.match(end.outcome === 'failed' ? end.failure.message : '', /cancelled by ada/);
  }
  assert.deepEqual(executor.list(), []);
});

test('a step that a stopping server ends is not cancelled: it may be tried again', async (t) => {
  const { executor, specOf, hooks } = await createBench(t, { slots: 1, limits: { graceMs: 300 } });
  const told = hooks();
  const ends = [executor.carryOut(await specOf(`for (;;);`), told), executor.carryOut(await specOf(``), hooks())];
  await until(() => told.told.started === 1, 20_000);
  await sleep(500);
  await executor.close();
  for (const end of await Promise.all(ends)) {
    assert.equal(end.outcome, 'failed');
    assert.deepEqual([end.failure.kind, end.failure.retryable, end.failure.reason], ['infrastructure', true, 'server_stopping']);
  }
});

test('a step that listens stops when it is asked', async (t) => {
  const { executor, specOf, hooks } = await createBench(t, { limits: { graceMs: 5000 } });
  const spec = await specOf(`
    step.progress(1);
    const alive = setInterval(() => {}, 1000);
    await new Promise((resolve) => step.signal.addEventListener('abort', resolve));
    clearInterval(alive);
    console.log('tidied up');`);
  const told = hooks();
  const end = executor.carryOut(spec, told);
  await until(() => told.told.progress.length === 1, 20_000);
  executor.cancel(spec.name, 'enough');
  const ended = await end;
  assert.equal(ended.outcome === 'failed' && ended.failure.kind, 'cancelled');
  assert.equal((await executor.readLog(spec.name, 0, 100)).text, 'tidied up\n');
});

test('a secret reaches the step, and neither its log nor its error', async (t) => {
  const { executor, specOf, hooks } = await createBench(t);
  const spec = await specOf(
    `console.log('using ' + step.secret('TOKEN')); process.stdout.write('hun'); await new Promise((r) => setTimeout(r, 20)); console.log('ter2');
     throw new Error('401 for ' + step.secret('TOKEN'));`,
    { secrets: { TOKEN: 'hunter2' } },
  );
  const end = await executor.carryOut(spec, hooks());
  assert.equal(end.outcome === 'failed' && end.failure.message, '401 for ‹secret:TOKEN›');
  assert.equal((await executor.readLog(spec.name, 0, 1000)).text, 'using ‹secret:TOKEN›\n‹secret:TOKEN›\n');
});

test('what is written after the end does not pass as the output', async (t) => {
  const { executor, specOf, hooks } = await createBench(t);
  const spec = await specOf(
    `const { writeFileSync } = await import('node:fs');
     process.on('exit', () => writeFileSync(step.out.data.path + '/more', 'too late'));
     writeFileSync(step.out.data.path + '/some', 'in time');`,
    { outputs: { data: { kind: 'folder' } } },
  );
  const end = await executor.carryOut(spec, hooks());
  assert.equal(end.outcome === 'failed' && end.failure.reason, 'output_changed');
});

test('one that goes on writing into the folder of an ended step does not cost its outcome', async (t) => {
  const { executor, specOf, folder, hooks } = await createBench(t);
  const [stop, stopped] = [path.join(folder, 'stop'), path.join(folder, 'stopped')];
  const scribble = `const { existsSync, writeFileSync } = require('node:fs');
    setInterval(() => {
      if (existsSync(${JSON.stringify(stop)})) { writeFileSync(${JSON.stringify(stopped)}, ''); process.exit(); }
      try { writeFileSync(process.argv[1] + '/' + Math.floor(Math.random() * 100), ''); } catch {} // the folder may be gone
    }, 1);
    setTimeout(() => process.exit(), 120_000);`;
  // The writer has left the group and the mark in the environment, so that the end of the step does not reach it.
  const spec = await specOf(
    `const { spawn } = await import('node:child_process');
     const { readdirSync } = await import('node:fs');
     spawn(process.execPath, ['-e', ${JSON.stringify(scribble)}, step.out.data.path], { detached: true, stdio: 'ignore', env: {} }).unref();
     while (readdirSync(step.out.data.path).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));`,
    { outputs: { data: { kind: 'folder' } } },
  );
  const end = await executor.carryOut(spec, hooks());
  await writeFile(stop, '');
  await until(() => existsSync(stopped), 60_000);
  // Whether it was seen depends on who came first; that there is an outcome, and which ones it may be, does not.
  assert.equal(end.outcome === 'failed' ? end.failure.reason : 'output_changed', 'output_changed');
});

test('a damaged store is no fault of the step', async (t) => {
  const { executor, specOf, hooks } = await createBench(t);
  const spec = await specOf(`step.out.answer.set(1);`);
  const end = await executor.carryOut({ ...spec, bundle: { ...spec.bundle, tree: `tree:${'9'.repeat(64)}` } }, hooks());
  assert.equal(end.outcome === 'failed' && end.failure.kind, 'infrastructure');
});

test('after a restart nothing is under way, and what was left of attempts is gone', async (t) => {
  const { blobs, folder } = await createBench(t);
  const own = path.join(folder, 'restarted');
  await mkdir(path.join(own, 'attempts/0123-7/bundle'), { recursive: true });
  await writeFile(path.join(own, 'attempts/0123-7/result.json'), '{}');
  const executor = await createLocalExecutor({ folder: own, blobs });
  t.after(executor.close);
  assert.deepEqual(executor.list(), []);
  assert.equal(executor.status('0123-7'), undefined);
  assert.deepEqual(await readdir(path.join(own, 'attempts')), []);
});
