import type { Optimizer } from './optimizers.ts';
import type { Schedule } from './schedules.ts';
import type { ParameterSettings } from './update.ts';

/** All that decides, with weights and batches, what is learned. A checkpoint belongs to one recipe. */
export interface Recipe {
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly clipNorm: number | null;
  readonly seed: number;
  readonly parameters: Readonly<Record<string, ParameterSettings>>;
}
