import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@boucle/contract';
import { locatable, locateLoop } from './locate-loop.ts';
import { type Evaluated, configName } from './describe-project.ts';

/** What Node itself takes. */
const ownMemoryMb = 128;

/** What the throwaway process reports: one of these, once. */
export type EvaluationReport =
  | { readonly kind: 'evaluated'; readonly evaluated: Evaluated }
  | { readonly kind: 'threw'; readonly message: string; readonly where: string | undefined }
  | { readonly kind: 'left'; readonly what: string; readonly where: string | undefined }
  | { readonly kind: 'flooded' | 'exited' | 'unsettled'; readonly where: string | undefined };

export interface EvaluationLimits {
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  /** Bytes that the configuration may print. */
  readonly outputBytes?: number;
}

const program = fileURLToPath(import.meta.resolve('./evaluation-child.ts'));

/** Imports `boucle.config.ts` in a process of its own, for it is other people's code: it may throw, exit, loop, print or linger. */
export const evaluateConfig = async (
  givenFolder: string,
  { timeoutMs = 20_000, memoryMb = 512, outputBytes = 1_000_000 }: EvaluationLimits = {},
): Promise<Evaluated> => {
  const folder = await realpath(givenFolder).catch(() => givenFolder);
  await access(join(folder, configName)).catch((cause: unknown) => {
    throw new AppError('not_found', `There is no ${configName} in ${folder}; go to a project's folder, or write one with "boucle init"`, {
      reason: 'no_config',
      cause,
    });
  });
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${memoryMb}`, locatable, program, folder, String(outputBytes), String(memoryMb + ownMemoryMb)],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  try {
    const outcome = await outcomeOf(child, timeoutMs);
    return evaluatedOf(outcome.kind === 'timeout' ? { ...outcome, where: await locateLoop(child, folder) } : outcome);
  } finally {
    await endGroup(child);
  }
};

type Outcome =
  | EvaluationReport
  | { kind: 'timeout'; timeoutMs: number; where?: string | undefined }
  | { kind: 'died'; how: string; output: string };

const outcomeOf = (child: ChildProcess, timeoutMs: number): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => resolve({ kind: 'timeout', timeoutMs }), timeoutMs);
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-20_000);
      });
    }
    child.on('message', (message) => settle(message as EvaluationReport));
    child.on('error', reject);
    child.on('close', (code, signal) => settle({ kind: 'died', how: signal ?? `status ${code}`, output }));
  });

const evaluatedOf = (outcome: Outcome): Evaluated => {
  switch (outcome.kind) {
    case 'evaluated':
      return outcome.evaluated;
    case 'threw':
      throw broken(outcome.where, outcome.message, 'config_threw');
    case 'exited':
      throw broken(outcome.where, 'it ends the process; a configuration only describes, so leave process.exit out', 'config_exited');
    case 'flooded':
      throw broken(outcome.where, 'it prints without end; leave the printing out', 'config_flooded');
    case 'left':
      throw broken(
        outcome.where,
        `it leaves ${outcome.what} running; a configuration only describes, so leave that out`,
        'config_left_running',
      );
    case 'unsettled':
      throw broken(outcome.where, 'it waits for something that will not come: look at its await', 'config_never_settled');
    case 'timeout':
      throw broken(
        outcome.where,
        `it did not end within ${outcome.timeoutMs / 1000} s; look for a loop, or for something it waits for`,
        'config_timeout',
      );
    case 'died':
      if (/heap out of memory|of memory is its limit/.test(outcome.output)) {
        throw broken(undefined, 'it ran out of memory; do the heavy work in a step', 'config_out_of_memory');
      }
      throw broken(undefined, `its process ended with ${outcome.how}. ${outcome.output.slice(-500)}`.trim(), 'config_died');
  }
};

const broken = (where: string | undefined, what: string, reason: string): AppError =>
  new AppError('failed_precondition', `${where ?? configName}: ${what}`, { reason, details: { where: where ?? configName } });

const endGroup = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined) return;
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
  await ended;
};
