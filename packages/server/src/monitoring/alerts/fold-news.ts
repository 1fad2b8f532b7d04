import type { AlertEvidence, BoucleEvent, EventData } from '@boucle/contract';
import { decide } from './phase.ts';
import { type Folding, groupOf, type Move } from './fold.ts';
import type { Rule } from './rules.ts';
import type { Group } from './watch-state.ts';

type Closed = EventData['window.closed'];
type Told = { windowId: string; version: number };

/** News of a monitor's windows, for the rules that follow them. */
export const foldNews = (folding: Folding, event: BoucleEvent): void => {
  for (const rule of folding.rules) {
    const verdict = verdictOf(rule, event);
    if (verdict === undefined) continue;
    const group = groupOf(folding, rule, {});
    if (event.type === 'window.closed' && !isOfTheLast(group, event.data as unknown as Closed, verdict.holds)) continue;
    const at = Date.parse(event.at);
    const since = group.phase.status === 'inactive' ? at : group.phase.since;
    const { phase, effect } = decide(group.phase, { holds: verdict.holds, since, at }, rule.forMs);
    // A verdict without its reason only keeps up what holds already.
    if (verdict.message === null && effect === 'fire' && group.phase.status === 'inactive') continue;
    group.phase = phase;
    group.changed = true;
    if (effect === null) continue;
    const { windowId, version } = event.data as unknown as Told;
    const message = verdict.message ?? `It held for ${rule.spec.for ?? 'so long'}, up to version ${version} of window ${windowId}`;
    const evidence: AlertEvidence = { first: [], last: [], records: 0, from: null, to: null, window: { id: windowId, version } };
    const late = effect === 'fire' && version > 1;
    const move: Move = { rule, group, effect, message, late, evidence, resolution: null, correlationId: event.correlationId };
    folding.moves.push(move);
  }
};

interface Verdict {
  readonly holds: boolean;
  readonly message: string | null;
}
const stillHolds: Verdict = { holds: true, message: null };
const over: Verdict = { holds: false, message: null };

const verdictOf = ({ kind, spec }: Rule, { type, data }: BoucleEvent): Verdict | undefined => {
  if (kind === 'drift' && 'drift' in spec) {
    const isWanted = (column: string): boolean => spec.drift === true || spec.drift.includes(column);
    if (type === 'drift.found') {
      const columns = (data as unknown as EventData['drift.found']).columns.filter(({ column }) => isWanted(column));
      return columns.length === 0 ? undefined : { holds: true, message: driftMessage(columns) + windowText(data as unknown as Told) };
    }
    if (type === 'window.closed') return (data as unknown as Closed).drifted.some(isWanted) ? stillHolds : over;
  }
  if (kind === 'quality') {
    if (type === 'quality.failed') {
      const { findings } = data as unknown as EventData['quality.failed'];
      const said = findings.slice(0, 5).map(({ message }) => message);
      const more = findings.length > 5 ? ` and ${findings.length - 5} more` : '';
      return { holds: true, message: `${said.join('; ')}${more}${windowText(data as unknown as Told)}` };
    }
    if (type === 'window.closed') return (data as unknown as Closed).faults > 0 ? stillHolds : over;
  }
  if (kind === 'kpi' && 'kpi' in spec) {
    if (type === 'kpi.missed') {
      const { kpi, value, interval, target } = data as unknown as EventData['kpi.missed'];
      if (kpi !== spec.kpi) return undefined;
      const [low, high] = interval.map((end) => end.toPrecision(3));
      const message = `${kpi} is ${value.toPrecision(3)} (95 % interval ${low} to ${high}), and misses its target ${target} beyond doubt`;
      return { holds: true, message: message + windowText(data as unknown as Told) };
    }
    if (type === 'window.closed') return closedKpi(data as unknown as Closed, spec.kpi);
  }
  return undefined;
};

/** A window without labels says nothing of a KPI. */
const closedKpi = ({ missed, labelled }: Closed, kpi: string): Verdict | undefined => {
  if (missed?.includes(kpi)) return stillHolds;
  return missed && labelled > 0 ? over : undefined;
};

/** Labels make new versions of old windows: one that lies before the last that held says nothing of now. */
const isOfTheLast = (group: Group, { windowId: id, to }: Closed, holds: boolean): boolean => {
  if (group.window && to < group.window.to) return false;
  if (holds) {
    group.window = { id, to };
    group.changed = true;
  }
  return true;
};

const windowText = ({ windowId, version }: Told): string =>
  ` (window ${windowId}${version > 1 ? `, version ${version}: something came late` : ''})`;
const driftMessage = (columns: EventData['drift.found']['columns']): string => {
  const said = columns
    .slice(0, 5)
    .map(({ column, method, pValue, effect }) => `${column} (${method}, p ${pValue.toPrecision(2)}, effect ${effect.toPrecision(2)})`);
  return `Drift in ${said.join(', ')}${columns.length > 5 ? ` and ${columns.length - 5} more` : ''}`;
};
