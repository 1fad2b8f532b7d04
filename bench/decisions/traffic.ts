import type { Random } from '@boucle/statistics';

/** A stretch of a ramp: so many requests with this share to the canary. */
export interface Stretch {
  readonly share: number;
  readonly requests: number;
}
/** The rate of bad events at the baseline, by request. */
export type BaseRate = (request: number) => number;

/** The schedule of the reference figures: 5, 10, 25 and 50 per cent. */
export const ramp: readonly Stretch[] = [
  { share: 0.05, requests: 3000 },
  { share: 0.1, requests: 3000 },
  { share: 0.25, requests: 6000 },
  { share: 0.5, requests: 48_000 },
];
export const constant: BaseRate = () => 0.01;
/** From almost none to nearly twice the mean, every 5,000 requests. */
export const daily: BaseRate = (request) => 0.01 * (1 + 0.9 * Math.sin((2 * Math.PI * request) / 5000));

export interface Traffic {
  readonly random: Random;
  /** The canary has so many times the baseline's bad events. */
  readonly risk: number;
  readonly rate: BaseRate;
}
/** Told of each request; true ends it. */
export type Visit = (share: number, toCanary: boolean, isBad: boolean) => boolean;

/** Requests of a ramp one by one. */
export const walk = ({ random, risk, rate }: Traffic, visit: Visit): void => {
  let at = 0;
  for (const { share, requests } of ramp) {
    for (let i = 0; i < requests; i++, at++) {
      const toCanary = random.uniform() < share;
      if (visit(share, toCanary, random.uniform() < rate(at) * (toCanary ? risk : 1))) return;
    }
  }
};
