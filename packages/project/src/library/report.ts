import { Type } from 'typebox';
import { table } from '../port.ts';

const Interval = Type.Tuple([Type.Number(), Type.Number()]);
const Metrics = Type.Record(Type.String(), Type.Number());
/** 95 %, by metric. */
const Intervals = Type.Record(Type.String(), Interval);
const nullable = <const T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

/** What one label's probability does at every threshold, thinned, and how often it comes true. */
const Curves = Type.Object({
  label: Type.String(),
  /** False positive rate, true positive rate. */
  roc: Type.Array(Interval),
  /** Recall, precision. */
  precisionRecall: Type.Array(Interval),
  calibration: Type.Array(Type.Object({ rows: Type.Integer(), said: Type.Number(), came: Type.Number(), interval: Interval })),
});
const Condition = { column: Type.String(), is: Type.String() };
const Slice = Type.Object({ ...Condition, rows: Type.Integer(), metrics: Metrics, intervals: Intervals });
/** Rows on which the model loses more than on the others, beyond what the search would find by chance. */
const WeakSlice = Type.Object({
  conditions: Type.Array(Type.Object(Condition)),
  rows: Type.Integer(),
  /** Mean loss there and on all other rows, and the interval of the difference: nats where there are probabilities, else errors. */
  loss: Type.Number(),
  lossElsewhere: Type.Number(),
  interval: Interval,
  effectSize: Type.Number(),
  /** Adjusted for all slices that were tried. */
  pValue: Type.Number(),
});
const Gap = Type.Object({
  value: nullable(Type.Number()),
  interval: nullable(Interval),
  between: nullable(Type.Tuple([Type.String(), Type.String()])),
});
const Fairness = Type.Object({
  column: Type.String(),
  positive: Type.String(),
  groups: Type.Array(
    Type.Object({
      group: Type.String(),
      rows: Type.Integer(),
      selection: nullable(Type.Number()),
      truePositives: nullable(Type.Number()),
      falsePositives: nullable(Type.Number()),
    }),
  ),
  demographicParity: Gap,
  equalOpportunity: Gap,
  equalizedOdds: Gap,
});

/** What the metrics rest on, of bounded size. */
export const Details = Type.Object({
  curves: Type.Array(Curves),
  slices: Type.Array(Slice),
  /** How many slices were tried, and the worst of those that are weak. */
  search: Type.Object({ tried: Type.Integer(), weak: Type.Array(WeakSlice) }),
  fairness: Type.Array(Fairness),
});

/** How well a model did on rows whose labels are known. Names are plain: `accuracy`, `f1_macro`, `recall_<label>`. */
export const Report = Type.Object({
  metrics: Metrics,
  /** For those metrics that have one. */
  intervals: Intervals,
  labels: Type.Array(Type.String()),
  /** `confusion[i][j]`: rows of label i that were said to be label j. Left out above 100 labels. */
  confusion: Type.Optional(Type.Array(Type.Array(Type.Integer()))),
  rows: Type.Integer(),
  details: Type.Optional(Details),
  /** Of the predictions that this was computed from. */
  digest: Type.String(),
});

/** Predictions carry `_row`, so that two models are compared on the same rows, in pairs. */
export const predictions = table({ label: Type.String(), score: Type.Number(), actual: Type.String() });
