import type { Position } from '../../platform/segments/index.ts';
import type { Burst } from './burst.ts';
import type { Phase } from './phase.ts';
import type { Share } from './share.ts';

/** What is known of a monitor's endpoint as a whole. Times are epoch milliseconds; it goes into the database as it is. */
export interface Watch {
  endpointId: string | null;
  /** How far the log was read, and the news. */
  position: Position | null;
  newsSeq: number;
  /** Records that came before are none of this monitor's. */
  since: number;
  /** The newest event time, when it was seen by the clock, and the newest arrival. */
  newest: number | null;
  seenAt: number;
  arrival: number;
  /** How long nothing came, as far as it was watched. */
  quiet: { ms: number; at: number };
  /** Records older than the lateness, which no rule looks at. */
  tooLate: number;
  /** Rules by name, with the digest of their definition. */
  rules: Record<string, string>;
}
export const newWatch = (since: number, now: number): Watch => ({
  endpointId: null,
  position: null,
  newsSeq: 0,
  since,
  newest: null,
  seenAt: now,
  arrival: 0,
  quiet: { ms: 0, at: now },
  tooLate: 0,
  rules: {},
});

/** Where a rule stands for one group of values. */
export interface Group {
  readonly rule: string;
  readonly key: string;
  readonly values: Record<string, string>;
  phase: Phase;
  burst?: Burst;
  share?: Share;
  /** Of records that count: those seen last, and while it fires the first ones and how many. */
  seen: { id: string; time: number }[];
  first: string[];
  records: number;
  /** Of the rules that follow windows: the last one that held. */
  window?: { id: string; to: string };
  changed?: boolean;
}
export const seenMost = 100;

export const noteRecord = (group: Group, id: string, time: number): void => {
  group.seen.push({ id, time });
  if (group.seen.length > seenMost) group.seen.shift();
  if (group.phase.status !== 'firing') return;
  group.records += 1;
  if (group.first.length < seenMost) group.first.push(id);
};
