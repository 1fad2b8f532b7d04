import { type Interval, wilson } from '@boucle/statistics';

/**
 * A share of records within so long of event time, looked at in twelve steps a window. A window is judged once, when no
 * record can come for it any more; so neither the order of arrival nor how often one looks changes the verdict.
 */
export interface Share {
  /** By the number of the step: how many records, and how many of them count. */
  steps: Record<string, [records: number, hits: number]>;
  /** The last step whose window is judged. */
  judged: number;
  /** What was said of it. */
  held: boolean;
}
export interface ShareRule {
  readonly above: number;
  readonly withinMs: number;
}
export interface JudgedWindow {
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly hits: number;
  readonly interval: Interval | null;
  /** The lower end of the interval is above the bound. */
  readonly holds: boolean;
}
const stepsInWindow = 12;
export const stepMs = ({ withinMs }: ShareRule): number => Math.max(1, Math.ceil(withinMs / stepsInWindow));
const stepOf = (time: number, rule: ShareRule): number => Math.floor(time / stepMs(rule));
export const newShare = (time: number, rule: ShareRule): Share => ({ steps: {}, judged: stepOf(time, rule) - 1, held: false });

/** Whether it still counts; its window may have been judged. */
export const addToShare = (share: Share, { time, hit }: { time: number; hit: boolean }, rule: ShareRule): boolean => {
  const step = stepOf(time, rule);
  if (step <= share.judged) return false;
  const known = (share.steps[step] ??= [0, 0]);
  known[0] += 1;
  if (hit) known[1] += 1;
  return true;
};

/** Judges the windows that end at or before a moment. Where nothing came for longer than a window, one verdict stands for all. */
export const judgeShare = (share: Share, until: number, rule: ShareRule): JudgedWindow[] => {
  const last = stepOf(until, rule) - 1;
  const verdicts: JudgedWindow[] = [];
  while (share.judged < last) {
    const steps = Object.keys(share.steps).map(Number);
    const isEmpty = steps.length === 0;
    const next = isEmpty && !share.held ? last : Math.max(share.judged + 1, isEmpty ? 0 : Math.min(...steps));
    if (next > last) break;
    share.judged = next;
    if (isEmpty && !share.held) break;
    const verdict = judgeWindow(share, rule);
    share.held = verdict.holds;
    verdicts.push(verdict);
    delete share.steps[next - stepsInWindow + 1];
  }
  return verdicts;
};

const judgeWindow = ({ steps, judged }: Share, rule: ShareRule): JudgedWindow => {
  let records = 0;
  let hits = 0;
  for (let step = judged - stepsInWindow + 1; step <= judged; step += 1) {
    const [more, count] = steps[step] ?? [0, 0];
    records += more;
    hits += count;
  }
  const interval = wilson(hits, records);
  const to = (judged + 1) * stepMs(rule);
  return { from: to - stepsInWindow * stepMs(rule), to, records, hits, interval, holds: interval !== null && interval.low > rule.above };
};

/** The least number of records, all of them hits, whose interval lies above the bound. */
export const fewestRecords = ({ above }: Pick<ShareRule, 'above'>): number => {
  if (above >= 1) return Infinity;
  let n = 1;
  while (wilson(n, n)!.low <= above) n += 1;
  return n;
};

/** When the next window can be judged: its end. */
export const nextJudgement = (share: Share, rule: ShareRule): number => (share.judged + 2) * stepMs(rule);
