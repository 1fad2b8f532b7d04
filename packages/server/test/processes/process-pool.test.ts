import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type PoolOptions, createProcessPool, readLog } from '../../src/platform/processes/index.ts';
import { isAlive, tempFolder, until } from './nasty.ts';

const aPool = async (t: TestContext, options: Partial<PoolOptions> = {}) => {
  const folder = await tempFolder(t);
  const pool = createProcessPool({ program: new URL('./runner-child.ts', import.meta.url), idle: 1, ...options });
  t.after(pool.close);
  let count = 0;
  /** Runs a module to its end and gives what it sent. */
  const run = async (source: string, limits = {}) => {
    const program = path.join(folder, `${(count += 1)}.ts`);
    await writeFile(program, source);
    const sent: Record<string, unknown> = {};
    const work = await pool.run(
      { run: program },
      {
        limits,
        logFile: `${program}.log`,
        onMessage: (message, { finish }) => {
          Object.assign(sent, message);
          if (sent['done']) finish();
        },
      },
    );
    return { pid: work.pid, ended: await work.ended, sent, log: (await readLog(`${program}.log`, 0, 1e6)).text };
  };
  return { pool, run };
};

test('each piece of work has a process of its own, and it is gone afterwards', async (t) => {
  const { run } = await aPool(t);
  const pids = [];
  for (let i = 0; i < 3; i++) {
    const { pid, sent } = await run(`process.send({ seen: globalThis.left ?? null }); globalThis.left = true;`);
    assert.equal(sent['seen'], null);
    assert.equal(isAlive(pid), false);
    pids.push(pid);
  }
  assert.equal(new Set(pids).size, 3);
});

test('the environment of the server is not that of its children', async (t) => {
  process.env['SERVER_TOKEN'] = 's3cret';
  t.after(() => delete process.env['SERVER_TOKEN']);
  const { run } = await aPool(t, { env: { OWN: 'yes' } });
  const { sent } = await run(`process.send({ env: process.env });`);
  const env = sent['env'] as Record<string, string>;
  assert.equal(env['SERVER_TOKEN'], undefined);
  assert.equal(env['OWN'], 'yes');
  assert.equal(env['PATH'], process.env['PATH']);
});

test('children give way to the server', async (t) => {
  const { run } = await aPool(t);
  const { sent } = await run(`import os from 'node:os'; process.send({ nice: os.getPriority() });`);
  assert.ok((sent['nice'] as number) >= 10);
});

const hasAutogroups = existsSync('/proc/self/autogroup');
test('children give way also where the kernel weighs sessions, not processes', { skip: !hasAutogroups && 'no autogroups' }, async (t) => {
  const { run } = await aPool(t);
  const { sent } = await run(`
    import fs from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    while (!/nice 10$/m.test(fs.readFileSync('/proc/self/autogroup', 'utf8'))) await setTimeout(10);
    process.send({ lowered: true });
  `);
  assert.equal(sent['lowered'], true);
});

test('the heap grows with the limit on memory', async (t) => {
  const { run } = await aPool(t, { limits: { memoryBytes: 512 * 2 ** 20 } });
  const source = `import v8 from 'node:v8'; process.send({ heap: v8.getHeapStatistics().heap_size_limit });`;
  const [usual, large] = [await run(source), await run(source, { memoryBytes: 4 * 2 ** 30 })];
  assert.ok((usual.sent['heap'] as number) < 2 ** 30);
  assert.ok((large.sent['heap'] as number) > 3 * 2 ** 30);
});

test('a heap that is full says so in the log', async (t) => {
  const { run } = await aPool(t, { limits: { memoryBytes: 2 ** 30 }, execArgv: ['--max-semi-space-size=1'] });
  const { ended, log } = await run(`const held = []; for (;;) held.push(new Array(1000).fill(0.5));`);
  assert.ok(ended.cause === 'memory' || /heap out of memory/.test(log));
});

test('a program that does not start is named, with what it said', async (t) => {
  const folder = await tempFolder(t);
  await writeFile(path.join(folder, 'broken.ts'), `throw new Error('no such module: soup')`);
  const pool = createProcessPool({ program: path.join(folder, 'broken.ts'), idle: 1 });
  t.after(pool.close);
  pool.warm();
  const run = pool.run({}, { logFile: path.join(folder, 'log'), onMessage: () => {} });
  await assert.rejects(run, {
    code: 'unavailable',
    reason: 'child_not_started',
    message: /broken\.ts ended before it was ready[\s\S]*no such module: soup/,
  });
});

test('a child that died while it waited is not missed', async (t) => {
  const { run } = await aPool(t);
  await run(``);
  // Another waits by now, as one more child of this process.
  const list = `import { execSync } from 'node:child_process';
    process.send({ waiting: execSync('pgrep -P ' + process.ppid).toString().trim().split('\\n').map(Number).filter((pid) => pid !== process.pid) });`;
  const listed = (await run(list)).sent['waiting'] as number[];
  const waiting = listed.filter(isAlive);
  assert.ok(waiting.length > 0);
  for (const pid of waiting) process.kill(pid, 'SIGKILL');
  await until(() => !waiting.some(isAlive), 1000);
  assert.equal((await run(``)).ended.cause, 'exit');
});

test('closing ends what runs and what waits, and takes no more', async (t) => {
  const { pool, run } = await aPool(t);
  pool.warm();
  const loop = run(`for (;;);`, { graceMs: 300 });
  // Long enough for a child to be taken on a machine that does much else.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await pool.close();
  const { ended, pid } = await loop;
  assert.equal(ended.cause, 'cancelled');
  await until(() => !isAlive(pid), 1000);
  await assert.rejects(run(``), { code: 'unavailable', reason: 'stopping' });
});

test('closing does not wait for a child that is still starting', async (t) => {
  const folder = await tempFolder(t);
  const silent = path.join(folder, 'silent.ts');
  await writeFile(
    silent,
    `import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000);`,
  );
  const pool = createProcessPool({ program: silent, idle: 1, cwd: folder });
  pool.warm();
  await until(() => existsSync(path.join(folder, 'pid')), 10_000);
  const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
  const begun = Date.now();
  await pool.close();
  assert.ok(Date.now() - begun < 5000);
  await until(() => !isAlive(pid), 1000);
});

test('a fault in the handling of a message ends the work, and is thrown', async (t) => {
  const folder = await tempFolder(t);
  await writeFile(path.join(folder, 'talk.ts'), `process.send({ x: 1 }); await new Promise(() => {});`);
  const { pool } = await aPool(t);
  const work = await pool.run(
    { run: path.join(folder, 'talk.ts') },
    {
      logFile: path.join(folder, 'log'),
      onMessage: () => {
        throw new TypeError('a bug of ours');
      },
    },
  );
  await assert.rejects(work.ended, /a bug of ours/);
  assert.equal(isAlive(work.pid), false);
});
