import type { ModelComparison } from '@boucle/contract';
import type { Range } from '../../ui/chart/scale.ts';

export type Approach = ModelComparison['approaches'][number];
type Unit = 'seconds' | 'bytes' | 'wattHours' | 'perSecond' | 'price' | 'share';

/** One row of the table: a number of each approach that was measured. */
interface Criterion {
  readonly name: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  readonly of: (approach: Approach) => number | null;
}
const last = ({ curve }: Approach) => curve.at(-1);

/** What is measured as a number, in the order in which it is read; quality, with its intervals, has a chart of its own. */
export const criteria = {
  learning: [
    { name: 'trainingTime', unit: 'seconds', better: 'lower', of: (one) => last(one)?.seconds ?? null },
    { name: 'trainingCpu', unit: 'seconds', better: 'lower', of: (one) => last(one)?.cpuSeconds ?? null },
    { name: 'energy', unit: 'wattHours', better: 'lower', of: ({ training }) => training.wattHours },
    { name: 'trainingMemory', unit: 'bytes', better: 'lower', of: (one) => last(one)?.peakMemoryBytes ?? null },
  ],
  operation: [
    { name: 'package', unit: 'bytes', better: 'lower', of: ({ serving }) => serving.package.bytes },
    { name: 'memory', unit: 'bytes', better: 'lower', of: ({ serving }) => serving.memoryBytes },
    { name: 'peakMemory', unit: 'bytes', better: 'lower', of: ({ serving }) => serving.peakMemoryBytes },
    { name: 'load', unit: 'seconds', better: 'lower', of: ({ serving }) => serving.loadSeconds },
    { name: 'p50', unit: 'seconds', better: 'lower', of: ({ serving }) => serving.latencySeconds.p50 },
    { name: 'p95', unit: 'seconds', better: 'lower', of: ({ serving }) => serving.latencySeconds.p95 },
    { name: 'p99', unit: 'seconds', better: 'lower', of: ({ serving }) => serving.latencySeconds.p99 },
    { name: 'throughput', unit: 'perSecond', better: 'higher', of: ({ serving }) => serving.textsPerSecond },
    { name: 'price', unit: 'price', better: 'lower', of: ({ pricePerThousand }) => pricePerThousand },
  ],
  explanation: [
    { name: 'explained', unit: 'share', better: 'higher', of: ({ serving }) => serving.explanation?.explained ?? null },
    { name: 'leastExplained', unit: 'share', better: 'higher', of: ({ serving }) => serving.explanation?.leastExplained ?? null },
    { name: 'explanationTime', unit: 'seconds', better: 'lower', of: ({ serving }) => serving.explanation?.secondsEach ?? null },
  ],
} as const satisfies Record<string, readonly Criterion[]>;
export type Group = keyof typeof criteria;
export type CriterionName = (typeof criteria)[Group][number]['name'];

/** The numbers of one row, which of them are best, and the ends of an axis that holds them: shares on a line, all else by its logarithm. */
export const rowOf = ({ of, better, unit }: Criterion, approaches: readonly Approach[]) => {
  const values = approaches.map(of);
  const known = values.filter((value) => value !== null);
  const best = known.length < 2 ? undefined : better === 'lower' ? Math.min(...known) : Math.max(...known);
  const isLog = unit !== 'share' && known.every((value) => value > 0);
  const range: Range = isLog ? [Math.min(...known) / 2, Math.max(...known) * 2] : [0, Math.max(1, ...known)];
  return { values, isBest: values.map((value) => value !== null && value === best), range, isLog };
};
