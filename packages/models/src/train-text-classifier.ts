import { invalid } from '@boucle/contract';
import { trainLogistic } from './linear/train-logistic.ts';
import type { TrainedText } from './trained-text.ts';
import type { TextTrainingOptions } from './training-options.ts';
import type { TrainingHooks } from './training-pace.ts';
import type { TextRows } from './training-rows.ts';

/** Learns to tell the labels of texts apart, by the approach that the options name. */
export const trainTextClassifier = async (
  rows: TextRows,
  options: TextTrainingOptions,
  hooks: TrainingHooks = {},
): Promise<TrainedText> => {
  switch (options.approach) {
    case 'logistic-regression':
      return trainLogistic(rows, options, hooks);
    // With these comes a native runtime.
    case 'bilstm':
      return (await import('./lstm/train-bilstm.ts')).trainBilstm(rows, options, hooks);
    case 'bert':
      return (await import('./bert/train-bert.ts')).trainBert(rows, options, hooks);
    default:
      throw invalid(
        `There is no approach ${JSON.stringify((options as TextTrainingOptions).approach)}; use logistic-regression, bilstm or bert`,
        'unknown_approach',
      );
  }
};
