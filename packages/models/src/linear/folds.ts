import { type AppError, invalid } from '@boucle/contract';
import { createRandom, shuffle } from './random.ts';

/** By row, which of so many folds holds it out. Every fold has about the same share of each label; the seed decides which rows. */
export const stratifiedFolds = (
  classes: Int32Array,
  { folds, seed, labels }: { folds: number; seed: number; labels: readonly string[] },
): Int32Array => {
  const counts = new Int32Array(labels.length);
  for (const label of classes) counts[label]! += 1;
  const rare = counts.findIndex((count) => count < folds);
  if (rare !== -1) throw tooFew(labels[rare]!, counts[rare]!, folds);

  const order = Int32Array.from(classes.keys());
  shuffle(order, createRandom(seed));
  // One label goes on where the one before it stopped, so that the last folds are not short of every label.
  const turns = counts.map((_, label) => counts.subarray(0, label).reduce((a, b) => a + b, 0));
  const foldOf = new Int32Array(classes.length);
  for (const row of order) foldOf[row] = turns[classes[row]!]!++ % folds;
  return foldOf;
};

const tooFew = (label: string, rows: number, folds: number): AppError =>
  invalid(
    `${rows} rows have the label ${JSON.stringify(label.slice(0, 100))}, too few for ${folds} folds; lower folds, or bring more of them`,
    'too_few_rows',
    { folds, rows },
  );
