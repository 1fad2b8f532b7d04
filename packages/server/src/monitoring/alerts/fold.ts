import type { AlertEvidence } from '@boucle/contract';
import { addToBurst, newBurst, pruneBurst } from './burst.ts';
import { describeBurst, describeShare, length } from './describe.ts';
import type { Facts } from './facts.ts';
import { decide, inactive, type Observation } from './phase.ts';
import type { Rule } from './rules.ts';
import { addToShare, type JudgedWindow, judgeShare, newShare, nextJudgement } from './share.ts';
import { type Group, noteRecord, seenMost, type Watch } from './watch-state.ts';

/** An alert that begins or ends. */
export interface Move {
  readonly rule: Rule;
  readonly group: Group;
  readonly effect: 'fire' | 'resolve';
  readonly message: string;
  readonly late: boolean;
  readonly evidence: AlertEvidence;
  readonly resolution: string | null;
  /** Of the news that it follows from. */
  readonly correlationId?: string | null | undefined;
}
export interface Folding {
  readonly watch: Watch;
  readonly rules: readonly Rule[];
  readonly latenessMs: number;
  /** By rule, then by key. */
  readonly groups: Map<string, Map<string, Group>>;
  readonly moves: Move[];
}

/** More groups than this share the last one: a rule never holds more, and misses none. */
export const mostGroups = 1000;
export const others = '(others)';

/** One record, in the order of the log. */
export const foldRecord = (folding: Folding, facts: Facts, now: number): void => {
  const { watch, latenessMs, rules } = folding;
  if (facts.arrival < watch.since) return;
  if (facts.arrival < watch.arrival - latenessMs) beginAnew(folding, facts);
  watch.arrival = Math.max(watch.arrival, facts.arrival);
  watch.quiet = { ms: 0, at: now };
  // A time ahead of its own arrival would make all that follows too late.
  const time = facts.time > facts.arrival + latenessMs ? facts.arrival : facts.time;
  if (watch.newest !== null && time < watch.newest - latenessMs) {
    watch.tooLate += 1;
    return;
  }
  if (watch.newest === null || time > watch.newest) {
    watch.newest = time;
    watch.seenAt = now;
    passTime(folding, time, { isIdle: false });
  }
  for (const rule of rules) {
    if (rule.burst) foldBurst(folding, rule, { facts, time });
    else if (rule.share) foldShare(folding, rule, { facts, time });
    else if (rule.noDataMs !== undefined) move(folding, { rule, group: groupOf(folding, rule, {}) }, { holds: false, since: 0, at: 0 });
  }
};

/** The clock went back: what was seen of event time would hold everything for late until it is there again. */
const beginAnew = ({ watch, groups, rules }: Folding, { time, arrival }: Facts): void => {
  watch.newest = null;
  watch.arrival = arrival;
  for (const rule of rules) {
    for (const group of groups.get(rule.name)?.values() ?? []) {
      group.changed = true;
      if (group.burst) {
        const span = group.burst.span && {
          from: Math.min(group.burst.span.from, time),
          until: Math.min(group.burst.span.until, time + rule.burst!.withinMs),
        };
        group.burst = { times: [], span };
      }
      if (group.share) group.share = newShare(time, rule.share!);
    }
  }
};

const foldBurst = (folding: Folding, rule: Rule, { facts, time }: { facts: Facts; time: number }): void => {
  if (!rule.burst!.counts(facts)) return;
  const group = groupOf(folding, rule, valuesOf(rule, facts));
  const burst = (group.burst ??= newBurst());
  group.changed = true;
  noteRecord(group, facts.id, time);
  addToBurst(burst, time, rule.burst!);
  observeBurst(folding, { rule, group }, folding.watch.newest!);
  pruneBurst(burst, { watermark: folding.watch.newest! - folding.latenessMs, withinMs: rule.burst!.withinMs });
};
const observeBurst = (folding: Folding, { rule, group }: One, eventNow: number): void => {
  const { span } = group.burst!;
  if (span) move(folding, { rule, group }, { holds: true, since: span.from, at: Math.min(eventNow, span.until) });
};

