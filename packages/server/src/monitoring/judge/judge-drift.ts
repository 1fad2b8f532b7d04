import type { AlarmBudget, ColumnDrift, QualityFinding } from '@boucle/contract';
import { benjaminiHochberg, frequentSketchFrom, proportion, differenceOfShares } from '@boucle/statistics';
import type { Reference, TextReference } from '../columns/column-reference.ts';
import type { PartForm } from '../columns/part-counts.ts';
import { type TextForm, followedWords } from '../columns/text-counts.ts';
import { compare } from './cells.ts';
import { type Comparison, compareCells } from './compare-cells.ts';
import { faultyColumns } from './judge-quality.ts';
import { rowsIn, wrongIn } from './label-metrics.ts';
import { isSamePart, type LabelCounts, type Policy, type References, whoseOf } from './window-facts.ts';

/** The errors of labelled rows against those of the evaluation: what the same inputs mean has changed. */
export const errorsColumn = 'errors';

interface Candidate extends Omit<ColumnDrift, 'verdict' | 'adjusted' | 'significant' | 'material'> {
  readonly comparison: Comparison | null;
  readonly isFaulty: boolean;
}
interface Given {
  readonly parts: readonly PartForm[];
  readonly references: References;
  readonly quality: readonly QualityFinding[];
  readonly labels: readonly LabelCounts[];
  readonly policy: NonNullable<Policy['drift']>;
  readonly budget: Pick<AlarmBudget, 'alpha'>;
  /** Said of every column, in place of a comparison. */
  readonly tooFew: string | null;
  /** Verdicts on rows that have not changed since: only labels are looked at again. */
  readonly kept: readonly ColumnDrift[] | null;
}

/**
 * Every column of every part against its reference. Of the comparisons that can be made, those are significant that Benjamini and Hochberg
 * reject at the window's share of the alarm budget: if nothing has changed, the chance that any is, is at most that share.
 * What is significant and large enough to matter is drift. Shadows are a family of their own.
 */
export const judgeDrift = (given: Given): ColumnDrift[] => [
  ...(given.kept ?? []).filter(({ kind }) => kind !== 'errors'),
  ...(['live', 'shadow'] as const).flatMap((mode) =>
    judgeFamily(
      given,
      given.parts.filter((part) => part.mode === mode),
    ),
  ),
];

const judgeFamily = (given: Given, parts: readonly PartForm[]): ColumnDrift[] => {
  const { policy, budget } = given;
  const family = parts.length * (policy.columns.length + 1);
  const candidates = parts.flatMap((part) => [
    ...(given.kept ? [] : policy.columns.flatMap((column) => columnCandidates(given, part, { column, family }))),
    ...errorCandidates(given, part, family),
  ]);
  const tested = candidates.filter(({ comparison }) => comparison !== null);
  const adjusted = benjaminiHochberg(
    tested.map(({ comparison }) => comparison!.pValue),
    budget.alpha,
  );
  const verdicts = new Map(tested.map((candidate, i) => [candidate, adjusted[i]!]));
  return candidates.map((candidate) => {
    const { comparison, isFaulty, ...said } = candidate;
    const verdict = verdicts.get(candidate);
    const material = comparison !== null && comparison.totalVariation >= policy.material;
    const significant = verdict?.rejected ?? false;
    return {
      ...said,
      adjusted: verdict?.pValue ?? null,
      significant,
      material,
      verdict: isFaulty ? 'faulty' : comparison === null ? 'not testable' : significant && material ? 'drift' : 'none',
    };
  });
};

