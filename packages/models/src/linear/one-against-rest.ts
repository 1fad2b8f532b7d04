import { vectorsFor } from '../text-classifier.ts';
import { createDualSolver } from './dual-solver.ts';
import { type PathMaker, shareAfter } from './linear-problem.ts';

/** A problem per label: its rows against all others. Two labels need only one, the second against the first. */
export const oneAgainstRest: PathMaker = ({ matrix, classes, labels, weights }, { eps, maxEpochs, seed }) => {
  const vectors = vectorsFor(labels.length);
  const first = labels.length - vectors;
  const sides = Array.from({ length: vectors }, (_, vector) => Int8Array.from(classes, (label) => (label === first + vector ? 1 : -1)));
  let solver: ReturnType<typeof createDualSolver> | undefined;

  return async (C, { hooks, pause, reach }) => {
    const costs = weights.map((weight) => C * weight);
    if (solver) solver.loosen(costs);
    solver ??= createDualSolver({ matrix, sides, costs, seed });
    const last: { epochs: number; loss: number; violation: number }[] = [];
    let open = sides.map((_, vector) => vector);
    for (let epoch = 1; open.length > 0; epoch++) {
      const sweeps = solver.sweep(open);
      open.forEach((vector, i) => (last[vector] = { epochs: epoch, ...sweeps[i]! }));
      if (vectors === 1) hooks.metric?.('train_loss', last[0]!.loss, epoch);
      open = open.filter((vector) => last[vector]!.violation >= eps && epoch < maxEpochs);
      reach(shareAfter(epoch));
      await pause();
    }
    last.forEach(({ epochs, loss, violation }, vector) => {
      const ending = violation < eps ? '' : `; stopped by maxEpochs at a slope of ${violation.toPrecision(2)}, not ${eps}`;
      hooks.log?.(`${JSON.stringify(labels[first + vector])}: ${epochs} epochs, loss ${loss.toPrecision(4)}${ending}`);
      if (vectors > 1) hooks.metric?.('train_loss', loss, vector + 1);
    });
    return { weights: solver.weights, biases: solver.biases };
  };
};