const foldShare = (folding: Folding, rule: Rule, { facts, time }: { facts: Facts; time: number }): void => {
  if (!rule.share!.counts(facts)) return;
  const group = groupOf(folding, rule, valuesOf(rule, facts));
  group.share ??= newShare(time - folding.latenessMs, rule.share!);
  const hit = rule.share!.hits(facts);
  if (!addToShare(group.share, { time, hit }, rule.share!)) return;
  group.changed = true;
  if (hit) noteRecord(group, facts.id, time);
};

interface One {
  readonly rule: Rule;
  readonly group: Group;
}
/** Event time has come so far: spans that are over end, and windows that are complete are judged. */
const passTime = (folding: Folding, eventNow: number, { isIdle }: { isIdle: boolean }): void => {
  const watermark = eventNow - folding.latenessMs;
  for (const rule of folding.rules) {
    for (const group of folding.groups.get(rule.name)?.values() ?? []) {
      if (group.burst?.span) {
        observeBurst(folding, { rule, group }, eventNow);
        if (watermark > group.burst.span.until) {
          group.burst.span = null;
          // Who has been told that it is over is not told again by the same records.
          if (isIdle) group.burst.times = [];
          move(folding, { rule, group }, over);
        }
      }
      if (group.share && watermark >= nextJudgement(group.share, rule.share!)) {
        for (const window of judgeShare(group.share, watermark, rule.share!)) {
          group.changed = true;
          const since = group.phase.status === 'inactive' ? window.to : group.phase.since;
          move(folding, { rule, group }, { holds: window.holds, since, at: window.to }, window);
        }
      }
    }
  }
};
const over: Observation = { holds: false, since: 0, at: 0 };

/** The clock alone, once all that came was read: what would come by now counts as gone by. */
export const foldClock = (folding: Folding, now: number): void => {
  const { watch, rules } = folding;
  if (watch.newest !== null) passTime(folding, watch.newest + Math.max(0, now - watch.seenAt), { isIdle: true });
  const watched = rules.filter(({ noDataMs }) => noDataMs !== undefined);
  if (watched.length === 0) return;
  // A clock that leaps, or a server that was down, has watched no silence: one step counts for two at most.
  const step = Math.min(Math.max(0, now - watch.quiet.at), 2 * Math.min(...watched.map(quietStepMs)));
  watch.quiet = { ms: watch.quiet.ms + step, at: now };
  for (const rule of watched) {
    const holds = watch.quiet.ms >= rule.noDataMs!;
    if (holds) move(folding, { rule, group: groupOf(folding, rule, {}) }, { holds, since: rule.noDataMs!, at: watch.quiet.ms });
  }
};
const quietStepMs = ({ noDataMs }: Rule): number => Math.max(1, Math.ceil(noDataMs! / 8));

/** When the clock alone may change something; null while only records can. */
export const nextLook = ({ watch, rules, groups, latenessMs }: Folding, now: number): number | null => {
  const due: number[] = [];
  const atEvent = (time: number): void => void (watch.newest !== null && due.push(watch.seenAt + time - watch.newest));
  for (const rule of rules) {
    if (rule.noDataMs !== undefined) due.push(now + quietStepMs(rule));
    for (const { burst, share, phase } of groups.get(rule.name)?.values() ?? []) {
      if (burst?.span && phase.status === 'pending') atEvent(Math.min(burst.span.until, burst.span.from + rule.forMs));
      if (burst?.span) atEvent(burst.span.until + latenessMs + 1);
      if (share && (Object.keys(share.steps).length > 0 || phase.status !== 'inactive'))
        atEvent(nextJudgement(share, rule.share!) + latenessMs);
    }
  }
  return due.length === 0 ? null : Math.max(now + 1, Math.min(...due));
};

