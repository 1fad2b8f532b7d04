import { invalid } from '@boucle/contract';
import { maxLabels } from '../training-rows.ts';
import { type CellColumn, isMissing } from './table-columns.ts';

const refuseMissing = (target: CellColumn): void => {
  if (target.length === 0) throw invalid('There are no rows to train on; look at what the steps before have filtered out', 'no_rows');
  for (let row = 0; row < target.length; row++) {
    if (isMissing(target[row]))
      throw invalid(`Row ${row} (the first is 0) has no label; drop such rows before training`, 'missing_label', { row });
  }
};

/** The labels, sorted by code unit; a number or truth is the label that its text is. */
export const labelsOfTarget = (target: CellColumn): string[] => {
  refuseMissing(target);
  const distinct = new Set<string>();
  for (const value of target) {
    distinct.add(String(value));
    if (distinct.size > maxLabels) {
      throw invalid(
        `The label column has more than ${maxLabels} different values: it looks like an id or a number; choose another column, or learn a regression`,
        'too_many_labels',
        { limit: maxLabels },
      );
    }
  }
  const labels = [...distinct].sort();
  if (labels.length > 1) return labels;
  throw invalid(
    `Every row has the label ${JSON.stringify(labels[0]?.slice(0, 100))}; a classifier needs rows of at least two`,
    'single_label',
  );
};

/** What is learned: each row's label, as its place among the labels, or its number. */
export type Target =
  | { readonly labels: readonly string[]; readonly classes: Uint16Array }
  | { readonly labels: readonly []; readonly numbers: Float64Array };

/** Without labels it is a regression. */
export const learnTarget = (target: CellColumn, labels: readonly string[]): Target => {
  const learned = encodeTarget(target, labels);
  if (!('numbers' in learned) || learned.numbers.some((value) => value !== learned.numbers[0])) return learned;
  throw invalid(`Every row has the target ${learned.numbers[0]}; there is nothing to learn`, 'constant_target');
};

/** Rows whose labels are all known. */
export const encodeTarget = (target: CellColumn, labels: readonly string[]): Target => {
  refuseMissing(target);
  if (labels.length === 0) return { labels: [], numbers: Float64Array.from(target, finiteNumber) };
  const places = new Map(labels.map((label, i) => [label, i]));
  return { labels, classes: Uint16Array.from(target, (value) => places.get(String(value))!) };
};

const finiteNumber = (value: unknown, row: number): number => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`Row ${row} (the first is 0) has the target ${JSON.stringify(value)}; a regression learns finite numbers`, 'wrong_type', {
    row,
  });
};
