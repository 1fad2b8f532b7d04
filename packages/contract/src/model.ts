import { type Static, Type } from 'typebox';
import { Json, Nullable } from './common.ts';

/** One named input or output of a model: Open Inference Protocol's datatype and shape, -1 for any length. */
export const TensorSpec = Type.Object(
  {
    name: Type.String(),
    datatype: Type.Enum(['BOOL', 'INT64', 'FP32', 'FP64', 'BYTES']),
    shape: Type.Array(Type.Integer()),
    /** A row may lack it: null. Said by an extension of ours; protocols that know no null see the other fields. */
    nullable: Type.Optional(Type.Boolean()),
    /** A request may leave it out: every row lacks it then. */
    optional: Type.Optional(Type.Boolean()),
    /** The model itself gives it no name: a protocol that needs none leaves it out. */
    unnamed: Type.Optional(Type.Boolean()),
  },
  { $id: 'TensorSpec' },
);
export type TensorSpec = Static<typeof TensorSpec>;

export const Signature = Type.Object({ inputs: Type.Array(TensorSpec), outputs: Type.Array(TensorSpec) }, { $id: 'Signature' });
export type Signature = Static<typeof Signature>;

/** Rows by column, as both serving protocols can carry them. Every column has as many values as there are rows. */
export const Columns = Type.Record(Type.String(), Type.Array(Json));
export type Columns = Readonly<Record<string, readonly unknown[]>>;

/** What a part of a row's input adds to what the model says of the row. */
export const Contribution = Type.Object(
  {
    column: Type.String(),
    /** In a text: from and up to, and without, these UTF-16 code units. */
    span: Type.Optional(Type.Tuple([Type.Integer(), Type.Integer()])),
    value: Type.Number(),
  },
  { $id: 'Contribution' },
);

/** Why a model answers a row as it does: `output` = `baseline` + all contributions + `gap`. */
export const Explanation = Type.Object(
  {
    /** None for a regression. */
    label: Nullable(Type.String()),
    /** What is explained, before it becomes a probability: the logit of the label, or the predicted value. */
    output: Type.Number(),
    /** The same for an input that says nothing. */
    baseline: Type.Number(),
    contributions: Type.Array(Contribution),
    /** What the method leaves unexplained: 0 where it is exact. */
    gap: Type.Number(),
    /** Points of the integral that contributions come from; null where they are exact. */
    steps: Nullable(Type.Integer()),
  },
  { $id: 'Explanation' },
);
export type Explanation = Static<typeof Explanation>;
