import type { TrainingProgram } from '../autodiff/index.ts';
import type { TensorData } from '../onnx/model.ts';
import { createSession } from '../onnx/run.ts';

export type Floats = Float32Array | Float64Array;

export interface ProgramRun {
  readonly loss: number;
  /** Of each parameter, whole: rows of embeddings are added up. */
  readonly gradients: ReadonlyMap<string, Floats>;
}

/** Loads a training program as it stands: no optimiser, no thread. Inputs are the batch and the masks. */
export const loadProgram = async (program: TrainingProgram, { threads = 1 } = {}) => {
  const session = await createSession(program.onnx, { threads });
  const run = async (weights: ReadonlyMap<string, Floats>, inputs: Readonly<Record<string, TensorData>>): Promise<ProgramRun> => {
    const params = program.params.map(({ name, shape }) => [name, floats(weights.get(name)!, shape)] as const);
    const outputs = await session.run({ ...Object.fromEntries(params), ...inputs });
    const found = (output: string): Floats => outputs[output]!.data as Floats;
    const gradients = new Map<string, Floats>(program.gradients.map(({ param, output }) => [param, found(output)]));
    for (const { param, ids, output } of program.rowGradients) {
      const sum = gradients.get(param) ?? weights.get(param)!.map(() => 0);
      addRows(sum, inputs[ids]!.data as BigInt64Array, found(output));
      gradients.set(param, sum);
    }
    return { loss: Number(found(program.loss)[0]), gradients };
  };
  return { run, close: session.close };
};

export const floats = (data: Floats, shape: readonly number[]): TensorData => ({
  type: data instanceof Float64Array ? 'float64' : 'float32',
  shape,
  data,
});

const addRows = (sum: Floats, ids: BigInt64Array, rows: Floats): void => {
  const width = rows.length / ids.length;
  rows.forEach((value, i) => (sum[Number(ids[Math.floor(i / width)]) * width + (i % width)]! += value));
};
