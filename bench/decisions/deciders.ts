import { decideRampSafe, normalQuantile, observeRampSafe, rampSafe } from '@boucle/statistics';
import { type Traffic, walk } from './traffic.ts';

export type Outcome = 'rollback' | 'promote' | 'undecided';
export interface Decided {
  readonly outcome: Outcome;
  /** How many requests that took. */
  readonly requests: number;
}
export interface Decider {
  readonly name: string;
  readonly decide: (traffic: Traffic) => Decided;
}

/** What ships: a verdict may fall at any event, whatever the shares do. */
const ours: Decider = {
  name: 'Boucle',
  decide: (traffic) => {
    let state = rampSafe({ margin: 0.5, alphaRollback: 0.05, alphaPromote: 0.05 });
    let decided: Decided = { outcome: 'undecided', requests: 0 };
    let requests = 0;
    walk(traffic, (share, toCanary, isBad) => {
      requests++;
      if (!isBad) return false;
      state = observeRampSafe(state, { canary: toCanary, share });
      const { decision } = decideRampSafe(state);
      decided = { outcome: decision === 'hold' ? 'undecided' : decision, requests };
      return decision !== 'hold';
    });
    return { ...decided, requests };
  },
};

/** A test of two rates at 5 %, looked at every hundred requests until it is significant; what never was is promoted. */
const peeking: Decider = {
  name: 'peeking z-test',
  decide: (traffic) => {
    const critical = normalQuantile(0.95);
    let [requests, canary, canaryBad, bad] = [0, 0, 0, 0];
    let isWorse = false;
    walk(traffic, (_, toCanary, isBad) => {
      requests++;
      canary += Number(toCanary);
      bad += Number(isBad);
      canaryBad += Number(toCanary && isBad);
      if (requests % 100 !== 0 || canary < 30 || bad === 0) return false;
      const others = requests - canary;
      const pooled = bad / requests;
      const z = (canaryBad / canary - (bad - canaryBad) / others) / Math.sqrt(pooled * (1 - pooled) * (1 / canary + 1 / others));
      isWorse = z > critical;
      return isWorse;
    });
    return { outcome: isWorse ? 'rollback' : 'promote', requests };
  },
};

/** Ten requests a second. */
const perMinute = 600;

/**
 * A model of Flagger's documented loop, not a live cluster: ten steps of five per cent, windows of a minute, a window passes when
 * enough of the canary's requests succeed, an empty one too; a failed one holds the weight, and so many of them roll back. The limit
 * is absolute: 99 % is what is documented, 98.5 % is where Boucle's margin lies here.
 */
const loop = (threshold: number, limit: number): Decider => ({
  name: `Flagger's loop, ${threshold} checks, ${100 - 100 * limit} %`,
  decide: ({ random, risk, rate }) => {
    let [requests, failed] = [0, 0];
    for (let weight = 0.05; weight < 0.525;) {
      let [canary, bad] = [0, 0];
      for (let i = 0; i < perMinute; i++, requests++) {
        if (random.uniform() >= weight) continue;
        canary++;
        bad += Number(random.uniform() < rate(requests) * risk);
      }
      if (canary === 0 || bad / canary <= limit) weight += 0.05;
      else if (++failed >= threshold) return { outcome: 'rollback', requests };
    }
    return { outcome: 'promote', requests };
  },
});

export const deciders: readonly Decider[] = [ours, peeking, loop(5, 0.01), loop(10, 0.01), loop(10, 0.015)];
