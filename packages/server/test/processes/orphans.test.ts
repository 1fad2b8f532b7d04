import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { isAlive, tempFolder, until } from './nasty.ts';

/** A parent with one child at work (a loop, with a grandchild that ignores SIGTERM) and one waiting; gives all their pids. */
const startFamily = async (t: TestContext, atEnd: string) => {
  const folder = await tempFolder(t);
  const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
  await writeFile(
    path.join(folder, 'step.ts'),
    `import { spawn } from 'node:child_process';
     process.send({ pids: [process.pid, spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}]).pid] });
     setTimeout(() => { for (;;); }, 100);
     await new Promise(() => {});`,
  );
  await writeFile(
    path.join(folder, 'parent.ts'),
    `import { createProcessPool } from '${path.join(import.meta.dirname, '../../src/platform/processes/index.ts')}';
     const pool = createProcessPool({ program: '${path.join(import.meta.dirname, 'runner-child.ts')}', idle: 1 });
     await pool.run({ run: '${path.join(folder, 'step.ts')}' }, { logFile: '${path.join(folder, 'log')}', onMessage: (m) => console.log(JSON.stringify(m.pids)) });
     setTimeout(() => { ${atEnd} }, 600);`,
  );
  const parent = spawn(process.execPath, [path.join(folder, 'parent.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, pids: JSON.parse(line.toString()) as number[] };
};

test('a parent killed in mid-step leaves nothing behind, though its child is in a loop', async (t) => {
  const { parent, pids } = await startFamily(t, '');
  assert.deepEqual(pids.map(isAlive), [true, true]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  parent.kill('SIGKILL');
  await until(() => !pids.some(isAlive), 2000);
});

for (const [how, atEnd] of Object.entries({ 'ends by itself': 'process.exit(0)', 'falls over an error': `throw new Error('no')` })) {
  test(`a parent that ${how} takes its children along`, async (t) => {
    const { parent, pids } = await startFamily(t, atEnd);
    parent.stdout.resume();
    await once(parent, 'exit');
    await until(() => !pids.some(isAlive), 2000);
  });
}
