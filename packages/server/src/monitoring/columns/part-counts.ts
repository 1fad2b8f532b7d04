import type { Prediction } from '@boucle/contract';
import { applyIsotonic, createQuantileSketch, type QuantileForm, quantileSketchFrom } from '@boucle/statistics';
import { type CategoryForm, createCategories, mergeCategories } from './category-counts.ts';
import type { ColumnKind, ColumnReference, Reference } from './column-reference.ts';
import { addUp, type Counts, createNumberCounts, mergeNumbers, type NumberForm } from './number-counts.ts';
import { createTextCounts, type Dictionary, mergeTexts, type TextForm } from './text-counts.ts';

export type ColumnForm = NumberForm | CategoryForm | TextForm;
/** Whose rows are counted: of one variant, all or those with one value of a sliced input. */
export interface PartKey {
  readonly variant: string;
  readonly mode: 'live' | 'shadow';
  readonly modelVersionId: string | null;
  readonly slice: { readonly column: string; readonly value: string } | null;
}
/** All that is kept of a part's records. */
export interface PartForm extends PartKey {
  /** Answered ones; what was not answered has no rows to look at. */
  readonly rows: number;
  readonly requests: number;
  readonly errors: number;
  readonly refused: number;
  /** Rows whose inputs were too large for the log, so that they were not looked at. */
  readonly unread: number;
  readonly latency: QuantileForm | null;
  readonly columns: Readonly<Record<string, ColumnForm>>;
  /** By predicted label, rows by the calibrated probability that it is right, in steps. */
  readonly scored: Readonly<Record<string, readonly number[]>>;
}
/** A column with the kind that its values have; inputs by name, and what was answered. */
export interface WatchedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}
export const probabilitySteps = 200;
const labelLimit = 100;

export interface PartCounts {
  readonly key: PartKey;
  /** Whether something came since the last `form`. */
  isChanged(): boolean;
  add(record: Prediction): void;
  form(): PartForm;
}

/** What is looked up for every record of a model version. */
export interface Compiled {
  readonly reference: Reference;
  readonly columns: readonly WatchedColumn[];
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
}

export const createPartCounts = (key: PartKey, { reference, columns, dictionaries }: Compiled, from?: PartForm): PartCounts => {
  let { rows, requests, errors, refused, unread } = from ?? { rows: 0, requests: 0, errors: 0, refused: 0, unread: 0 };
  let isChanged = false;
  const latency = from?.latency ? quantileSketchFrom(from.latency) : createQuantileSketch();
  const counted = columns.map((column) => ({
    ...column,
    counts: countsFor(column, { key, reference: reference.columns[column.name], dictionary: dictionaries.get(column.name) }, from),
  }));
  const scored = new Map(Object.entries(from?.scored ?? {}).map(([label, steps]) => [label, Float64Array.from(steps)]));

  const score = (label: unknown, given: unknown): void => {
    const { calibration } = reference;
    if (!calibration || typeof label !== 'string' || typeof given !== 'number' || !Number.isFinite(given)) return;
    let steps = scored.get(label);
    if (!steps) {
      if (scored.size >= labelLimit) return;
      steps = new Float64Array(probabilitySteps + 1);
      scored.set(label, steps);
    }
    steps[Math.round(applyIsotonic(calibration.byLabel[label] ?? calibration.pooled, given) * probabilitySteps)]!++;
  };
  return {
    key,
    isChanged: () => isChanged,
    add: ({ row, outcome, latencyMs, inputs, outputs }) => {
      isChanged = true;
      if (row === 0) {
        requests++;
        latency.add(latencyMs);
        if (outcome === 'invalid') refused++;
        else if (outcome !== 'ok' && outcome !== 'cancelled') errors++;
      }
      if (outcome !== 'ok') return;
      rows++;
      const said = outputs as Readonly<Record<string, unknown>>;
      const given = readable(inputs);
      if (!given) unread++;
      for (const { name, counts } of counted) {
        if (name === 'prediction') counts.add(said['label']);
        else if (name === 'confidence') counts.add(said['score']);
        else if (given) counts.add(given[name]);
      }
      score(said['label'], said['score']);
    },
    form: () => {
      isChanged = false;
      return {
        ...key,
        rows,
        requests,
        errors,
        refused,
        unread,
        latency: latency.toJSON(),
        columns: Object.fromEntries(counted.map(({ name, counts }) => [name, counts.form()])),
        scored: Object.fromEntries([...scored].map(([label, steps]) => [label, [...steps]])),
      };
    },
  };
};

/** Undefined where the log holds only the digest of what was sent. */
export const readable = (inputs: unknown): Readonly<Record<string, unknown>> | undefined => {
  if (typeof inputs !== 'object' || inputs === null) return undefined;
  const { blob, bytes } = inputs as { blob?: unknown; bytes?: unknown };
  const isElsewhere = typeof blob === 'string' && blob.startsWith('blob:') && typeof bytes === 'number';
  return isElsewhere ? undefined : (inputs as Readonly<Record<string, unknown>>);
};

interface Known {
  readonly key: PartKey;
  readonly reference: ColumnReference | undefined;
  readonly dictionary: Dictionary | undefined;
}
const countsFor = ({ name, kind }: WatchedColumn, { key, reference, dictionary }: Known, from?: PartForm): Counts<ColumnForm> => {
  const before = from?.columns[name];
  if (kind === 'number') {
    return createNumberCounts(reference?.kind === kind ? reference : undefined, before?.kind === kind ? before : undefined);
  }
  if (kind === 'category') {
    return createCategories(reference?.kind === kind ? reference : undefined, before?.kind === kind ? before : undefined);
  }
  return createTextCounts(reference?.kind === kind ? reference : undefined, dictionary, {
    followsWords: key.slice === null,
    from: before?.kind === kind ? before : undefined,
  });
};

/** Two stretches of the same part. */
export const mergeParts = (a: PartForm, b: PartForm, reference: Reference): PartForm => ({
  ...a,
  rows: a.rows + b.rows,
  requests: a.requests + b.requests,
  errors: a.errors + b.errors,
  refused: a.refused + b.refused,
  unread: a.unread + b.unread,
  latency: a.latency && b.latency ? quantileSketchFrom(a.latency).mergedWith(quantileSketchFrom(b.latency)).toJSON() : null,
  columns: Object.fromEntries(
    Object.entries(a.columns).map(([name, column]) => [name, mergeColumns(column, b.columns[name], reference.columns[name])]),
  ),
  scored: mergeScored(a.scored, b.scored),
});
export const mergeColumns = (a: ColumnForm, b: ColumnForm | undefined, reference: ColumnReference | undefined): ColumnForm => {
  if (a.kind === 'number' && b?.kind === 'number') return mergeNumbers(a, b, reference?.kind === 'number' ? reference : undefined);
  if (a.kind === 'category' && b?.kind === 'category') return mergeCategories(a, b, reference?.kind === 'category' ? reference : undefined);
  if (a.kind === 'text' && b?.kind === 'text') return mergeTexts(a, b, reference?.kind === 'text' ? reference : undefined);
  return a;
};
const mergeScored = (a: PartForm['scored'], b: PartForm['scored']): PartForm['scored'] =>
  Object.fromEntries(Object.keys({ ...a, ...b }).map((label) => [label, addUp(a[label] ?? [], b[label] ?? [])]));
