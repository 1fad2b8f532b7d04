import { floats, range } from './constants.ts';
import { add, div, mul, neg } from './operators/arithmetic.ts';
import { reduceSum } from './operators/reduce.ts';
import { equal, toFloat } from './operators/select.ts';
import { reshape } from './operators/shape.ts';
import { logSoftmax } from './operators/softmax.ts';
import type { Tensor } from './graph.ts';
import { misfit } from './tensor.ts';

/** From what a model puts out to the scalar to be made small. It declares the inputs it needs beside the model's. */
export type Loss = (output: Tensor) => Tensor;

export interface CrossEntropyOptions {
  /** How much each class counts; its length is the number of classes. */
  readonly classWeights?: readonly number[];
  /** The share of each label that is spread over all classes (Szegedy et al. 2016, section 7), 0 to 1. */
  readonly labelSmoothing?: number;
}

/**
 * Softmax and cross-entropy of logits [batch, classes] with `labels` (int64 [batch]), each row times its entry in `rowWeights` (float [batch]; 0 for
 * rows that only fill up a batch), divided by the sum of all weights: PyTorch's `CrossEntropyLoss` with `reduction='mean'`.
 */
export const crossEntropy =
  ({ classWeights, labelSmoothing = 0 }: CrossEntropyOptions = {}): Loss =>
  (logits) => {
    const { graph } = logits;
    const [batch, classes] = logits.shape;
    if (logits.shape.length !== 2 || typeof classes !== 'number')
      throw misfit(`Cross-entropy takes logits [batch, classes], not [${logits.shape.join(', ')}]`);
    const labels = graph.input('labels', { type: 'int64', shape: [batch!] });
    const rowWeights = graph.input('rowWeights', { type: graph.float, shape: [batch!] });

    const isLabel = toFloat(equal(reshape(labels, [batch!, 1]), range(graph, classes)));
    const smoothed = labelSmoothing === 0 ? isLabel : add(mul(isLabel, 1 - labelSmoothing), labelSmoothing / classes);
    const byClass = (targets: Tensor): Tensor => (classWeights ? mul(targets, floats(graph, classWeights)) : targets);
    const byRow = (targets: Tensor): Tensor => mul(targets, reshape(rowWeights, [batch!, 1]));
    return neg(div(reduceSum(mul(byRow(byClass(smoothed)), logSoftmax(logits))), reduceSum(byRow(byClass(isLabel)))));
  };
