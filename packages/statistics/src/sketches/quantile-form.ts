export interface QuantileForm {
  readonly kind: 'quantiles';
  readonly version: 1;
  readonly size: number;
  readonly seed: number;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Level h holds values that stand for 2ʰ values each, in ascending order, and has been halved `compactions[h]` times. */
  readonly levels: readonly (readonly number[])[];
  readonly compactions: readonly number[];
}
