import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeManifest } from '../src/bundle/index.ts';
import { type FromChild, type StepResult, type StepSpec, attemptLayout, childProgram, stageStep } from '../src/runner/index.ts';
import { createLab, oneStepProject, specOf, temporaryFolder, writeProject } from '../src/testing/step-lab.ts';

const columns = ['text', 'label'].map((name) => ({ name, type: { type: 'text' } as const }));
const stepWith = (body: string, imports = ''): string => `
import { Type, defineStep, table, value } from '@boucle/project';
${imports}
export const work = defineStep(import.meta, 'work', {
  inputs: { rows: table({ text: Type.String(), label: Type.String() }) },
  outputs: { count: value(Type.Integer()) },
  secrets: ['TOKEN'],
  run: async ({ rows }, { out, log, progress, metric, signal, secret, random }) => {
    ${body}
  },
});
`;

const stage = async (
  t: TestContext,
  body: string,
  { imports = '', limits = {} }: { imports?: string; limits?: StepSpec['limits'] } = {},
) => {
  const folder = await temporaryFolder(t);
  const lab = createLab(folder);
  await writeProject(join(folder, 'project'), oneStepProject(stepWith(body, imports)));
  const project = await makeManifest(join(folder, 'project'));
  await lab.keepBundle(project);
  const rows = await lab.keepTable(
    { columns },
    [1, 2, 3].map((n) => ({ text: `text ${n}`, label: 'a' })),
  );
  const attempt = lab.next();
  await stageStep({ ...specOf(project, 'work', { inputs: { rows: [rows] } }), limits }, lab.source, attempt);
  return attempt;
};

const start = async (t: TestContext): Promise<{ child: ChildProcess; messages: FromChild[]; output: () => string }> => {
  const child = spawn(process.execPath, [fileURLToPath(childProgram)], { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  t.after(() => endGroup(child));
  const messages: FromChild[] = [];
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  child.on('message', (message) => messages.push(message as FromChild));
  await once(child, 'message');
  assert.deepEqual(messages, [{ ready: true }]);
  return { child, messages, output: () => output };
};
const endGroup = ({ pid }: ChildProcess): void => {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // It is gone, as it should be.
  }
};

const runChild = async (t: TestContext, body: string, options: Parameters<typeof stage>[2] = {}) => {
  const attempt = await stage(t, body, options);
  const { child, messages, output } = await start(t);
  child.send({ run: attempt, secrets: { TOKEN: 's3cret' } });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const done = messages.flatMap((message) => ('done' in message ? [message.done] : []));
  const path = attemptLayout(attempt).result;
  const written = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as StepResult) : undefined;
  return { code, signal, messages, output: output(), done: done[0], written };
};
const failureIn = (result: StepResult | undefined) =>
  result?.status === 'failed' ? result.failure : assert.fail(`not a failure: ${JSON.stringify(result)}`);

test('a step in a child reports as it goes, and its result comes last', async (t) => {
  const { messages, output, done, written, code } = await runChild(
    t,
    `let n = 0;
    for await (const batch of rows.batches()) n += batch.length;
    for (let i = 0; i < 10_000; i++) progress(i, 10_000);
    metric('loss', 0.5, 1);
    metric('loss', 0.25, 2);
    log('counted ' + n + ' with ' + secret('TOKEN').length);
    out.count.set(n);`,
  );
  assert.equal(code, 0);
  assert.equal(done?.status === 'succeeded' && done.outputs['count']?.value, 3);
  assert.deepEqual(written, done);
  assert.match(output, /counted 3 with 6/);
  const progress = messages.flatMap((m) => ('progress' in m ? [m.progress] : []));
  assert.ok(progress.length < 50, `${progress.length} progress messages`);
  assert.deepEqual(progress.at(-1), { done: 9999, total: 10_000 });
  const metrics = messages.flatMap((m) => ('metrics' in m ? m.metrics : []));
  assert.deepEqual(
    metrics.map(({ name, value, step }) => [name, value, step]),
    [
      ['loss', 0.5, 1],
      ['loss', 0.25, 2],
    ],
  );
  assert.ok('done' in messages.at(-1)!);
});

