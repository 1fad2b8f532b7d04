import type { Overview } from '@boucle/contract';
import { wilson } from '@boucle/statistics';
import { type Measure, measureName } from './measure.ts';

type Range = readonly [low: number, high: number];

/** What was measured, with its company. `value` is null where nothing was measured yet. */
export type Tile =
  | {
      readonly kind: 'quality';
      readonly metric: Omit<Measure, 'value'> | null;
      readonly value: number | null;
      readonly interval: Range | null;
      readonly runs: number;
    }
  | {
      readonly kind: 'errors' | 'agreement';
      readonly value: number | null;
      readonly interval: Range | null;
      readonly count: number;
      readonly of: number;
    }
  | { readonly kind: 'latency'; readonly value: number | null; readonly of: number };

export const tilesOf = ({ tracking, serving, monitoring }: Overview): Tile[] => [
  {
    kind: 'quality',
    metric: tracking.metric === null ? null : measureName(tracking.metric),
    value: typeof tracking.value === 'number' ? tracking.value : null,
    interval: tracking.interval,
    runs: tracking.runs,
  },
  { kind: 'errors', ...share(serving.errors, serving.requests) },
  { kind: 'latency', value: serving.p95Ms, of: serving.requests },
  { kind: 'agreement', ...share(monitoring.agreed, monitoring.feedback), interval: monitoring.interval },
];

const share = (count: number, of: number) => {
  const interval = wilson(count, of);
  return { count, of, value: of === 0 ? null : count / of, interval: interval && ([interval.low, interval.high] as const) };
};
