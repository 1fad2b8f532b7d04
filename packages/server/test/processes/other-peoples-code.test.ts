import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isAlive, runNasty } from './nasty.ts';

test('code that throws at import ends by itself, and its error is in the log', async (t) => {
  const { ended, log } = await runNasty(t, `throw new Error('no such column: mood');`);
  assert.equal(ended.cause, 'exit');
  assert.equal(ended.exitCode, 1);
  assert.match(log, /no such column: mood[\s\S]*step\.ts:1/);
});

test('code that exits is seen to have exited, done or not', async (t) => {
  const { ended, messages } = await runNasty(t, `process.exit(0);`);
  assert.equal(ended.cause, 'exit');
  assert.equal(ended.exitCode, 0);
  assert.deepEqual(messages, []);
});

test('an endless loop meets its time limit', async (t) => {
  const { ended } = await runNasty(t, `for (;;);`, { limits: { wallMs: 500, graceMs: 300 } });
  assert.equal(ended.cause, 'timeout');
  assert.match(ended.detail, /longer than 0\.5 s/);
  assert.ok(ended.cpuSeconds > 0.1);
});

test('a flood on stdout is cut off, and its log stays within the limit', async (t) => {
  const outputBytes = 4 * 2 ** 20;
  const { ended, log } = await runNasty(
    t,
    `const line = 'x'.repeat(1e6) + '\\n'; const flood = () => process.stdout.write(line, flood); flood(); await new Promise(() => {});`,
    {
      limits: { outputBytes },
    },
  );
  assert.equal(ended.cause, 'output');
  assert.match(ended.detail, /printed more than 4 MiB/);
  assert.ok(Buffer.byteLength(log) <= outputBytes);
});

test('a flood of messages is cut off', async (t) => {
  const { ended, messages } = await runNasty(
    t,
    `const flood = () => process.send({ metric: { name: 'loss', value: 1 } }, flood); flood(); await new Promise(() => {});`,
    { limits: { messages: 5000 } },
  );
  assert.equal(ended.cause, 'output');
  assert.match(ended.detail, /more than 5000 messages/);
  assert.ok(messages.length <= 5000);
});

test('messages sent without a pause pile up in the child, and meet its limit on memory', async (t) => {
  const { ended } = await runNasty(t, `for (;;) process.send({ metric: { name: 'loss', value: 1 } });`, {
    limits: { memoryBytes: 300 * 2 ** 20 },
  });
  assert.equal(ended.cause, 'memory');
});

test('one message without an end is cut off', async (t) => {
  const { ended } = await runNasty(t, `process.send({ log: 'x'.repeat(200e6) });`);
  assert.equal(ended.cause, 'output');
  assert.match(ended.detail, /a message of more than/);
});

test('a timer left behind does not keep the child', async (t) => {
  const { ended, messages, log } = await runNasty(t, `setInterval(() => {}, 1000);`);
  assert.deepEqual(messages, [{ done: true }]);
  assert.equal(ended.cause, 'exit');
  assert.equal(ended.leftovers, true);
  assert.match(log, /still going on/);
});

test('memory outside the heap meets the limit', async (t) => {
  const { ended } = await runNasty(t, `const held = []; for (;;) held.push(Buffer.alloc(16 * 2 ** 20, 1));`, {
    limits: { memoryBytes: 300 * 2 ** 20 },
  });
  assert.equal(ended.cause, 'memory');
  assert.match(ended.detail, /300 MiB is its limit/);
  assert.ok(ended.peakMemoryBytes > 300 * 2 ** 20);
});

test('memory held by a grandchild counts', async (t) => {
  const hog = `const held = []; setInterval(() => held.push(Buffer.alloc(16 * 2 ** 20, 1)), 10);`;
  const { ended } = await runNasty(
    t,
    `import { spawn } from 'node:child_process'; spawn(process.execPath, ['-e', ${JSON.stringify(hog)}]); await new Promise(() => {});`,
    {
      limits: { memoryBytes: 300 * 2 ** 20 },
    },
  );
  assert.equal(ended.cause, 'memory');
});

test('who ignores SIGTERM is killed after the grace', async (t) => {
  const { ended } = await runNasty(
    t,
    `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); await new Promise(() => {});`,
    {
      limits: { graceMs: 300 },
      onStart: (work) => work.cancel('asked by ada'),
    },
  );
  assert.equal(ended.cause, 'cancelled');
  assert.equal(ended.detail, 'asked by ada');
  assert.equal(ended.signal, 'SIGKILL');
});

for (const [where, options] of Object.entries({ 'in the group': '{}', 'in a session of its own': '{ detached: true }' })) {
  test(`a grandchild ${where} that ignores SIGTERM goes as well`, async (t) => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const { ended, log } = await runNasty(
      t,
      `import { spawn } from 'node:child_process';
       const child = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], ${options});
       console.log('grandchild ' + child.pid);
       await new Promise((resolve) => setTimeout(resolve, 300));
       process.exit(0);`,
    );
    assert.equal(ended.cause, 'exit');
    assert.equal(ended.leftovers, true);
    assert.equal(isAlive(Number(/grandchild (\d+)/.exec(log)?.[1])), false);
  });
}

test('who deletes its own folder keeps its log', async (t) => {
  let folder = '';
  const { log } = await runNasty(
    t,
    `import { rmSync } from 'node:fs'; console.log('before'); rmSync(process.cwd(), { recursive: true }); console.log('after');`,
    {
      onStart: (_, own) => (folder = own),
    },
  );
  assert.equal(existsSync(folder), false);
  assert.match(log, /before\nafter\n$/);
});

test('a crash of the runtime is told from an exit', async (t) => {
  const { ended } = await runNasty(t, `process.abort();`);
  assert.equal(ended.cause, 'crashed');
  assert.equal(ended.signal, 'SIGABRT');
});
