import { buildTraining, crossEntropy, initialWeights, type Model, philox } from '../autodiff/index.ts';
import type { TensorData } from '../onnx/model.ts';
import { type Floats, floats, loadProgram, type ProgramRun } from './run-program.ts';
import { smallBert, smallBilstm } from './small-models.ts';

/** Two small models with three classes, trained from the same weights here and by PyTorch (`bench/training/gradients.py`). */
const vocabulary = 60;
export const contenders: Readonly<Record<'bilstm' | 'encoder', Model>> = {
  bilstm: smallBilstm({ vocabulary, width: 12, hidden: 10, classes: 3 }),
  encoder: smallBert({ vocabulary, width: 16, inner: 32, heads: 4, layers: 2, classes: 3, deviation: 0.3 }),
};
export type Contender = keyof typeof contenders;

export const [steps, batch, length, rate] = [50, 8, 10, 0.1] as const;
const loss = crossEntropy({ classWeights: [1, 2, 0.5], labelSmoothing: 0.1 });

export interface Batch {
  readonly ids: readonly number[];
  readonly lengths: readonly number[];
  readonly labels: readonly number[];
}

/** Texts of random words; the label is that of the first word. */
export const batches = (): Batch[] =>
  Array.from({ length: steps }, (_, step) => {
    const bits = new Uint32Array(4);
    const draw = (stream: number, count: number, below: number): number[] =>
      Array.from({ length: count }, (_entry, i) => {
        philox([i, step, stream, 0], [5, 0], bits);
        return bits[0]! % below;
      });
    const lengths = draw(0, batch, length).map((size) => size + 1);
    const ids = draw(1, batch * length, vocabulary).map((id, i) => (i % length < lengths[Math.floor(i / length)]! ? id : 0));
    return { ids, lengths, labels: lengths.map((_size, row) => ids[row * length]! % 3) };
  });

/** Plain gradient descent over all batches: loss and gradients of each step. */
export const descend = async (name: Contender): Promise<ProgramRun[]> => {
  const model = contenders[name];
  const weights: Map<string, Floats> = initialWeights(model, 1);
  const program = await loadProgram(buildTraining(model, { dims: { batch, length }, loss }));
  const runs: ProgramRun[] = [];
  for (const { ids, lengths, labels } of batches()) {
    const run = await program.run(weights, {
      ids: integers([batch, length], ids),
      ...(name === 'bilstm'
        ? { lengths: integers([batch], lengths) }
        : {
            mask: integers(
              [batch, length],
              ids.map((_, i) => (i % length < lengths[Math.floor(i / length)]! ? 1 : 0)),
            ),
          }),
      labels: integers([batch], labels),
      rowWeights: floats(new Float32Array(batch).fill(1), [batch]),
    });
    runs.push(run);
    for (const [param, gradient] of run.gradients)
      weights.set(
        param,
        weights.get(param)!.map((weight, i) => weight - rate * gradient[i]!),
      );
  }
  await program.close();
  return runs;
};

const integers = (shape: readonly number[], values: readonly number[]): TensorData => ({
  type: 'int64',
  shape,
  data: BigInt64Array.from(values, BigInt),
});
