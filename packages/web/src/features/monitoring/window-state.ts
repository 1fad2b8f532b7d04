import type { ColumnDrift, MonitorWindow, QualityFinding, WindowKpi } from '@boucle/contract';
import type { Mark } from '../../ui/status.tsx';

export type WindowState = 'faulty' | 'missed' | 'drifted' | 'quiet' | 'empty';

/** What a window is remembered by: the worst that was found in it. */
export const windowState = ({ rows, faults, missed, drifted }: MonitorWindow): WindowState => {
  if (faults > 0) return 'faulty';
  if (missed.length > 0) return 'missed';
  if (drifted.length > 0) return 'drifted';
  return rows === 0 ? 'empty' : 'quiet';
};
export const windowMark: Record<WindowState, Mark> = {
  // Of faulty data nothing can be said: the mark of what stands still.
  faulty: 'stopped',
  missed: 'broken',
  drifted: 'attention',
  quiet: 'ok',
  empty: 'idle',
};

/** How high each window of a strip stands: by its rows, and never so low that it cannot be hit. */
export const heightsOf = (windows: readonly MonitorWindow[]): number[] => {
  const most = Math.max(1, ...windows.map(({ rows }) => rows));
  return windows.map(({ rows }) => (rows === 0 ? 0.08 : 0.2 + 0.8 * Math.sqrt(rows / most)));
};

export const columnMark: Record<ColumnDrift['verdict'], Mark> = {
  drift: 'attention',
  none: 'ok',
  'not testable': 'idle',
  faulty: 'broken',
};
export const kpiMark: Record<WindowKpi['verdict'], Mark> = { met: 'ok', missed: 'broken', unsure: 'idle' };
export const findingMark = ({ isFault }: QualityFinding): Mark => (isFault ? 'broken' : 'attention');

/** Names one comparison of a window, in an address. */
export const comparisonKey = ({ variant, mode, column, measure, slice }: ColumnDrift): string =>
  [column, measure ?? '', slice ? `${slice.column}=${slice.value}` : '', variant, mode].join('~');

const order: Record<ColumnDrift['verdict'], number> = { drift: 0, faulty: 1, 'not testable': 2, none: 3 };
/** What was found first, the larger difference first; what concerns all rows before what concerns some of them. */
export const sortedColumns = (columns: readonly ColumnDrift[]): ColumnDrift[] =>
  [...columns].sort(
    (a, b) =>
      order[a.verdict] - order[b.verdict] ||
      Number(a.slice !== null) - Number(b.slice !== null) ||
      (b.totalVariation ?? 0) - (a.totalVariation ?? 0) ||
      (comparisonKey(a) < comparisonKey(b) ? -1 : 1),
  );

/** Where an arrow leads in a row of things; undefined where the key means nothing here. */
export const stepTo = (key: string, at: number, count: number): number | undefined => {
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
};
