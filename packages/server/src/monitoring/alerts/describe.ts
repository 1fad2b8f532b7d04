import type { Alert } from '@boucle/contract';
import type { Burst } from './burst.ts';
import type { Rule } from './rules.ts';
import { fewestRecords, type JudgedWindow } from './share.ts';

const clockTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const percent = (share: number): string => `${(share * 100).toFixed(share * 100 < 10 ? 1 : 0)} %`;
export const length = (ms: number): string => {
  for (const [unit, size] of [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size} ${unit}${ms === size ? '' : 's'}`;
  }
  return ms >= 1000 ? `${Math.round(ms / 100) / 10} seconds` : `${ms} milliseconds`;
};
const whichOf = (where: Readonly<Record<string, string>>): string => {
  const parts = Object.entries(where).map(([column, value]) => `${column} is ${value}`);
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`;
};
const ofGroup = (values: Alert['group']): string =>
  Object.keys(values).length === 0
    ? ''
    : `, for ${Object.entries(values)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`;

export const describeBurst = (
  { spec, burst: rule }: Rule,
  burst: Burst,
  { values, late }: { values: Alert['group']; late: boolean },
): string => {
  const { from, until } = burst.span!;
  const begin = until - rule!.withinMs;
  const count = burst.times.filter((time) => time >= begin && time < until).length;
  const which = 'count' in spec ? whichOf(spec.count) : '';
  const lateness = late ? '; some of them came late, and it is over by now in event time' : '';
  return `${count} records${which} within ${length(rule!.withinMs)}${ofGroup(values)}, where at most ${rule!.enough - 1} are expected (from ${clockTime(Math.min(begin, from))})${lateness}`;
};

export const describeShare = ({ kind, spec, share: rule }: Rule, window: JudgedWindow, values: Alert['group']): string => {
  const { records, hits, interval, from, to } = window;
  const what =
    kind === 'latency' && 'latency' in spec
      ? `of requests took longer than ${spec.above} ms, so their ${spec.latency.quantile} quantile is above it`
      : kind === 'errorRate'
        ? 'of requests failed by a fault of ours'
        : `of records${'share' in spec ? whichOf(spec.share) : ''}`;
  const measured = `${percent(hits / records)} (${hits} of ${records}, 95 % interval ${percent(interval!.low)} to ${percent(interval!.high)})`;
  const fewest = fewestRecords(rule!);
  const least = Number.isFinite(fewest) ? `; fewer than ${fewest} records could not show it` : '';
  return `${measured} ${what} within ${length(rule!.withinMs)}${ofGroup(values)}, above ${percent(rule!.above)} beyond doubt (${clockTime(from)} to ${clockTime(to)})${least}`;
};
