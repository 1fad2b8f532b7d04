/** The program of a step's process: it says when it is ready, is told one step, carries it out, and ends. */
import { writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { Failure } from '@boucle/contract';
import { whereIn } from '../where.ts';
import type { StepHooks } from './attempt.ts';
import type { FromChild, ToChild } from './child-messages.ts';
import { failureOf } from './failure.ts';
import { createReporter } from './reporter.ts';
import { carryOut, failed, readSpec, writeResult } from './run-step.ts';
import { type AttemptLayout, type StepResult, attemptLayout } from './step-spec.ts';
import { startWatchdog } from './watchdog.ts';

// Taken before a step's code can put something in their place.
const exit = process.exit.bind(process);
const ipc = process.send?.bind(process);
const send = (message: FromChild, sent?: () => void): void => void ipc?.(message, undefined, undefined, sent);
const reporter = createReporter(send);
// A step that prints without a pause waits for its reader; Node would keep what it says in memory until the step pauses.
for (const { _handle } of [process.stdout, process.stderr] as { _handle?: { setBlocking?(blocking: boolean): void } }[]) {
  _handle?.setBlocking?.(true);
}
const cancelling = new AbortController();
let layout: AttemptLayout | undefined;
let isSettled = false;
let isOver = false;

/** The first result counts: a step may still be failing in one corner while it succeeds in another. */
const settle = (result: StepResult): void => {
  if (isSettled || !layout) return;
  isSettled = true;
  void writeResult(layout, result).then(
    () => finish(result),
    (error: unknown) => finish(failed(failureOf(error, ''))),
  );
};
const finish = (result: StepResult): void => {
  isOver = true;
  reporter.flush();
  // Ends timers and servers that the step left, too.
  send({ done: result }, () => exit(0));
};
const crash = (error: unknown): void => settle(failed(failureOf(error, layout?.bundle ?? '')));
const broke = (reason: string, message: string): Failure => ({ kind: 'user', retryable: false, reason, message });

const run = async (folder: string, secrets: Readonly<Record<string, string>>): Promise<void> => {
  layout = attemptLayout(folder);
  const here = attemptLayout(await realpath(folder));
  layout = here;
  const spec = await readSpec(here);
  watch({ result: here.result, bundle: here.bundle, ...spec.limits });
  process.chdir(here.bundle);
  // From here on a step that waits for nothing lets the loop run empty, and that is noticed.
  process.channel?.unref();
  const hooks: StepHooks = {
    onProgress: reporter.onProgress,
    onMetric: reporter.onMetric,
    onLog: (message) => void process.stdout.write(`${message}\n`),
    signal: cancelling.signal,
    secret: (name) => secrets[name],
  };
  settle(await carryOut({ spec, layout: here, hooks }));
};

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.on('beforeExit', () =>
  settle(
    failed(broke('never_settled', 'The step waits for something that will not come: its promise is open, and nothing goes on any more')),
  ),
);
process.on('exit', (code) => {
  if (isOver || !layout) return;
  const where = whereIn(new Error().stack ?? '', layout.bundle);
  const message = `The step ended its process with status ${code}; return from run instead, or throw`;
  const result = failed({ ...broke('process_exit', message), ...(where !== undefined && { where }) });
  reporter.flush();
  send({ done: result });
  writeFileSync(layout.result, JSON.stringify(result));
});
process.on('SIGTERM', () => cancelling.abort());
process.on('message', (message: ToChild) => {
  if ('cancel' in message) cancelling.abort();
  else if (!layout) {
    Object.assign(process.env, message.environment);
    run(message.run, message.secrets ?? {}).catch(crash);
  }
});

const watch = await startWatchdog();
send({ ready: true });
