import { emptyReference, type Reference } from '../columns/column-reference.ts';

/** Columns of what was answered; all others are inputs. */
export const answered: ReadonlySet<string> = new Set(['prediction', 'confidence']);
export const notTrainedHere = 'the rows that the model was trained on are not known here';
export const notEvaluatedHere = 'the model was not evaluated here';

/** Of a model of which no table is known. */
export const withoutTables = (columns: readonly string[]): Reference => ({
  ...emptyReference,
  lacking: Object.fromEntries(columns.map((name) => [name, answered.has(name) ? notEvaluatedHere : notTrainedHere])),
});
