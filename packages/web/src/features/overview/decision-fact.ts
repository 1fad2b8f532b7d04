/** What was seen, and what was decided on it: facts only. */
export type DecisionFact =
  | { readonly kind: 'drift'; readonly endpoint: string; readonly columns: readonly string[]; readonly effect: number }
  | { readonly kind: 'quality'; readonly endpoint: string; readonly message: string }
  | {
      readonly kind: 'kpi';
      readonly kpi: string;
      readonly value: number;
      readonly low: number;
      readonly high: number;
      readonly target: number;
    }
  | { readonly kind: 'alert'; readonly rule: string; readonly state: 'firing' | 'acknowledged' | 'resolved'; readonly message: string }
  | { readonly kind: 'notification'; readonly channel: string; readonly problem: string | null }
  | {
      readonly kind: 'retraining';
      readonly because: string;
      readonly rows: number;
      readonly status: string;
      readonly message: string;
      readonly version: number | null;
    }
  | { readonly kind: 'gates'; readonly version: number; readonly passed: boolean; readonly message: string }
  | {
      readonly kind: 'approval';
      readonly state: 'asked' | 'given' | 'refused';
      readonly given: number;
      readonly needed: number;
      readonly message: string;
    }
  | RolloutFact;

export interface RolloutFact {
  readonly kind: 'rollout';
  readonly endpoint: string;
  readonly number: number;
  readonly model: string | null;
  readonly version: number | null;
  readonly stage: string | null;
  readonly share: number;
  readonly status: string;
  readonly message: string;
}
