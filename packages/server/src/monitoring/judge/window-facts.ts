import type { WindowResult } from '@boucle/contract';
import type { PartForm, PartKey } from '../columns/part-counts.ts';
import type { Reference } from '../columns/column-reference.ts';

export interface KpiPolicy {
  readonly name: string;
  readonly metric: string;
  readonly of: string | null;
  readonly target: { readonly atLeast?: number; readonly atMost?: number };
}
/** What a window is judged by. */
export interface Policy {
  readonly drift: {
    /** As it was written: `1 a month`. */
    readonly falseAlarms: string;
    readonly columns: readonly string[];
    /** Total variation from which a difference matters. */
    readonly material: number;
  } | null;
  /** Shares that are no fault yet, beyond the reference's own. */
  readonly quality: { readonly missing: number; readonly unseen: number; readonly outOfRange: number };
  readonly kpis: readonly KpiPolicy[];
}
/** Labelled rows of a part by what was said and what was true. */
export interface LabelCounts extends PartKey {
  readonly pairs: readonly (readonly [predicted: string, actual: string, rows: number])[];
}
export interface WindowFacts {
  readonly from: string;
  readonly to: string;
  /** The one that the verdict will have; a later one spends less of the budget. */
  readonly version: number;
  readonly parts: readonly PartForm[];
  /** Of windows right before, with too few rows for a verdict of their own. */
  readonly carried: readonly (readonly PartForm[])[];
  readonly labels: readonly LabelCounts[];
  /** Where only labels changed, what was found before: what it says of the rows stands. */
  readonly before: WindowResult | null;
}
export type References = Readonly<Record<string, Reference>>;

export interface Judgement {
  readonly result: WindowResult;
  /** Too few rows: they count with the next window. */
  readonly isCarried: boolean;
}
/** Fewer live rows than this are judged with those of the next window. */
export const fewRows = 50;

export const isSamePart = (a: PartKey, b: PartKey): boolean =>
  a.variant === b.variant &&
  a.mode === b.mode &&
  a.modelVersionId === b.modelVersionId &&
  a.slice?.column === b.slice?.column &&
  a.slice?.value === b.slice?.value;
export const whoseOf = ({ variant, mode, modelVersionId, slice }: PartKey) => ({ variant, mode, modelVersionId, slice });
export const isWhole = ({ mode, slice }: PartKey): boolean => mode === 'live' && slice === null;
