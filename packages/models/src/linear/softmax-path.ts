import { createLbfgs, type Differentiable } from './lbfgs.ts';
import { type LabelledRows, type PathMaker, shareAfter } from './linear-problem.ts';

/**
 * All labels in one problem: minimises ½|W|² + Σ cost·(ln Σ exp(w_k·x) - w_y·x), a vector of weights per label, the biases penalised
 * with the others.
 */
export const softmaxPath: PathMaker = (rows, { eps, maxEpochs }) => {
  const { matrix, labels, weights } = rows;
  const vectors = labels.length;
  const point = new Float64Array((matrix.width + 1) * vectors);

  return async (C, { hooks, pause, reach }) => {
    const costs = weights.map((weight) => C * weight);
    const total = costs.reduce((a, b) => a + b, 0);
    const search = createLbfgs(point, multinomial(rows, costs));
    const enough = softmaxPrecision * eps * total;
    for (let epoch = 1; ; epoch++) {
      const isDownhill = search.iterate();
      hooks.metric?.('objective', search.value() / total, epoch);
      const found = !isDownhill || search.slope() <= enough;
      if (found || epoch === maxEpochs) {
        const ending = found ? '' : `; stopped by maxEpochs at a slope of ${search.slope().toPrecision(2)}, not ${enough.toPrecision(2)}`;
        hooks.log?.(`${vectors} labels: ${epoch} iterations, objective ${(search.value() / total).toPrecision(4)} a row${ending}`);
        break;
      }
      reach(shareAfter(epoch / 4));
      await pause();
    }
    return { weights: point.slice(0, matrix.width * vectors), biases: point.slice(matrix.width * vectors) };
  };
};

/** `eps` is meant for slopes of the dual; this makes it one of the mean loss. */
const softmaxPrecision = 1e-3;

const multinomial = ({ matrix, classes, labels }: LabelledRows, costs: Float64Array): Differentiable => {
  const { rows, width, begins, columns, values } = matrix;
  const vectors = labels.length;
  const sums = new Float64Array(vectors);
  const bias = width * vectors;
  return (point, gradient) => {
    let value = 0;
    for (let i = 0; i < point.length; i++) {
      value += (point[i]! * point[i]!) / 2;
      gradient[i] = point[i]!;
    }
    for (let row = 0; row < rows; row++) {
      const [from, to] = [begins[row]!, begins[row + 1]!];
      for (let k = 0; k < vectors; k++) {
        let sum = point[bias + k]!;
        for (let i = from; i < to; i++) sum += point[columns[i]! * vectors + k]! * values[i]!;
        sums[k] = sum;
      }
      const most = sums.reduce((a, b) => Math.max(a, b));
      const own = sums[classes[row]!]!;
      let total = 0;
      for (let k = 0; k < vectors; k++) total += sums[k] = Math.exp(sums[k]! - most);
      value += costs[row]! * (Math.log(total) + most - own);
      for (let k = 0; k < vectors; k++) {
        const pull = costs[row]! * (sums[k]! / total - (k === classes[row] ? 1 : 0));
        for (let i = from; i < to; i++) gradient[columns[i]! * vectors + k]! += pull * values[i]!;
        gradient[bias + k]! += pull;
      }
    }
    return value;
  };
};
