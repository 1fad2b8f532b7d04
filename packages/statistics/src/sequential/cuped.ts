import { notTestable, type NotTestable } from '../result.ts';
import { demandMagnitude } from './demands.ts';

/** An outcome with what was known of the same unit before it was assigned to an arm. */
export interface Covaried {
  readonly outcome: number;
  readonly covariate: number;
}

export interface Cuped {
  readonly testable: true;
  readonly method: string;
  readonly sizes: readonly number[];
  /** cov(Y, X)/var(X), in units of the outcome per unit of the covariate; 0 where the covariate does not vary. */
  readonly theta: number;
  /** Y − θ(X − mean X), in the order given, with the same mean. */
  readonly adjusted: readonly number[];
  /** 1 − var(adjusted)/var(Y), the squared correlation: the share of values that the adjustment saves. */
  readonly varianceReduction: number;
}

/**
 * CUPED: takes out of outcomes what a covariate from before the assignment foretold. Give the units of all arms together, so that both
 * are adjusted by one θ and the difference of their means keeps its expectation. Source: Deng, Xu, Kohavi, Walker 2013, section 3.2;
 * anytime-valid by an asymptotic sequence of the adjusted values: Lindon, Ham, Tingley, Bojinov 2022 (2210.08589).
 * Not testable with fewer than three units or outcomes that do not vary. RangeError for numbers that are not finite.
 */
export const cuped = (units: readonly Covaried[]): Cuped | NotTestable => {
  const method = 'CUPED, one covariate';
  for (const { outcome, covariate } of units) {
    demandMagnitude('An outcome', outcome);
    demandMagnitude('A covariate', covariate);
  }
  const n = units.length;
  if (n < 3) return notTestable(method, [n], 'an adjustment needs three units');
  const outcomeMean = units.reduce((sum, { outcome }) => sum + outcome / n, 0);
  const covariateMean = units.reduce((sum, { covariate }) => sum + covariate / n, 0);
  let yy = 0;
  let xx = 0;
  let xy = 0;
  for (const { outcome, covariate } of units) {
    yy += (outcome - outcomeMean) ** 2;
    xx += (covariate - covariateMean) ** 2;
    xy += (outcome - outcomeMean) * (covariate - covariateMean);
  }
  if (!(yy > 0)) return notTestable(method, [n], 'the outcomes do not vary');
  const theta = xx > 0 ? xy / xx : 0;
  return {
    testable: true,
    method,
    sizes: [n],
    theta,
    adjusted: units.map(({ outcome, covariate }) => outcome - theta * (covariate - covariateMean)),
    varianceReduction: xx > 0 ? Math.min(1, (xy / xx) * (xy / yy)) : 0,
  };
};
