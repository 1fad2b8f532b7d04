import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { lockFolder, ownerOf } from './index.ts';

const root = await mkdtemp(path.join(tmpdir(), 'boucle-lock-'));
after(() => rm(root, { recursive: true }));

const module = JSON.stringify(path.join(import.meta.dirname, 'index.ts'));
/** Another process that locks the folder and says what came of it. */
const starter = async (folder: string): Promise<{ child: ChildProcess; said: string }> => {
  const script = `import { lockFolder } from ${module};
    try { await lockFolder(process.argv[1]); console.log('got it'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.reason); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
};
const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

test('a folder in use is refused, with who has it, since when and where', async () => {
  const folder = path.join(root, 'mine');
  const lock = await lockFolder(folder, { now: new Date('2026-01-02T03:04:05Z') });
  lock.announce('http://127.0.0.1:4711');
  await assert.rejects(lockFolder(folder), {
    code: 'conflict',
    reason: 'data_in_use',
    message: new RegExp(`process ${process.pid} on ${hostname()} since 2026-01-02T03:04:05.000Z, at http://127.0.0.1:4711`),
  });
  lock.release();
  lock.release();
  assert.equal(await ownerOf(folder), undefined);
  (await lockFolder(folder)).release();
});

test('the lock of a killed process is free at once, whoever has its pid now', async () => {
  const folder = path.join(root, 'killed');
  const { child, said } = await starter(folder);
  assert.equal(said, 'got it');
  await assert.rejects(lockFolder(folder), { reason: 'data_in_use', message: new RegExp(`process ${child.pid} `) });
  await kill(child);
  const left = JSON.parse(await readFile(path.join(folder, 'owner.json'), 'utf8')) as object;
  await writeFile(path.join(folder, 'owner.json'), JSON.stringify({ ...left, pid: process.ppid }));
  (await lockFolder(folder)).release();
});

test('of several that start at once one gets it', async () => {
  const starters = await Promise.all(Array.from({ length: 4 }, () => starter(path.join(root, 'race'))));
  await Promise.all(starters.map(({ child }) => kill(child)));
  assert.deepEqual(starters.map(({ said }) => said).sort(), ['data_in_use', 'data_in_use', 'data_in_use', 'got it']);
});

test('a file where the folder should be is said to be one', async () => {
  await writeFile(path.join(root, 'file'), '');
  for (const folder of ['file', 'file/below', 'file/far/below'])
    await assert.rejects(lockFolder(path.join(root, folder)), { reason: 'not_a_folder' });
});
