/** Handed in wherever time is read, so that a test can hold it still and a demonstration can hurry it. */
export interface Clock {
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };
