import type { Clock } from '../platform/index.ts';

/** A clock that moves when it is told. */
export const stillClock = (start = '2026-01-01T00:00:00.000Z'): Clock & { advance(ms: number): void } => {
  let at = Date.parse(start);
  return { now: () => new Date(at), advance: (ms) => void (at += ms) };
};
