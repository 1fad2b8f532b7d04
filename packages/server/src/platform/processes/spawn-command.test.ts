import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStat } from './proc.ts';
import { spawnCommand } from './spawn-command.ts';

const cwd = tmpdir();
/** One that nobody has waited for yet is no process any more. */
const isAlive = (pid: number): boolean => readStat(pid)?.zombie === false;

test('a command tells what it printed and how it ended', async () => {
  const child = spawnCommand({ command: ['sh', '-c', 'echo "$GREETING"; exit 3'], cwd, env: { GREETING: 'good day' } });
  assert.equal(await text(child.stdout), 'good day\n');
  assert.equal(await child.exited, 3);
});

test('a program that is not there ends with what shells say of it', async () => {
  const child = spawnCommand({ command: ['no-such-program-at-all'], cwd });
  assert.match(await text(child.stderr), /not found/);
  assert.equal(await child.exited, 127);
});

test('a Node program started as a command has no channel of ours', async () => {
  const child = spawnCommand({ command: [process.execPath, '-e', 'console.log(typeof process.send, process.env.BOUCLE_PARENT)'], cwd });
  assert.equal(await text(child.stdout), 'undefined undefined\n');
  assert.equal(await child.exited, 0);
});

test('ended, it leaves with all that it started', async () => {
  const child = spawnCommand({ command: ['sh', '-c', 'sleep 60 & echo $!; wait'], cwd });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(await child.group.end(0), true);
  assert.equal(await child.exited, null);
  assert.equal(isAlive(Number(said)), false);
});

test('where the parent is killed, the command ends', async () => {
  const parent = fork(new URL('./testing/command-parent.ts', import.meta.url));
  const [pid] = (await once(parent, 'message')) as [number];
  assert.equal(isAlive(pid), true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await sleep(20);
  assert.equal(isAlive(pid), false);
});
