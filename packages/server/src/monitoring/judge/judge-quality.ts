import type { QualityFinding } from '@boucle/contract';
import { wilson } from '@boucle/statistics';
import { categoryPlaces } from '../columns/category-counts.ts';
import type { ColumnReference, Reference } from '../columns/column-reference.ts';
import type { ColumnForm, PartForm } from '../columns/part-counts.ts';
import { answered } from '../reference/lacking.ts';
import { isWhole, type Policy, type References } from './window-facts.ts';

type Tolerances = Policy['quality'];
interface Seen {
  readonly fault: QualityFinding['fault'];
  readonly count: number;
  readonly rows: number;
  /** The reference's own share, on which the tolerance is put. */
  readonly usual: number;
  readonly tolerance: number;
  readonly message: (share: string, tolerated: string) => string;
}
const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
/** One window may have a few odd rows by chance: a fault is what lies above the tolerance with its whole interval. */
const confidence = 0.99;

/** What is wrong with the data itself, looked at before anything else, over all rows of each live variant. */
export const judgeQuality = (parts: readonly PartForm[], references: References, tolerances: Tolerances): QualityFinding[] => {
  const live = parts.filter(isWhole);
  if (live.every(({ requests, rows }) => requests + rows === 0)) return [empty];
  return live.flatMap((part) => {
    const reference = references[part.modelVersionId ?? ''];
    const refused = findingOf(part.variant, null, {
      fault: 'refused',
      count: part.refused,
      rows: part.requests,
      usual: 0,
      tolerance: tolerances.missing,
      message: (share, tolerated) => `${share} of the requests were not what the model takes and were refused; ${tolerated} are tolerated`,
    });
    const ofColumns = Object.entries(part.columns).flatMap(([column, form]) =>
      seenIn(form, reference?.columns[column], tolerances).flatMap((seen) =>
        isModels(column, seen) ? [] : (findingOf(part.variant, column, seen) ?? []),
      ),
    );
    return [...(refused ? [refused] : []), ...ofColumns, ...constants(part, reference)];
  });
};
const empty: QualityFinding = {
  variant: null,
  column: null,
  fault: 'empty',
  share: 1,
  tolerated: 1,
  rows: 0,
  isFault: false,
  message: 'Nothing was asked in this window',
};

/** The share of values seen once estimates the share of those that were not seen yet (Good 1953, after Turing). */
const expectedNew = ({ counts, rows }: Extract<ColumnReference, { kind: 'category' }>): number =>
  counts.filter((count) => count === 1).length / Math.max(1, rows);

/** What a model says is not what it is fed: a new range of it is drift, for people to look into, and no fault of the data. */
const isModels = (column: string, { fault }: Seen): boolean => answered.has(column) && (fault === 'range' || fault === 'unseen');

const seenIn = (form: ColumnForm, reference: ColumnReference | undefined, tolerances: Tolerances): Seen[] => {
  const there = form.rows + (form.kind === 'number' ? form.notFinite : 0);
  const all = there + form.missing + form.wrong;
  const usualMissing = reference ? reference.missing / Math.max(1, reference.rows + reference.missing) : 0;
  const common: Seen[] = [
    {
      fault: 'missing',
      count: form.missing,
      rows: all,
      usual: usualMissing,
      tolerance: tolerances.missing,
      message: (share, tolerated) =>
        `${share} of the values are missing, ${percent(usualMissing)} in the reference; ${tolerated} are tolerated`,
    },
    {
      fault: 'type',
      count: form.wrong + (form.kind === 'number' ? form.notFinite : 0),
      rows: all,
      usual: 0,
      tolerance: tolerances.missing,
      message: (share, tolerated) => `${share} of the values are no ${form.kind}; ${tolerated} are tolerated`,
    },
  ];
  if (form.kind === 'number' && reference?.kind === 'number' && form.cells) {
    const { low, high } = reference;
    return [
      ...common,
      {
        fault: 'range',
        count: form.below + form.above,
        rows: form.rows,
        usual: 0,
        tolerance: tolerances.outOfRange,
        message: (share, tolerated) =>
          `${share} of the values lie outside ${low} to ${high}, the reference's range, from ${form.min} to ${form.max}; ${tolerated} are tolerated`,
      },
    ];
  }
  if (form.kind === 'category' && reference?.kind === 'category') {
    const examples = form.unseen.frequent.counts
      .slice(0, 3)
      .map(([value]) => JSON.stringify(value.slice(0, 40)))
      .join(', ');
    return [
      ...common,
      {
        fault: 'unseen',
        count: categoryPlaces(form, reference).unseen,
        rows: form.rows,
        usual: expectedNew(reference),
        tolerance: tolerances.unseen,
        message: (share, tolerated) =>
          `${share} of the values never occur in the reference, such as ${examples}; ${tolerated} are tolerated`,
      },
    ];
  }
  return common;
};

const findingOf = (
  variant: string,
  column: string | null,
  { fault, count, rows, usual, tolerance, message }: Seen,
): QualityFinding | null => {
  if (count === 0 || rows === 0) return null;
  const share = count / rows;
  const tolerated = Math.min(1, usual + tolerance);
  if (share <= tolerated) return null;
  const isFault = wilson(count, rows, confidence)!.low > tolerated;
  const where = column === null ? '' : `${column}: `;
  const doubt = isFault ? '' : ', though so few rows may show that by chance';
  return {
    variant,
    column,
    fault,
    share,
    tolerated,
    rows,
    isFault,
    message: `${where}${message(percent(share), percent(tolerated))}${doubt}`,
  };
};

/** Enough that a column which varies would have shown it. */
const constantRows = 30;
const constants = ({ variant, columns }: PartForm, reference: Reference | undefined): QualityFinding[] =>
  Object.entries(columns).flatMap(([column, form]) => {
    const usual = reference?.columns[column];
    const value = form.rows >= constantRows ? constantOf(form, usual) : undefined;
    if (value === undefined || !usual || !varies(usual)) return [];
    const finding: QualityFinding = {
      variant,
      column,
      fault: 'constant',
      share: 1,
      tolerated: 1,
      rows: form.rows,
      // Of a rarely varying column that is no wonder.
      isFault: mostFrequentShare(usual) ** form.rows < 1 - confidence,
      message: `${column}: all ${form.rows} values are ${JSON.stringify(value)}, while the reference's differ`,
    };
    return [finding];
  });
const constantOf = (form: ColumnForm, reference: ColumnReference | undefined): number | string | undefined => {
  if (form.kind === 'number') return form.min === form.max ? (form.min ?? undefined) : undefined;
  if (form.kind !== 'category' || reference?.kind !== 'category') return undefined;
  const place = categoryPlaces(form, reference).known.findIndex((count) => count === form.rows);
  return place === -1 ? undefined : reference.values[place];
};
const varies = (reference: ColumnReference): boolean =>
  reference.kind === 'number' ? !reference.isConstant : reference.kind === 'category' && reference.values.length > 1;
const mostFrequentShare = (reference: ColumnReference): number => {
  const counts = reference.kind === 'text' ? [] : reference.counts;
  return Math.max(0, ...counts) / Math.max(1, reference.rows);
};

/** Columns of a variant whose differences say nothing of the world. */
export const faultyColumns = (findings: readonly QualityFinding[], variant: string): ReadonlySet<string> =>
  new Set(
    findings.flatMap((finding) => (finding.isFault && finding.variant === variant && finding.column !== null ? [finding.column] : [])),
  );