test('a step that throws is a failure of the user, at its own line', async (t) => {
  const { done, written } = await runChild(t, `throw new Error('no such mood');`);
  assert.deepEqual(failureIn(done), { kind: 'user', retryable: false, message: 'no such mood', where: 'steps/work.ts:9' });
  assert.deepEqual(written, done);
});

test('a step that ends its process is found out', async (t) => {
  const { done, written } = await runChild(t, `process.exit(0);`);
  assert.equal(failureIn(written).reason, 'process_exit');
  assert.equal(failureIn(written).where, 'steps/work.ts:9');
  assert.deepEqual(done, written);
});

test('what a step leaves behind holds nothing up', async (t) => {
  const { done, code } = await runChild(t, `setInterval(() => {}, 1000); out.count.set(1);`);
  assert.equal(done?.status, 'succeeded');
  assert.equal(code, 0);
});

test('a promise that nobody caught fails the step', async (t) => {
  const { done } = await runChild(t, `void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 5000));`);
  assert.equal(failureIn(done).message, 'lost');
});

test('a step that waits for nothing fails instead of waiting for ever', async (t) => {
  const { done } = await runChild(t, `await new Promise(() => {});`);
  assert.equal(failureIn(done).reason, 'never_settled');
});

test('a module that throws when it is loaded is named', async (t) => {
  const attempt = await stage(t, '', {});
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(attemptLayout(attempt).bundle, 'steps/work.ts'), `\nthrow new Error('half an edit');`);
  const { child, messages } = await start(t);
  child.send({ run: attempt });
  await once(child, 'close');
  const last = messages.at(-1)!;
  assert.equal(failureIn('done' in last ? last.done : undefined).where, 'steps/work.ts:2');
});

test('a step that removes its own folder fails, and says so', async (t) => {
  const { done, written } = await runChild(t, `await rm(join(process.cwd(), '..'), { recursive: true }); out.count.set(1);`, {
    imports: `import { rm } from 'node:fs/promises'; import { join } from 'node:path';`,
  });
  assert.equal(failureIn(done).kind, 'user');
  assert.equal(written, undefined);
});

test('a loop ends when time is up, whatever the step does with SIGTERM', async (t) => {
  const { signal, written } = await runChild(t, `process.on('SIGTERM', () => {}); for (;;);`, { limits: { timeoutMs: 500 } });
  assert.equal(signal, 'SIGKILL');
  assert.equal(failureIn(written).kind, 'timeout');
});

test('a step that takes too much memory is ended', async (t) => {
  const { signal, written } = await runChild(t, `const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1));`, {
    limits: { memoryMb: 400 },
  });
  assert.equal(signal, 'SIGKILL');
  assert.equal(failureIn(written).reason, 'memory_limit');
});

test('a step that is cancelled stops by its signal', async (t) => {
  const attempt = await stage(
    t,
    `log('here'); await new Promise((_, no) => { setInterval(() => {}, 1000); signal.onabort = () => no(signal.reason); });`,
  );
  const { child, messages, output } = await start(t);
  child.send({ run: attempt });
  while (!output().includes('here')) await sleep(10);
  child.send({ cancel: 'no longer wanted' });
  await once(child, 'close');
  const last = messages.at(-1)!;
  assert.equal(failureIn('done' in last ? last.done : undefined).kind, 'cancelled');
});

test('a child in a loop does not outlive its parent', async (t) => {
  const attempt = await stage(t, `console.log('looping'); for (;;);`);
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, [${JSON.stringify(fileURLToPath(childProgram))}], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      console.log('pid ' + child.pid);
      child.on('message', (m) => m.ready && child.send({ run: ${JSON.stringify(attempt)} }));
    `,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  parent.stdout.on('data', (text: Buffer) => (output += text.toString()));
  while (!output.includes('looping')) await sleep(10);
  const pid = Number(/pid (\d+)/.exec(output)?.[1]);
  parent.kill('SIGKILL');
  const gone = () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  for (let i = 0; i < 200 && !gone(); i++) await sleep(10);
  assert.ok(gone(), 'it lives on after 2 s');
});
