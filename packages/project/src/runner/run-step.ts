import { readFile, realpath } from 'node:fs/promises';
import Value from 'typebox/value';
import { AppError, type Failure, invalid } from '@boucle/contract';
import type { StepContext } from '../step.ts';
import type { Ports } from '../port.ts';
import { isLibraryModule } from '../library/address.ts';
import type { Attempt, StepHooks } from './attempt.ts';
import { failureOf } from './failure.ts';
import { findStep } from './find-step.ts';
import { openInputs } from './open-inputs.ts';
import { createRandom } from './random.ts';
import { type StepOutputs, createOutputs } from './step-outputs.ts';
import { runCommand } from './run-command.ts';
import { type AttemptLayout, type StepResult, StepSpec, attemptLayout } from './step-spec.ts';
import { writeDurably } from './write-durably.ts';

/** Carries out the step that was staged in a folder. A step that fails is a result too; only `result.json` says that it ended. */
export const runStep = async (attemptFolder: string, hooks: StepHooks = {}): Promise<StepResult> => {
  const layout = attemptLayout(await realpath(attemptFolder));
  const result = await carryOut({ spec: await readSpec(layout), layout, hooks });
  await writeResult(layout, result);
  return result;
};

export const readSpec = async (layout: AttemptLayout): Promise<StepSpec> => {
  const spec: unknown = JSON.parse(await readFile(layout.spec, 'utf8'));
  const [wrong] = Value.Errors(StepSpec, spec);
  if (wrong) throw invalid(`The step's file is not one of this version: ${wrong.instancePath} ${wrong.message}`, 'step_format');
  return spec as StepSpec;
};

export const writeResult = async ({ result: path }: AttemptLayout, result: StepResult): Promise<void> => {
  try {
    await writeDurably(path, `${JSON.stringify(result)}\n`);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    throw new AppError('failed_precondition', 'The folder of the attempt is gone: the step, or someone else, removed it', {
      reason: 'attempt_folder_gone',
      cause,
    });
  }
};

export const failed = (failure: Failure): StepResult => ({ format: 'boucle.result/1', status: 'failed', failure });

/** Everything but the writing of the result. */
export const carryOut = async (attempt: Attempt): Promise<StepResult> => {
  const { layout, hooks } = attempt;
  let outputs: StepOutputs | undefined;
  try {
    outputs = await createOutputs(attempt);
    await runCode(attempt, outputs.held);
    return { format: 'boucle.result/1', status: 'succeeded', outputs: await outputs.finish() };
  } catch (error) {
    // What was half written is of no use; that it cannot be thrown away either is no news beside the failure.
    await outputs?.abort().catch(() => {});
    if (hooks.signal?.aborted) return failed({ kind: 'cancelled', retryable: false, message: 'The step was cancelled' });
    return failed(failureOf(error, layout.bundle));
  }
};

const runCode = async (attempt: Attempt, out: Readonly<Record<string, unknown>>): Promise<void> => {
  const { spec, layout, hooks } = attempt;
  if ('effect' in spec.code) throw invalid('An effect is recorded by the server; there is nothing to run', 'not_runnable');
  if ('command' in spec.code) return runCommand(attempt, spec.code);
  if (isLibraryModule(spec.code.module)) await checkLibrary(spec);
  const step = await findStep(spec.code.module, spec.step, layout.bundle);
  for (const [name, schema] of Object.entries(step.params ?? {})) {
    const [wrong] = Value.Errors(schema, spec.params[name]);
    if (wrong)
      throw invalid(`The parameter "${name}"${wrong.instancePath.replaceAll('/', '.')} ${wrong.message}`, 'param_invalid', { param: name });
  }
  await step.run({ ...spec.params, ...(await openInputs(attempt)) }, contextOf(spec, out, hooks));
};

/** A plan names the library's code by digest: another version of it would leave other results under the same key. */
const checkLibrary = async (spec: Attempt['spec']): Promise<void> => {
  const { codeOf } = await import('../bundle/code-digest.ts');
  const { digest } = await codeOf(spec, '');
  if (digest === spec.codeDigest) return;
  throw new AppError(
    'failed_precondition',
    `The plan was made with another version of Boucle's step "${spec.step}"; run "boucle apply" again`,
    { reason: 'library_changed' },
  );
};

const contextOf = (spec: Attempt['spec'], out: Readonly<Record<string, unknown>>, hooks: StepHooks): StepContext<Ports> => ({
  out: out as StepContext<Ports>['out'],
  random: createRandom(spec.seed),
  secret: (name) => {
    if (!spec.secrets.includes(name))
      throw invalid(`The step does not declare the secret "${name}"; add it to its secrets`, 'secret_undeclared');
    const value = hooks.secret?.(name);
    if (value === undefined) throw invalid(`The secret "${name}" is not set; set it with "boucle secrets set ${name}"`, 'secret_missing');
    return value;
  },
  signal: hooks.signal ?? new AbortController().signal,
  log: (message) => hooks.onLog?.(message),
  progress: (done, total) => hooks.onProgress?.(done, total),
  metric: (name, value, step) => hooks.onMetric?.(name, value, step),
});
