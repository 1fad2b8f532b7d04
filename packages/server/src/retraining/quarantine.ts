import { canonicalJson, type QuarantineReason } from '@boucle/contract';

/** A prediction of which somebody said what was true. */
export interface LabelledRow {
  readonly predictionId: string;
  /** Null where the log holds them no more. */
  readonly inputs: Readonly<Record<string, unknown>> | null;
  readonly label: unknown;
  /** Who said it last. */
  readonly by: string;
  /** How often something else was said before. */
  readonly changes: number;
}
export interface Held {
  readonly predictionId: string;
  readonly reason: QuarantineReason;
}

const nobody = new Set(['', 'anonymous']);

/** What can be learned from, and what is held back: each row for the first reason that there is. */
export const quarantine = (
  rows: readonly LabelledRow[],
  { mostFromOne = 1 }: { mostFromOne?: number } = {},
): { kept: LabelledRow[]; held: Held[] } => {
  const labels = new Map<string, Set<string>>();
  for (const { inputs, label } of rows) {
    if (inputs === null) continue;
    const key = canonicalJson(inputs);
    labels.set(key, (labels.get(key) ?? new Set()).add(canonicalJson(label)));
  }
  const reasonOf = ({ inputs, by, changes }: LabelledRow): QuarantineReason | undefined => {
    if (nobody.has(by)) return 'unauthenticated';
    if (inputs === null) return 'no_inputs';
    if (changes > 1) return 'changed_often';
    return labels.get(canonicalJson(inputs))!.size > 1 ? 'contradicting' : undefined;
  };
  const kept: LabelledRow[] = [];
  const held: Held[] = [];
  for (const row of rows) {
    const reason = reasonOf(row);
    if (reason) held.push({ predictionId: row.predictionId, reason });
    else kept.push(row);
  }
  const excess = tooManyOfOne(kept, mostFromOne);
  return {
    kept: kept.filter((row) => !excess.has(row)),
    held: [...held, ...[...excess].map(({ predictionId }) => ({ predictionId, reason: 'one_giver' as const }))],
  };
};

/** The newest ones of whoever gave more than their share of all that is kept. */
const tooManyOfOne = (rows: readonly LabelledRow[], most: number): Set<LabelledRow> => {
  if (most >= 1) return new Set();
  const byGiver = Map.groupBy(rows, ({ by }) => by);
  const excess = new Set<LabelledRow>();
  for (const given of [...byGiver.values()].sort((a, b) => b.length - a.length)) {
    const others = rows.length - excess.size - given.length;
    const allowed = Math.floor((most * others) / (1 - most));
    for (const row of given.slice(allowed)) excess.add(row);
  }
  return excess;
};
