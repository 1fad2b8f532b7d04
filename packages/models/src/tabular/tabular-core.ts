import type { Forest } from '../trees/forest.ts';
import type { LinearWeights } from './linear-design.ts';
import type { TableFeature } from './table-columns.ts';
import type { TabularTask } from './tabular-options.ts';

/** What was learned. Plain data: it is written into the package as it is. */
export type TabularCore =
  | { readonly kind: 'forest'; readonly forest: Forest }
  | { readonly kind: 'linear'; readonly linear: LinearWeights };

export interface TabularModel {
  readonly task: TabularTask;
  readonly features: readonly TableFeature[];
  /** None for a regression. */
  readonly labels: readonly string[];
  readonly core: TabularCore;
}
