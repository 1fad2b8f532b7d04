import type { Interval } from '../proportion.ts';
import { notTestable } from '../result.ts';
import { logBeta } from '../special/log-gamma.ts';
import { demandCount, demandFraction, demandPositive } from './demands.ts';
import { alwaysValidP, type Bounds, type Evidence, type Reading } from './evidence.ts';

export interface AttributionOptions {
  /** The canary's share of the traffic; it stays the same. For a share that changes take `rampSafe`. */
  readonly share: number;
  readonly alpha?: number;
  /** The Beta mixture, by default 10·share and 10·(1 − share): centred on equal rates. */
  readonly a?: number;
  readonly b?: number;
}

/** All that the process remembers; JSON and back changes no bit of it. */
export interface Attribution {
  readonly process: 'attribution';
  readonly share: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  /** Bad events of the canary and of the baseline. */
  readonly canary: number;
  readonly baseline: number;
  readonly logE: number;
  readonly maxLogE: number;
  /** Events seen when the canary was first shown to be worse; null before. */
  readonly alarmAt: number | null;
}

interface Counts {
  readonly canary: number;
  readonly baseline: number;
}

/**
 * ln of the mixture martingale of s canary and f baseline events against θ, the probability that an event is the canary's:
 * ln B(a + s, b + f) − ln B(a, b) − s ln θ − f ln(1 − θ). Source: Lindon, Malek 2020 (2011.03567);
 * Lindon, Sanden, Shirikian 2022 (2205.14762). Without unit; rounding stays below 1e-8 up to ten million events.
 * RangeError for counts, shares or a mixture out of range.
 */
export const logAttribution = (
  { canary, baseline }: Counts,
  { share, a = 10 * share, b = 10 * (1 - share) }: AttributionOptions,
): number => {
  demandFraction('share', share);
  demandPositive('a', a);
  demandPositive('b', b);
  demandCount('canary', canary);
  demandCount('baseline', baseline);
  if (canary + baseline === 0) return 0;
  return logBeta(a + canary, b + baseline) - logBeta(a, b) - canary * Math.log(share) - baseline * Math.log1p(-share) + 0;
};

/**
 * Begins the attribution process: given a bad event, under equal rates it is the canary's with probability `share`, whatever the base
 * rate does over time. RangeError for options out of range.
 */
export const attribution = ({ share, alpha = 0.05, a = 10 * share, b = 10 * (1 - share) }: AttributionOptions): Attribution => {
  demandFraction('alpha', alpha);
  logAttribution({ canary: 0, baseline: 0 }, { share, a, b });
  return { process: 'attribution', share, alpha, a, b, canary: 0, baseline: 0, logE: 0, maxLogE: 0, alarmAt: null };
};

/** The state after further bad events, looked at once. The alarm is one-sided: E ≥ 1/α with more canary events than its share. */
export const observeAttribution = (state: Attribution, more: Counts): Attribution => {
  demandCount('canary', more.canary);
  demandCount('baseline', more.baseline);
  const canary = state.canary + more.canary;
  const baseline = state.baseline + more.baseline;
  const logE = logAttribution({ canary, baseline }, state);
  const worse = logE >= -Math.log(state.alpha) && canary > state.share * (canary + baseline);
  const alarmAt = state.alarmAt ?? (worse ? canary + baseline : null);
  return { ...state, canary, baseline, logE, maxLogE: Math.max(state.maxLogE, logE), alarmAt };
};

export interface AttributionReading extends Evidence {
  /** Whether the canary was shown to be worse, now or before. */
  readonly alarm: boolean;
  readonly alarmAt: number | null;
  /** The canary's share of bad events; time-uniform: all θ whose process is below 1/α. */
  readonly theta: Interval & { readonly estimate: number };
  /** θ(1 − ρ) / (ρ(1 − θ)): how many times as often a request of the canary goes wrong. */
  readonly relativeRisk: Bounds & { readonly estimate: number | null };
}

/** What the process says now. Not testable before the first event. RangeError unless 0 < confidence < 1. */
export const readAttribution = (state: Attribution, confidence = 1 - state.alpha): Reading<AttributionReading> => {
  demandFraction('confidence', confidence);
  const { share, canary, baseline, logE, alarmAt } = state;
  const method = `attribution e-process, share ${share}, Beta(${state.a}, ${state.b})`;
  const sizes = [canary, baseline];
  if (canary + baseline === 0) return notTestable(method, sizes, 'no bad event has been seen');
  const { low, high } = keptLogOdds(state, -Math.log(1 - confidence));
  const logShareOdds = Math.log(share) - Math.log1p(-share);
  const risk = (logOdds: number | null) => (logOdds === null ? null : Math.exp(logOdds - logShareOdds));
  return {
    testable: true,
    method,
    sizes,
    logE,
    pValue: alwaysValidP(state.maxLogE),
    alarm: alarmAt !== null,
    alarmAt,
    theta: {
      estimate: canary / (canary + baseline),
      low: low === null ? 0 : 1 / (1 + Math.exp(-low)),
      high: high === null ? 1 : 1 / (1 + Math.exp(-high)),
      confidence,
    },
    relativeRisk: {
      estimate: baseline === 0 ? null : (canary * (1 - share)) / (baseline * share),
      low: low === null ? 0 : risk(low),
      high: risk(high),
      confidence,
    },
  };
};

/** Where the process against θ, convex in the log odds of θ and below 0 at the observed share, reaches `level`. */
const keptLogOdds = ({ canary, baseline, a, b }: Attribution, level: number): { low: number | null; high: number | null } => {
  const mixture = logBeta(a + canary, b + baseline) - logBeta(a, b);
  const logTheta = (logOdds: number) => (logOdds < 0 ? logOdds - Math.log1p(Math.exp(logOdds)) : -Math.log1p(Math.exp(-logOdds)));
  const isKept = (logOdds: number) => mixture - canary * logTheta(logOdds) - baseline * logTheta(-logOdds) < level;
  const inside = canary === 0 ? -700 : baseline === 0 ? 700 : Math.log(canary / baseline);
  return {
    low: canary === 0 ? null : boundary(-700, inside, isKept),
    high: baseline === 0 ? null : boundary(700, inside, isKept),
  };
};

/** Halves the way between a point outside and one inside until doubles end, and answers the outer of the two. */
const boundary = (outside: number, inside: number, isKept: (x: number) => boolean): number => {
  let outer = outside;
  let inner = inside;
  for (;;) {
    const middle = (outer + inner) / 2;
    if (middle === outer || middle === inner) return outer;
    if (isKept(middle)) inner = middle;
    else outer = middle;
  }
};
