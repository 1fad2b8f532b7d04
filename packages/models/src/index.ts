export { checkInput } from './check-input.ts';
export { type LoadedModel, loadModel, warmUp } from './package/load-model.ts';
export type { TextClassifier, TextPrediction } from './text-classifier.ts';
export { tokenise } from './text/scan-words.ts';
export { type TrainedText, type TrainingHooks, trainTextClassifier } from './train-text-classifier.ts';
export type { TextTrainingOptions } from './training-options.ts';
export type { TextRows } from './training-rows.ts';
