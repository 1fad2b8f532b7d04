import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, type Limits, type Work, createProcessPool, readLog } from '../../src/platform/processes/index.ts';
import { readStat } from '../../src/platform/processes/proc.ts';

export const tempFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'boucle-processes-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export interface Outcome {
  readonly ended: Ended;
  readonly log: string;
  readonly messages: unknown[];
}

/** Runs a program nobody would want to host, while this process goes on answering. */
export const runNasty = async (
  t: TestContext,
  source: string,
  { limits = {}, onStart }: { limits?: Partial<Limits>; onStart?: (work: Work, folder: string) => unknown } = {},
): Promise<Outcome> => {
  const folder = await tempFolder(t);
  const program = path.join(folder, 'step.ts');
  await writeFile(program, source);
  const pool = createProcessPool({ program: new URL('./runner-child.ts', import.meta.url), idle: 1, cwd: folder });
  t.after(() => pool.close());
  pool.warm();

  const messages: unknown[] = [];
  const logFile = path.join(await tempFolder(t), 'attempt.log');
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const work = await pool.run(
    { run: program },
    {
      limits,
      logFile,
      onMessage: (message, { finish }) => {
        messages.push(message);
        if (typeof message === 'object' && message !== null && 'done' in message) finish();
      },
    },
  );
  await onStart?.(work, folder);
  let isOver = false;
  const ended = work.ended.finally(() => (isOver = true));
  let answered = 0;
  while (!isOver) {
    await sleep(5);
    answered += 1;
  }
  delay.disable();
  t.diagnostic(`${answered} timers answered, the loop held up for at most ${Math.round(delay.max / 1e6)} ms, ${(await ended).detail}`);
  return { ended: await ended, log: (await readLog(logFile, 0, 1e6)).text, messages };
};

/** A zombie is dead: it only waits for whoever collects it. */
export const isAlive = (pid: number): boolean => readStat(pid)?.zombie === false;

export const until = async (what: () => boolean | Promise<boolean>, ms: number): Promise<void> => {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) if (await what()) return;
  assert.fail(`it did not come true within ${ms} ms`);
};
