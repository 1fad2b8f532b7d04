import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeOnnx } from '../../onnx/encode-onnx.ts';
import { createSession } from '../../onnx/run.ts';
import { asModel } from '../as-model.ts';
import { integers } from '../constants.ts';
import { createGraph } from '../create-graph.ts';
import { gradients } from '../gradients.ts';
import type { Tensor } from '../graph.ts';
import { gelu, geluTanh, relu, sigmoid, tanh } from './activations.ts';
import { add, div, exp, log, mul, neg, sqrt, sub } from './arithmetic.ts';
import { type Check, gradientError } from '../../testing/gradient-check.ts';
import { layerNorm } from './layer-norm.ts';
import { lstm } from './lstm.ts';
import { gemm, matMul } from './matrix.ts';
import { reduceMax, reduceMean, reduceSum } from './reduce.ts';
import { greater, reverseSequence, where } from './select.ts';
import { concat, expand, reshape, slice, split, transpose } from './shape.ts';
import { logSoftmax, softmax } from './softmax.ts';

const positive = (x: number): number => 1.5 + x;
/** Away from 0, where relu has a corner. */
const distinct = (x: number): number => x + Math.sign(x) * 0.1;
const float32 = 'float32';
const norm = (x: readonly Tensor[]) => layerNorm(x[0]!, { scale: x[1]!, shift: x[2]!, epsilon: 1e-5 });

const checks: Readonly<Record<string, Check>> = {
  add: { shapes: [[2, 3], [3]], apply: ([a, b]) => add(a!, b!) },
  sub: { shapes: [[2, 1], [3]], apply: ([a, b]) => sub(a!, b!) },
  mul: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    apply: ([a, b]) => mul(a!, b!),
  },
  div: {
    shapes: [
      [2, 3],
      [1, 3],
    ],
    apply: ([a, b]) => div(a!, b!),
    value: positive,
  },
  neg: { shapes: [[3]], apply: ([x]) => neg(x!) },
  exp: { shapes: [[3]], apply: ([x]) => exp(x!) },
  log: { shapes: [[3]], apply: ([x]) => log(x!), value: positive },
  sqrt: { shapes: [[3]], apply: ([x]) => sqrt(x!), value: positive },
  sigmoid: { shapes: [[3]], apply: ([x]) => sigmoid(x!) },
  tanh: { shapes: [[3]], apply: ([x]) => tanh(x!) },
  relu: { shapes: [[5]], apply: ([x]) => relu(x!), value: distinct },
  'gelu with erf': { shapes: [[5]], apply: ([x]) => gelu(x!), float: float32 },
  'gelu with tanh': { shapes: [[5]], apply: ([x]) => geluTanh(x!) },
  softmax: { shapes: [[2, 3]], apply: ([x]) => softmax(x!) },
  logSoftmax: { shapes: [[2, 3]], apply: ([x]) => logSoftmax(x!) },
  layerNorm: { shapes: [[2, 3, 4], [4], [4]], apply: (x) => norm(x) },
  'layerNorm, fused': { shapes: [[2, 3, 4], [4], [4]], apply: (x) => norm(x), float: float32 },
  matMul: {
    shapes: [
      [2, 1, 2, 3],
      [3, 3, 2],
    ],
    apply: ([a, b]) => matMul(a!, b!),
  },
  reduceSum: { shapes: [[2, 3]], apply: ([x]) => reduceSum(x!, { axes: [0] }) },
  reduceMean: { shapes: [[2, 3]], apply: ([x]) => reduceMean(x!, { axes: [1], keep: true }) },
  reduceMax: { shapes: [[2, 3]], apply: ([x]) => reduceMax(x!, { axes: [1] }) },
  reshape: { shapes: [[2, 3]], apply: ([x]) => reshape(x!, [3, 2]) },
  expand: { shapes: [[3]], apply: ([x]) => expand(x!, [2, 3]) },
  transpose: { shapes: [[2, 3, 4]], apply: ([x]) => transpose(x!, [2, 0, 1]) },
  concat: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    apply: ([a, b]) => concat([a!, b!], -1),
  },
  split: { shapes: [[2, 4]], apply: ([x]) => mul(...(split(x!, [2, 2], 1) as [Tensor, Tensor])) },
  'split, a part unused': { shapes: [[4, 2]], apply: ([x]) => split(x!, [1, 2, 1], 0)[1]! },
  slice: { shapes: [[2, 4]], apply: ([x]) => slice(x!, { axis: 1, start: 1, end: 3 }) },
  where: { shapes: [[2, 3], [3]], apply: ([a, b]) => where(greater(a!, 0), a!, b!), value: distinct },
  reverseSequence: { shapes: [[2, 3, 2]], apply: ([x]) => reverseSequence(x!, integers(x!.graph, [2, 3])) },
  lstm: {
    shapes: [
      [3, 2, 2, 8],
      [2, 2, 8],
    ],
    apply: ([x, u]) => lstm(x!, u!),
  },
};
for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    const [a, b] = [transposeA ? [3, 2] : [2, 3], transposeB ? [4, 3] : [3, 4]];
    const options = { transposeA, transposeB };
    const stack = [5, ...a];
    Object.assign(checks, {
      [`gemm ${transposeA} ${transposeB}`]: { shapes: [a, b, [4]], apply: ([x, y, bias]) => gemm(x!, y!, { ...options, bias: bias! }) },
      [`matMul ${transposeA} ${transposeB}`]: { shapes: [stack, b], apply: ([x, y]) => matMul(x!, y!, { ...options, scale: 0.5 }) },
      [`matMul, fused ${transposeA} ${transposeB}`]: {
        shapes: [stack, b],
        apply: ([x, y]) => matMul(x!, y!, { ...options, scale: 0.5 }),
        float: float32,
      },
    } satisfies Record<string, Check>);
  }
}
for (const [name, check] of Object.entries(checks)) {
  test(`the gradient of ${name} is that of finite differences`, async () => {
    const error = await gradientError(check);
    assert.ok(error < (check.float === 'float32' ? 1e-4 : 1e-7), String(error));
  });
}

test('entries that share the greatest value share its gradient', async () => {
  const graph = createGraph({ training: true });
  const x = graph.input('x', { type: 'float32', shape: [4] });
  const [{ dense } = {}] = gradients(reduceMax(x), [x]);
  const session = await createSession(encodeOnnx(asModel(graph.finish({ dx: dense! }))));
  const { dx } = await session.run({ x: { type: 'float32', shape: [4], data: Float32Array.of(1, 3, 3, 2) } });
  await session.close();
  assert.deepEqual([...(dx!.data as Float32Array)], [0, 0.5, 0.5, 0]);
});
