import type { Columns, Signature, TensorSpec } from '@boucle/contract';

interface Inferred {
  readonly signature: Signature;
  readonly outputs: Columns;
  readonly wanted: ReadonlySet<string> | undefined;
}

/** Output tensors, row-major and flat, as most clients expect them. */
export const outputTensors = ({ signature, outputs, wanted }: Inferred) =>
  signature.outputs
    .filter(({ name }) => !wanted || wanted.has(name))
    .map((spec) => {
      const values = outputs[spec.name] ?? [];
      return {
        name: spec.name,
        datatype: spec.datatype,
        shape: shapeOf(values, spec),
        data: spec.shape.length === 1 ? values : values.flat(Infinity),
      };
    });

const shapeOf = (values: readonly unknown[], { shape }: TensorSpec): number[] => {
  const found: number[] = [];
  let inner: unknown = values;
  for (const length of shape) {
    found.push(Array.isArray(inner) ? inner.length : length);
    inner = Array.isArray(inner) ? inner[0] : undefined;
  }
  return found;
};
