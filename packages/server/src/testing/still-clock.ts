import { type LeapingClock, leapingClock } from '../platform/index.ts';

/** A clock that moves when it is told. */
export const stillClock = (start = '2026-01-01T00:00:00.000Z'): LeapingClock => leapingClock(new Date(start), { flows: false });
