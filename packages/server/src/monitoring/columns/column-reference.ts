import type { IsotonicModel } from '@boucle/statistics';

/** Where a reference comes from: the rows a model was trained on, its evaluation, or what it was first asked. */
export type ReferenceSource = 'training' | 'evaluation' | 'first windows';
interface Common {
  readonly source: ReferenceSource;
  /** Values that are there, and those that are not. */
  readonly rows: number;
  readonly missing: number;
}
export interface NumberReference extends Common {
  readonly kind: 'number';
  readonly low: number;
  readonly high: number;
  readonly isConstant: boolean;
  /** As `referenceBins` makes them. */
  readonly edges: readonly number[];
  /** Below all edges, between two of them, above. */
  readonly counts: readonly number[];
}
export interface CategoryReference extends Common {
  readonly kind: 'category';
  /** Most frequent first; the first `cells` have a cell each, the others share one. */
  readonly values: readonly string[];
  readonly counts: readonly number[];
  readonly cells: number;
}
/** Words of one half of the texts; the other half says how new and surprising texts of the same kind are. */
export interface Vocabulary {
  readonly texts: number;
  /** Occurrences in all, of words that were left out too. */
  readonly occurrences: number;
  readonly words: readonly string[];
  readonly counts: readonly number[];
  /** In how many texts each occurs. */
  readonly documents: readonly number[];
}
export type TextMeasure = 'length' | 'new words' | 'surprise';
export interface TextReference extends Common {
  readonly kind: 'text';
  readonly measures: Readonly<Partial<Record<TextMeasure, NumberReference>>>;
  readonly vocabulary: Vocabulary | null;
}
export type ColumnReference = NumberReference | CategoryReference | TextReference;
export type ColumnKind = ColumnReference['kind'];

/** How often a label is right that was said with this score, by label; `pooled` for labels that are too rare to say. */
export interface Calibration {
  readonly byLabel: Readonly<Record<string, IsotonicModel>>;
  readonly pooled: IsotonicModel;
}
export interface Reference {
  readonly columns: Readonly<Record<string, ColumnReference>>;
  /** Why a column is not among them. */
  readonly lacking: Readonly<Record<string, string>>;
  /** Of the evaluation: rows, and how many were labelled wrongly. */
  readonly errors: { readonly rows: number; readonly wrong: number } | null;
  readonly labels: readonly string[];
  readonly calibration: Calibration | null;
}
export const emptyReference: Reference = { columns: {}, lacking: {}, errors: null, labels: [], calibration: null };

/** How many cells hold numbers: below, between the edges, above. */
export const cellsBetween = (edges: readonly number[]): number => Math.max(2, edges.length + 1 + (edges.length === 1 ? 1 : 0));

/** The number of a finite value's cell, as `countInBins` has it: an edge belongs to the bin above it, the last one to the last bin. */
export const cellOf = (edges: readonly number[], value: number): number => {
  const last = edges.length - 1;
  if (last <= 0) return last < 0 || value < edges[0]! ? 0 : value === edges[0] ? 1 : 2;
  if (value === edges[last]) return last;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};
