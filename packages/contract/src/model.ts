import { type Static, Type } from 'typebox';
import { Json } from './common.ts';

/** One named input or output of a model: Open Inference Protocol's datatype and shape, -1 for any length. */
export const TensorSpec = Type.Object(
  {
    name: Type.String(),
    datatype: Type.Enum(['BOOL', 'INT64', 'FP32', 'FP64', 'BYTES']),
    shape: Type.Array(Type.Integer()),
  },
  { $id: 'TensorSpec' },
);
export type TensorSpec = Static<typeof TensorSpec>;

export const Signature = Type.Object({ inputs: Type.Array(TensorSpec), outputs: Type.Array(TensorSpec) }, { $id: 'Signature' });
export type Signature = Static<typeof Signature>;

/** Rows by column, as both serving protocols can carry them. Every column has as many values as there are rows. */
export const Columns = Type.Record(Type.String(), Type.Array(Json));
export type Columns = Readonly<Record<string, readonly unknown[]>>;
