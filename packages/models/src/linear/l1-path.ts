import { vectorsFor } from '../text-classifier.ts';
import { createL1Solver } from './l1-solver.ts';
import { type PathMaker, shareAfter } from './linear-problem.ts';
import { transposeWithOnes } from './transpose.ts';

/** One label against the rest with an L1 penalty, which leaves most weights at 0. */
export const l1Path: PathMaker = ({ matrix, classes, labels, weights: rowWeights }, { eps, maxEpochs, seed }) => {
  const vectors = vectorsFor(labels.length);
  const first = labels.length - vectors;
  const features = transposeWithOnes(matrix);
  const solvers = Array.from({ length: vectors }, (_, vector) =>
    createL1Solver({
      features,
      sides: Int8Array.from(classes, (label) => (label === first + vector ? 1 : -1)),
      seed,
    }),
  );

  return async (C, { hooks, pause, reach }) => {
    const costs = rowWeights.map((weight) => C * weight);
    const weights = new Float64Array(matrix.width * vectors);
    const biases = new Float64Array(vectors);
    for (const [vector, solver] of solvers.entries()) {
      solver.start(costs);
      for (let epoch = 1; ; epoch++) {
        const { violation, objective } = solver.iterate();
        if (vectors === 1) hooks.metric?.('objective', objective, epoch);
        const found = violation < l1Precision * eps;
        if (found || epoch === maxEpochs) {
          const left = solver.weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0);
          const ending = found ? '' : `; stopped by maxEpochs at ${violation.toPrecision(2)} of the first slopes`;
          hooks.log?.(`${JSON.stringify(labels[first + vector])}: ${epoch} iterations, ${left} weights are not 0${ending}`);
          break;
        }
        reach((vector + shareAfter(epoch)) / vectors);
        await pause();
      }
      for (let column = 0; column < matrix.width; column++) weights[column * vectors + vector] = solver.weights[column]!;
      biases[vector] = solver.weights[matrix.width]!;
    }
    return { weights, biases };
  };
};

/** `eps` is meant for slopes of the dual; what it stands for here is smaller. */
const l1Precision = 0.1;
