import { type Static, Type } from 'typebox';
import { Nullable } from './common.ts';

/** A measured value with its 95 % interval; both null where the rows do not allow it. */
const Measured = Type.Object({ value: Nullable(Type.Number()), interval: Nullable(Type.Tuple([Type.Number(), Type.Number()])) });

/** A point of a learning curve, from a training in a process of its own. Judged on the rows that the comparison is reported on. */
export const LearningPoint = Type.Object({
  /** It learned from so many. */
  rows: Type.Integer(),
  quality: Measured,
  seconds: Type.Number(),
  /** Of all threads. */
  cpuSeconds: Type.Number(),
  peakMemoryBytes: Type.Number(),
});
export type LearningPoint = Static<typeof LearningPoint>;

/** A model at work in a process of its own, one text at a time and in batches, on one thread. */
export const ServingMeasure = Type.Object({
  package: Type.Object({ bytes: Type.Integer(), files: Type.Integer() }),
  loadSeconds: Type.Number(),
  /** What the process grew by from before it loaded the model until after its last prediction; and the most that it held in all. */
  memoryBytes: Type.Number(),
  peakMemoryBytes: Type.Number(),
  latencySeconds: Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number(), requests: Type.Integer() }),
  textsPerSecond: Type.Number(),
  cpuSecondsPerThousand: Type.Number(),
  /** Compiled libraries outside of Node that the process had to load, by file name. */
  nativeLibraries: Type.Array(Type.String()),
  /** Null for a model that cannot say why it answers so. */
  explanation: Nullable(
    Type.Object({
      texts: Type.Integer(),
      /** The share of an output, above that of an empty input, which the contributions add up to: mean and worst. */
      explained: Type.Number(),
      leastExplained: Type.Number(),
      secondsEach: Type.Number(),
    }),
  ),
});
export type ServingMeasure = Static<typeof ServingMeasure>;

const Slice = Type.Object({
  /** `all`, `simple`, `complex`, or what the rows of a part have in common, such as `with negation`. */
  is: Type.String(),
  rows: Type.Integer(),
});

/** Approaches to one problem, measured side by side. What costs are named after is stated, so that another price can be put in. */
export const ModelComparison = Type.Object(
  {
    format: Type.Literal('boucle.comparison/1'),
    /** What the best is chosen by, on validation rows. */
    metric: Type.String(),
    of: Type.String(),
    chosen: Type.String(),
    rows: Type.Object({ train: Type.Integer(), validation: Type.Integer(), test: Type.Integer() }),
    assumed: Type.Object({ wattsPerCpu: Type.Number(), pricePerCpuHour: Type.Number(), currency: Type.String() }),
    machine: Type.Object({ cpu: Type.String(), cpus: Type.Integer(), platform: Type.String(), node: Type.String() }),
    slices: Type.Array(Slice),
    approaches: Type.Array(
      Type.Object({
        name: Type.String(),
        settings: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
        validation: Measured,
        /** On test rows. */
        test: Measured,
        /** Accuracy on test rows, in the order of the slices. */
        accuracy: Type.Array(Measured),
        curve: Type.Array(LearningPoint),
        training: Type.Object({ wattHours: Type.Number() }),
        serving: ServingMeasure,
        pricePerThousand: Type.Number(),
      }),
    ),
    /** Accuracy of the first minus that of the second on the same test rows; McNemar's exact test, p values for all pairs together (Holm). */
    pairs: Type.Array(Type.Object({ first: Type.String(), second: Type.String(), difference: Measured, pValue: Nullable(Type.Number()) })),
  },
  { $id: 'ModelComparison' },
);
export type ModelComparison = Static<typeof ModelComparison>;
