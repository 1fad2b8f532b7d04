import { type DeclaredMonitor, durationMs } from '@boucle/contract';

export interface WindowTimes {
  readonly everyMs: number;
  readonly latenessMs: number;
}
/** Shorter ones would be more work than the traffic they look at. */
const shortestMs = 1000;
export const timesOf = ({ windows }: Pick<DeclaredMonitor, 'windows'>): WindowTimes => ({
  everyMs: Math.max(shortestMs, durationMs(windows?.every ?? '1h')),
  latenessMs: durationMs(windows?.lateness ?? '5m'),
});

export const startOf = (time: number, { everyMs }: WindowTimes): number => Math.floor(time / everyMs) * everyMs;

/** Clocks of two machines differ. */
const skewMs = 5 * 60_000;
/** Nothing that is logged here happened before; a clock that was never set begins in 1970. */
const earliest = Date.parse('2000-01-01T00:00:00.000Z');
/** Windows so long before the newest event keep what was counted; later comers are counted as late only. */
export const keptMs = 35 * 86_400_000;

/** Where a record belongs; an event time that cannot be true, or comes after its window is forgotten, enters none. */
export const placeOf = (
  { eventTime, arrivalTime }: { eventTime: number; arrivalTime: number },
  greatest: number | null,
): 'window' | 'future' | 'past' | 'late' => {
  if (eventTime > arrivalTime + skewMs) return 'future';
  if (!(eventTime >= earliest)) return 'past';
  return greatest !== null && eventTime < greatest - keptMs ? 'late' : 'window';
};

interface Traffic {
  readonly greatestEvent: number | null;
  /** When the last record came, or the monitor began. */
  readonly lastArrival: number;
  /** Whether all that came was read. */
  readonly isDrained: boolean;
}
/** Windows that end by it wait no longer: by the events as long as they come, by the clock once none came for the lateness. */
export const watermarkOf = ({ greatestEvent, lastArrival, isDrained }: Traffic, now: number, { latenessMs }: WindowTimes): number => {
  const byEvents = (greatestEvent ?? -Infinity) - latenessMs;
  const isQuiet = isDrained && now - lastArrival >= latenessMs;
  return Math.max(byEvents, isQuiet ? now - latenessMs : -Infinity);
};

/** When the window that begins at `from` closes at the latest, if nothing more comes. */
export const closesAt = (from: number, { lastArrival }: Pick<Traffic, 'lastArrival'>, times: WindowTimes): number =>
  Math.max(from + times.everyMs, lastArrival) + times.latenessMs;

/** A longer silence is one window. */
const mostSilent = 48;
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
/** The windows between two times for which there is none yet: silence is a finding too. */
export const silentStretches = ({ from, to }: Stretch, taken: ReadonlySet<number>, { everyMs }: WindowTimes): Stretch[] => {
  const gaps: Stretch[] = [];
  const inGap = [...taken].filter((start) => start >= from && start < to).sort((a, b) => a - b);
  let at = from;
  for (const next of [...inGap, to]) {
    const count = Math.round((next - at) / everyMs);
    if (count > mostSilent) gaps.push({ from: at, to: next });
    else for (let i = 0; i < count; i++) gaps.push({ from: at + i * everyMs, to: at + (i + 1) * everyMs });
    at = next + everyMs;
  }
  return gaps;
};
