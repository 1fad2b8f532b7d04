export { checkInput } from './check-input.ts';
export { type BoucleFlavor, readMlModel } from './package/ml-model.ts';
export { type LoadedModel, loadModel, warmUp } from './package/load-model.ts';
export type { TextClassifier, TextPrediction } from './text-classifier.ts';
export { type TrainedText, trainTextClassifier } from './train-text-classifier.ts';
export type { TextTrainingOptions } from './training-options.ts';
export type { TrainingHooks } from './training-pace.ts';
export type { TextRows } from './training-rows.ts';
