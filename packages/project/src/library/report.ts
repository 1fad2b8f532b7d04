import { Type } from 'typebox';
import { table } from '../port.ts';

/** How well a model did on rows whose labels are known. Names are plain: `accuracy`, `f1_macro`, `recall_<label>`. */
export const Report = Type.Object({
  metrics: Type.Record(Type.String(), Type.Number()),
  /** 95 %; for those metrics that are shares. */
  intervals: Type.Record(Type.String(), Type.Tuple([Type.Number(), Type.Number()])),
  labels: Type.Array(Type.String()),
  /** `confusion[i][j]`: rows of label i that were said to be label j. Left out above 100 labels. */
  confusion: Type.Optional(Type.Array(Type.Array(Type.Integer()))),
  rows: Type.Integer(),
  /** Of the predictions that this was computed from. */
  digest: Type.String(),
});

/** Predictions carry `_row`, so that two models are compared on the same rows, in pairs. */
export const predictions = table({ label: Type.String(), score: Type.Number(), actual: Type.String() });
