import type { ColumnDrift, QualityFinding, WindowKpi, WindowResult } from '@boucle/contract';
import type { NewEvent } from '../../platform/index.ts';
import type { Summary } from './window-store.ts';

/** A window's verdict in a few numbers. */
export const summarise = ({ columns, quality, kpis, performance, traffic }: WindowResult): Summary => {
  const rowsOf = (wanted: 'live' | 'shadow'): number => traffic.reduce((sum, { mode, rows }) => sum + (mode === wanted ? rows : 0), 0);
  return {
    rows: rowsOf('live'),
    shadowRows: rowsOf('shadow'),
    labelled: performance.reduce((sum, { mode, slice, labelled }) => sum + (mode === 'live' && slice === null ? labelled : 0), 0),
    drifted: [...new Set(columns.filter(isDrift).map(({ column }) => column))],
    faults: quality.filter(({ isFault }) => isFault).length,
    missed: kpis.filter(({ verdict }) => verdict === 'missed').map(({ kpi }) => kpi),
  };
};
const isDrift = ({ mode, verdict }: ColumnDrift): boolean => mode === 'live' && verdict === 'drift';

interface About {
  readonly monitor: string;
  readonly endpoint: string;
  readonly windowId: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
}
type News = Pick<NewEvent<'window.closed' | 'drift.found' | 'quality.failed' | 'kpi.missed'>, 'type' | 'data'>;

/** What is told of a version of a window: that it closed, and what was not found in the version before. */
export const newsOf = ({ from, to, ...about }: About, result: WindowResult, before: WindowResult | null): News[] => {
  const { rows, labelled, drifted, faults, missed } = summarise(result);
  const news: News[] = [{ type: 'window.closed', data: { ...about, from, to, rows, labelled, drifted, faults, missed } }];
  const isNew = <T>(list: (one: WindowResult) => readonly T[], keyOf: (item: T) => string): boolean => {
    const known = new Set((before ? list(before) : []).map(keyOf));
    return list(result).some((item) => !known.has(keyOf(item)));
  };
  const driftOf = ({ columns }: WindowResult): ColumnDrift[] => columns.filter(isDrift);
  if (isNew(driftOf, ({ column, variant, slice }) => JSON.stringify([column, variant, slice]))) {
    const columns = driftOf(result).map(({ column, variant, slice, measure, method, pValue, totalVariation }) => ({
      column,
      method: measure === null ? method! : `${measure}, ${method}`,
      pValue: pValue!,
      effect: totalVariation!,
      variant,
      ...(slice && { slice: `${slice.column} is ${slice.value}` }),
    }));
    news.push({ type: 'drift.found', data: { ...about, columns } });
  }
  const faultsOf = ({ quality }: WindowResult): QualityFinding[] => quality.filter(({ isFault }) => isFault);
  if (isNew(faultsOf, ({ column, fault, variant }) => JSON.stringify([column, fault, variant]))) {
    const findings = faultsOf(result).map(({ column, fault, message }) => ({ column: column ?? '', fault, message }));
    news.push({ type: 'quality.failed', data: { ...about, findings } });
  }
  const missedOf = ({ kpis }: WindowResult): WindowKpi[] => kpis.filter(({ verdict }) => verdict === 'missed');
  for (const { kpi, value, interval, target } of missedOf(result)) {
    if (before && missedOf(before).some((one) => one.kpi === kpi)) continue;
    news.push({
      type: 'kpi.missed',
      data: { ...about, kpi, value: value!, interval: interval!, target: (target.atLeast ?? target.atMost)! },
    });
  }
  return news;
};

/** How the estimates of a version did against labels: what a track record adds up. */
export const scoresOf = (result: WindowResult | null) => {
  const scored = (result?.estimates ?? []).filter(
    ({ mode, slice, metric, heldUp }) => mode === 'live' && slice === null && metric === 'accuracy' && heldUp !== null,
  );
  return {
    scored: scored.length,
    heldUp: scored.filter(({ heldUp }) => heldUp === true).length,
    errorSum: scored.reduce((sum, { value, actual }) => sum + (actual!.value! - value!), 0),
  };
};
