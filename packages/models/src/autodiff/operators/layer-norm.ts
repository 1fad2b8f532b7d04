import { float, int } from '../attributes.ts';
import { defineOperator } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { add, div, mul, sqrt, sub } from './arithmetic.ts';
import { reduceMean } from './reduce.ts';

const last = { axes: [-1], keep: true } as const;

/** Mean 0 and variance 1 along the last axis, then times `scale` plus `shift`, both of that axis's size (Ba, Kiros and Hinton 2016). */
export const layerNorm = (x: Tensor, { scale, shift, epsilon }: { scale: Tensor; shift: Tensor; epsilon: number }): Tensor => {
  if (x.type === 'float32') return fused(x, scale, shift, epsilon);
  // onnxruntime's operator keeps mean and deviation in float32, which would spoil a gradient check.
  const centred = sub(x, reduceMean(x, last));
  return add(mul(div(centred, sqrt(add(reduceMean(mul(centred, centred), last), epsilon))), scale), shift);
};

const fused = defineOperator<[x: Tensor, scale: Tensor, shift: Tensor, epsilon: number]>({
  shape: ([x]) => x.shape,
  emit: (_node, [x, scale, shift, epsilon]) => {
    const one = { type: x.type, shape: [...x.shape.slice(0, -1), 1] };
    const outputs = x.graph.node({
      op: 'LayerNormalization',
      inputs: [x, scale, shift],
      outputs: [x, one, one],
      attributes: { axis: int(-1), epsilon: float(epsilon) },
    });
    return [outputs[0]!, ...outputs.slice(1)];
  },
  vjp: (dy, [, mean, inverseDeviation], [x, scale]) => {
    const normal = mul(sub(x, mean!), inverseDeviation!);
    const d = mul(dy, scale);
    const dx = mul(sub(sub(d, reduceMean(d, last)), mul(normal, reduceMean(mul(d, normal), last))), inverseDeviation!);
    return [dx, mul(dy, normal), dy];
  },
});
