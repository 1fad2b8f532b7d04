import type { EventData, StepStatus } from '@boucle/contract';
import type { Mark } from '../../ui/status.tsx';
import type { DecisionFact } from './decision-fact.ts';
import type { Measure } from './measure.ts';

/** What stands in one line of the story: facts only, the sentence is the catalogue's. */
export type StoryFact =
  | { readonly kind: 'project'; readonly name: string }
  | { readonly kind: 'manifest'; readonly number: number; readonly changes: number }
  | ({ readonly kind: 'dataset' } & EventData['dataset_version.created'])
  | PipelineFact
  | { readonly kind: 'step'; readonly step: string; readonly isRetried: boolean; readonly isLost: boolean; readonly message: string }
  | { readonly kind: 'run'; readonly name: string; readonly status: string; readonly measures: readonly Measure[] }
  | ({ readonly kind: 'model' } & EventData['model_version.registered'])
  | ({ readonly kind: 'alias' } & EventData['alias.moved'])
  | DeploymentFact
  | ({ readonly kind: 'traffic' } & EventData['predictions.counted'])
  | ({ readonly kind: 'unlogged' } & EventData['predictions.lost'])
  | ({ readonly kind: 'feedback' } & EventData['feedback.recorded'])
  | DecisionFact;

export interface PipelineFact {
  readonly kind: 'pipeline';
  readonly pipeline: string;
  readonly number: number;
  readonly status: string;
  readonly steps: number;
  /** The latest of each step that was heard of. */
  readonly heard: Readonly<Record<string, StepHeard>>;
  readonly seconds: number | null;
}
export interface StepHeard {
  readonly status: StepStatus;
  readonly done?: number | undefined;
  readonly total?: number | undefined;
}
export interface DeploymentFact {
  readonly kind: 'deployment';
  readonly endpoint: string;
  readonly number: number;
  readonly model: string | null;
  readonly version: number | null;
  readonly status: 'starting' | 'ready' | 'failed';
  readonly warmUpMs: number | null;
  readonly message: string | null;
}

export interface StoryEntry {
  readonly key: string;
  readonly mark: Mark;
  /** When it was last news. */
  readonly at: number;
  readonly fact: StoryFact;
}
