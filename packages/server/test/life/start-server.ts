import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@boucle/sdk';

export const boucle = path.join(import.meta.dirname, '../../../cli/bin/boucle.js');
/** Settings of whoever runs the tests are none of theirs. */
export const ownEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BOUCLE_')));

export interface Owned {
  readonly after: (work: () => Promise<unknown>) => unknown;
}
const ends = new WeakMap<Owned, (() => unknown)[]>();
/** The last first: a server ends before its folder goes. */
export const atEnd = (t: Owned, work: () => unknown): void => {
  const known = ends.get(t);
  if (known) return void known.unshift(work);
  const all = [work];
  ends.set(t, all);
  t.after(async () => {
    for (const end of all) await end();
  });
};
/** For what all tests of a file share. */
export const forAllTests = (): Owned => {
  const owner = { after };
  atEnd(owner, () => {});
  return owner;
};

export const tempFolder = async (t: Owned): Promise<string> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'boucle-life-'));
  atEnd(t, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

/** `boucle …`, to its end. */
export const runBoucle = async (args: readonly string[], cwd = os.tmpdir()) => {
  const child = spawn(process.execPath, [boucle, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd, env: ownEnv, timeout: 60_000 });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, status: status as number | null };
};

export interface RunningServer {
  readonly address: string;
  readonly pid: number;
  readonly client: Client;
  /** Its log so far. */
  readonly said: () => string;
  /** As a power cut to the process: it is told nothing. */
  readonly kill: () => Promise<void>;
  /** As Ctrl-C. */
  readonly stop: () => Promise<void>;
}

/** `boucle up` in a process of its own, on a free port; every answer it gives is held against its schema. */
export const startServer = async (t: Owned, data: string, flags: readonly string[] = []): Promise<RunningServer> => {
  const args = ['up', '--json', '--port', '0', '--data', data, '--check-answers', 'true', '--log-level', 'warn', ...flags];
  const child = spawn(process.execPath, [boucle, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: ownEnv });
  const ended = once(child, 'close');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  atEnd(t, () => end('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => (said += more));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (printed += more));
  while (!printed.endsWith('}\n')) {
    assert.equal(child.exitCode, null, `the server did not start: ${said}`);
    await sleep(5);
  }
  const { address, pid } = JSON.parse(printed) as { address: string; pid: number };
  return {
    address,
    pid,
    client: createClient({ baseUrl: address }),
    said: () => said,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      assert.equal(child.exitCode, 0, said);
    },
  };
};