interface Asked {
  readonly column: string;
  readonly family: number;
}
const columnCandidates = (given: Given, part: PartForm, { column, family }: Asked): Candidate[] => {
  const form = part.columns[column];
  if (!form) return [];
  const known: Reference | undefined = given.references[part.modelVersionId ?? ''];
  const reference = known?.columns[column];
  const isFaulty = faultyColumns(given.quality, part.variant).has(column);
  const lacking = known?.lacking[column] ?? 'there is no reference for it yet';
  return compare(form, reference, `${lacking}: its first windows become the reference`).map(({ measure, cells, why }) => {
    const rows = { reference: 0, current: 0 };
    for (const cell of cells) {
      rows.reference += cell.reference;
      rows.current += cell.current;
    }
    const about = { ...whoseOf(part), column, kind: form.kind, measure, reference: reference?.source ?? null, rows, cells: [...cells] };
    const isFirst = measure === null || measure === 'length';
    const words = isFirst && form.kind === 'text' && reference?.kind === 'text' && part.slice === null ? changedWords(form, reference) : [];
    if (isFaulty)
      return { ...about, ...nothing, words, isFaulty, why: 'its data quality failed, so a difference says nothing of the world' };
    const impossible = given.tooFew ?? why;
    return { ...about, ...outcome(impossible ?? compareCells(cells, { alpha: given.budget.alpha, family })), words, isFaulty };
  });
};

const nothing = { comparison: null, method: null, pValue: null, effect: null, totalVariation: null, distance: null } as const;
const outcome = (found: Comparison | string) => {
  if (typeof found === 'string') return { ...nothing, why: found };
  const { drift, pValue, totalVariation, note } = found;
  const { effect, distance } = drift;
  const interval: [number, number] | null = effect?.interval ? [effect.interval.low, effect.interval.high] : null;
  return {
    comparison: found,
    why: note,
    method: drift.test.method,
    pValue,
    totalVariation,
    effect: effect && { name: effect.name, value: effect.value, interval },
    distance: distance && { ...distance },
  };
};

const errorCandidates = (given: Given, part: PartForm, family: number): Candidate[] => {
  const errors = given.references[part.modelVersionId ?? '']?.errors;
  const labels = given.labels.find((counts) => isSamePart(counts, part));
  if (!labels || !errors || part.slice !== null) return [];
  const [labelled, wrong] = [rowsIn(labels.pairs), wrongIn(labels.pairs)];
  const cells = [
    { label: 'right', reference: errors.rows - errors.wrong, current: labelled - wrong },
    { label: 'wrong', reference: errors.wrong, current: wrong },
  ];
  const found = compareCells(cells, { alpha: given.budget.alpha, family });
  return [
    {
      ...whoseOf(part),
      column: errorsColumn,
      kind: 'errors',
      measure: null,
      reference: 'evaluation',
      rows: { reference: errors.rows, current: labelled },
      cells,
      words: [],
      isFaulty: false,
      ...outcome(found),
    },
  ];
};

const shownWords = 12;
/** The words whose share of texts changed most, by the end of the interval that is nearer to no change. */
const changedWords = (form: TextForm, { vocabulary }: TextReference): ColumnDrift['words'] => {
  if (!vocabulary || form.rows === 0) return [];
  const known = new Map(form.known);
  const followed = vocabulary.words.slice(0, followedWords);
  const seen = followed.map((word, place) => ({ word, before: vocabulary.documents[place]!, now: known.get(place) ?? 0 }));
  const fresh = frequentSketchFrom(form.unknown)
    .items(100)
    .map(({ value, low }) => ({ word: value, before: 0, now: low }));
  const changed = [...seen, ...fresh].map(({ word, before, now }) => {
    const current = proportion(Math.min(now, form.rows), form.rows);
    const reference = proportion(before, vocabulary.texts);
    const { value, interval } = differenceOfShares(current, reference)!;
    const { low, high } = interval!;
    return { word, reference: reference.value!, current: current.value!, difference: value, interval: [low, high] as [number, number] };
  });
  const sureOf = ([low, high]: [number, number]): number => Math.max(low, -high);
  return changed
    .filter(({ interval }) => sureOf(interval) > 0)
    .sort((a, b) => sureOf(b.interval) - sureOf(a.interval))
    .slice(0, shownWords);
};