/** Groups of which nothing is left that could matter. */
export const forgetIdle = ({ groups, rules, watch, latenessMs }: Folding): Group[] => {
  const forgotten: Group[] = [];
  for (const rule of rules) {
    const known = groups.get(rule.name);
    for (const group of known?.values() ?? []) {
      if (group.phase.status !== 'inactive' || group.window) continue;
      if (group.burst && watch.newest !== null)
        pruneBurst(group.burst, { watermark: watch.newest - latenessMs, withinMs: rule.burst!.withinMs });
      const isEmpty = (group.burst?.times.length ?? 0) === 0 && Object.keys(group.share?.steps ?? {}).length === 0;
      if (!isEmpty) continue;
      known!.delete(group.key);
      forgotten.push(group);
    }
  }
  return forgotten;
};

export const groupOf = ({ groups }: Pick<Folding, 'groups'>, rule: Rule, values: Record<string, string>): Group => {
  const known = groups.get(rule.name) ?? new Map<string, Group>();
  groups.set(rule.name, known);
  const key = JSON.stringify(Object.values(values));
  const found = known.get(key);
  if (found) return found;
  const isFull = known.size >= mostGroups;
  const kept = isFull ? Object.fromEntries(Object.keys(values).map((name) => [name, others])) : values;
  const keptKey = isFull ? JSON.stringify(Object.values(kept)) : key;
  const fresh: Group = known.get(keptKey) ?? {
    rule: rule.name,
    key: keptKey,
    values: kept,
    phase: inactive,
    seen: [],
    first: [],
    records: 0,
  };
  known.set(keptKey, fresh);
  return fresh;
};
const valuesOf = ({ groupBy }: Rule, facts: Facts): Record<string, string> =>
  Object.fromEntries(groupBy.map((column) => [column, facts.valueOf(column) ?? '']));

/** Decides, and notes what begins or ends. */
const move = (folding: Folding, { rule, group }: One, observation: Observation, window?: JudgedWindow): void => {
  const { phase, effect } = decide(group.phase, observation, rule.forMs);
  if (phase !== group.phase) group.changed = true;
  group.phase = phase;
  if (effect === null) return;
  const { watch } = folding;
  if (effect === 'fire') {
    const from = window ? window.from : group.burst?.span ? group.burst.span.until - rule.burst!.withinMs : null;
    const inside = group.seen.filter(({ time }) => from === null || time >= from);
    group.first = inside.map(({ id }) => id).slice(0, seenMost);
    group.records = window ? window.hits : group.burst ? group.burst.times.filter((time) => time >= (from ?? 0)).length : 0;
  }
  const late = effect === 'fire' && group.burst?.span != null && group.burst.span.until <= watch.newest!;
  folding.moves.push({
    rule,
    group,
    effect,
    late,
    message: effect === 'resolve' ? '' : messageOf({ rule, group }, { late, window, folding }),
    evidence: evidenceOf({ rule, group }, window),
    resolution: null,
  });
};
const messageOf = (
  { rule, group }: One,
  { late, window, folding }: { late: boolean; window: JudgedWindow | undefined; folding: Folding },
): string => {
  const many = Object.values(group.values).includes(others) ? ` (values beyond the first ${mostGroups} are counted together)` : '';
  if (window) return describeShare(rule, window, group.values) + many;
  if (group.burst) return describeBurst(rule, group.burst, { values: group.values, late }) + many;
  const { arrival } = folding.watch;
  const last = arrival === 0 ? 'none came since it is watched' : `the last one came at ${new Date(arrival).toISOString()}`;
  return `No requests for ${length(rule.noDataMs!)}: ${last}`;
};
const iso = (ms: number): string => new Date(ms).toISOString();
const evidenceOf = ({ rule, group }: One, window?: JudgedWindow): AlertEvidence => {
  const { first, seen, records, burst } = group;
  const span = window
    ? { from: window.from, to: window.to }
    : burst?.span
      ? { from: burst.span.until - rule.burst!.withinMs, to: burst.span.until }
      : null;
  return {
    first: [...first],
    last: seen.filter(({ time }) => span === null || time >= span.from).map(({ id }) => id),
    records,
    from: span && iso(span.from),
    to: span && iso(span.to),
    window: null,
  };
};
