import {
  add,
  concat,
  div,
  equal,
  greater,
  less,
  lstm,
  matMul,
  mul,
  range,
  reduceMax,
  reduceSum,
  reshape,
  reverseSequence,
  sizeOf,
  sub,
  type Tensor,
  toFloat,
  transpose,
  where,
} from '../autodiff/index.ts';

export interface BilstmParams {
  /** [2, inputs, 4·hidden]: forward, then backward; the gates as PyTorch has them. */
  readonly input: Tensor;
  /** [2, hidden, 4·hidden]. */
  readonly recurrent: Tensor;
  /** [2, 4·hidden]. */
  readonly bias: Tensor;
}

/**
 * An LSTM in both directions over x [batch, length, inputs], of which each text has `lengths[row]` entries and padding after them.
 * The second direction reads each text backwards from its own end, so padding comes last for both, and its states come out in that order:
 * [length, 2, batch, hidden].
 */
export const bilstm = (x: Tensor, lengths: Tensor, { input, recurrent, bias }: BilstmParams): Tensor => {
  const [batch, length] = x.shape;
  const direction = (sequence: Tensor): Tensor => reshape(transpose(sequence, [1, 0, 2]), [1, sizeOf([length!, batch!]), x.shape[2]!]);
  const both = concat([direction(x), direction(reverseSequence(x, lengths))], 0);
  const gates = add(matMul(both, input), reshape(bias, [2, 1, bias.shape[1]!]));
  return lstm(transpose(reshape(gates, [2, length!, batch!, bias.shape[1]!]), [1, 0, 2, 3]), recurrent);
};

export type Pooling = 'last' | 'mean' | 'max';

/**
 * One vector [batch, 2·hidden] for each text out of its states [length, 2, batch, hidden]: the last, their mean, or the greatest of each entry.
 * A row that only fills up a batch may have length 0; what comes of it is finite.
 */
export const poolStates = (states: Tensor, lengths: Tensor, pooling: Pooling): Tensor => {
  const [length, directions, batch, hidden] = states.shape;
  const place = reshape(range(lengths.graph, length!), [length!, 1]);
  const perState = (x: Tensor): Tensor => reshape(x, [length!, 1, batch!, 1]);
  const pooled = {
    last: () => reduceSum(mul(states, perState(toFloat(equal(place, sub(lengths, 1))))), { axes: [0] }),
    mean: () =>
      reduceSum(mul(states, perState(div(toFloat(less(place, lengths)), toFloat(where(greater(lengths, 0), lengths, 1))))), { axes: [0] }),
    // A state lies between -1 and 1.
    max: () => reduceMax(where(perState(less(place, lengths)), states, -1), { axes: [0] }),
  }[pooling]();
  return reshape(transpose(pooled, [1, 0, 2]), [batch!, Number(directions) * Number(hidden)]);
};
