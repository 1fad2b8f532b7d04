import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Columns, TensorSpec } from '@boucle/contract';
import { type PackageKind, unservable } from '@boucle/models';
import { openChildHost } from '../child-host.ts';
import { agreeing } from '../foreign-outputs.ts';
import type { InferenceHost } from '../inference-host.ts';
import { notExplainable } from '../not-explainable.ts';
import type { PythonEnvironments } from './environments.ts';

/** What the program says of the model, where the model has an example to try. */
interface Tried {
  readonly inputExample?: Columns;
  /** As its answer to the example was. */
  readonly outputs?: readonly TensorSpec[];
}

/** Importing what a model needs may take long; so may reading its weights. */
const loadMs = 10 * 60_000;
const program = fileURLToPath(new URL('./answer_rows.py', import.meta.url));
const threads = String(Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))));

/** A model that only Python can load, in a process of its own and in the environment that it requires. */
export const openPythonHost = async (
  folder: string,
  { said, pythonVersion }: Extract<PackageKind, { kind: 'python' }>,
  environments: PythonEnvironments,
): Promise<InferenceHost> => {
  const { inputs } = said;
  if (!inputs) {
    throw unservable(
      'The model has no signature, so nobody knows which columns it takes: log it with signature=infer_signature(X, model.predict(X)), or with an input_example',
    );
  }
  const runtime = await environments.pythonFor(folder, pythonVersion);
  const cwd = await mkdtemp(path.join(tmpdir(), 'boucle-model-'));
  const leave = (): Promise<void> => rm(cwd, { recursive: true, force: true });
  try {
    const { opened, ...host } = await openChildHost<Tried>(
      {
        runtime,
        execArgv: ['-I', '-B', '-u'],
        program,
        cwd,
        env: { OMP_NUM_THREADS: threads, MKL_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads, MLFLOW_DISABLE_TELEMETRY: 'true' },
      },
      { folder, loadMs },
    );
    void host.ended.then(leave);
    const outputs = said.outputs ?? opened.outputs;
    if (!outputs) {
      await host.close();
      throw unservable(
        'Neither a signature nor an input example says what the model gives: log it with signature=infer_signature(X, model.predict(X))',
      );
    }
    const { inputExample } = opened;
    return {
      ...host,
      facts: { signature: { inputs: [...inputs], outputs: [...outputs] }, labels: [], tolerance: 0, ...(inputExample && { inputExample }) },
      predict: async (columns) => agreeing(outputs, await host.predict(columns)),
      explain: notExplainable,
    };
  } catch (error) {
    await leave();
    throw error;
  }
};
