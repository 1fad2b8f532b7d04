export { checkColumns, checkInput, withOptional } from './check-input.ts';
export { openPackage, type OpenedPackage } from './foreign/open-package.ts';
export { type PackageKind, packageKindIn, readPackageKind } from './foreign/package-kind.ts';
export type { SaidSignature } from './foreign/mlflow-signature.ts';
export type { Service } from './foreign/service.ts';
export { unservable } from './foreign/unservable.ts';
export { digestsFile, parseDigests } from './package/digests.ts';
export { type BoucleFlavor, isNative, readMlModel } from './package/ml-model.ts';
export { isExpected, type LoadedModel, loadModel, warmUp } from './package/load-model.ts';
export { type CellColumn, type ColumnKind, columnKinds } from './tabular/table-columns.ts';
export type { TabularOptions } from './tabular/tabular-options.ts';
export { type TabularRows, type TrainedTabular, trainTabular } from './tabular/train-tabular.ts';
export type { TextClassifier, TextPrediction } from './text-classifier.ts';
export { trainTextClassifier } from './train-text-classifier.ts';
export type { TrainedText } from './trained-text.ts';
export type { TextTrainingOptions } from './training-options.ts';
export type { TrainingHooks } from './training-pace.ts';
export type { TextRows } from './training-rows.ts';
export {
  type Cell,
  type ClassifiedRows,
  type ClassifierEvaluation,
  compareClassifiers,
  evaluateClassifier,
  evaluateRanking,
  evaluateRegression,
  type Metric,
  type SliceColumns,
  textFeatures,
} from './evaluation/index.ts';
export { permutationImportance } from './explain/permutation-importance.ts';
