import { gemm, reshape, sizeOf, type Tensor } from '../autodiff/index.ts';

export interface LinearParams {
  /** [inputs, outputs]: PyTorch's, transposed. */
  readonly weight: Tensor;
  /** [outputs]. */
  readonly bias: Tensor;
}

/** x·weight + bias over the last axis; whatever axes x has before it are rows of one product. */
export const linear = (x: Tensor, { weight, bias }: LinearParams): Tensor => {
  const before = x.shape.slice(0, -1);
  const rows = reshape(x, [sizeOf(before), x.shape.at(-1)!]);
  return reshape(gemm(rows, weight, { bias }), [...before, weight.shape[1]!]);
};
