import { type Arm, evidenceKinds, type RolloutEvidence } from '@boucle/contract';

export type EvidenceKind = (typeof evidenceKinds)[number];
/** Before it has its number. */
export interface Entry {
  /** Event time, in epoch milliseconds. */
  readonly at: number;
  readonly unit: string;
  readonly arm: Arm;
  readonly share: number;
  readonly kind: EvidenceKind;
  readonly outcome: number;
}

type Packed = readonly [at: number, unit: string, arm: 0 | 1, share: number, kind: number, outcome: number];
const pack = ({ at, unit, arm, share, kind, outcome }: Entry): Packed => [
  at,
  unit,
  arm === 'candidate' ? 1 : 0,
  share,
  evidenceKinds.indexOf(kind),
  outcome,
];
const unpack = ([at, unit, arm, share, kind, outcome]: Packed): Entry => ({
  at,
  unit,
  arm: arm === 1 ? 'candidate' : 'baseline',
  share,
  kind: evidenceKinds[kind]!,
  outcome,
});

/** As a chunk keeps them: some 50 bytes each. */
export const packEntries = (entries: readonly Entry[]): string => JSON.stringify(entries.map(pack));
export const unpackEntries = (text: string): Entry[] => (JSON.parse(text) as Packed[]).map(unpack);

export const presentEntry = ({ at, unit, ...entry }: Entry, seq: number): RolloutEvidence => ({
  seq,
  eventTime: new Date(at).toISOString(),
  unitHash: unit,
  ...entry,
});

/** By event time; what happened in one millisecond always in one order. */
export const inOrder = (a: Entry, b: Entry): number =>
  a.at - b.at || compare(a.unit, b.unit) || evidenceKinds.indexOf(a.kind) - evidenceKinds.indexOf(b.kind);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
