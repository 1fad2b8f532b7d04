import assert from 'node:assert/strict';
import { asModel } from '../autodiff/as-model.ts';
import { createGraph, type Float, floats, gradients, mul, reduceSum, type Tensor } from '../autodiff/index.ts';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { Shape, TensorData } from '../onnx/model.ts';
import { createSession } from '../onnx/run.ts';

export interface Check {
  /** Shapes of the tensors that the function takes. */
  readonly shapes: readonly (readonly number[])[];
  readonly apply: (tensors: readonly Tensor[]) => Tensor;
  /** Values to check at: by default, even between -1 and 1. */
  readonly value?: (random: number) => number;
  readonly float?: Float;
  readonly seed?: number;
}

/**
 * The greatest difference, over all entries of all tensors, between the gradient and central differences improved by Richardson's extrapolation,
 * relative to the greatest entry of the gradient or 1. The scalar is the output times fixed numbers.
 */
export const gradientError = async ({ shapes, apply, value = (x) => x, float = 'float64', seed = 1 }: Check): Promise<number> => {
  const random = createNumbers(seed);
  const session = await createSession(scalarAndGradients({ shapes, apply, float }, random));
  const numbers = (values: readonly number[]): Floats => (float === 'float64' ? Float64Array.from(values) : Float32Array.from(values));
  const points = shapes.map((shape) => numbers(Array.from({ length: sizeOf(shape) }, () => value(random()))));
  const run = (): Promise<Record<string, TensorData>> =>
    session.run(Object.fromEntries(points.map((data, i) => [`x${i}`, { type: float, shape: shapes[i]!, data }])));

  const slopeAt = async (data: Floats, at: number): Promise<number> => {
    const here = data[at]!;
    const scalarAt = async (there: number): Promise<number> => {
      data[at] = there;
      return Number((await run())['scalar']!.data[0]);
    };
    const central = async (h: number): Promise<number> => {
      const [up = 0, down = 0] = numbers([here + h, here - h]);
      return ((await scalarAt(up)) - (await scalarAt(down))) / (up - down);
    };
    const step = float === 'float64' ? 1e-3 : 3e-2;
    const slope = (4 * (await central(step / 2)) - (await central(step))) / 3;
    data[at] = here;
    return slope;
  };

  const found = await run();
  let worst = 0;
  for (const [i, data] of points.entries()) {
    const gradient = found[`d${i}`]!.data as Floats;
    const scale = Math.max(1, ...Array.from(gradient, Math.abs));
    for (const at of data.keys()) worst = Math.max(worst, Math.abs((await slopeAt(data, at)) - gradient[at]!) / scale);
  }
  await session.close();
  return worst;
};
type Floats = Float32Array | Float64Array;

const scalarAndGradients = ({ shapes, apply, float }: Check & { float: Float }, random: () => number): Uint8Array => {
  const graph = createGraph({ float, training: true });
  const tensors = shapes.map((shape, i) => graph.input(`x${i}`, { type: float, shape }));
  const y = apply(tensors);
  const scalar = reduceSum(mul(y, floats(graph, Array.from({ length: sizeOf(y.shape) }, random), y.shape.map(Number))));
  const slopes = gradients(scalar, tensors).map(({ dense }, i) => {
    assert.ok(dense, `no gradient reaches tensor ${i}`);
    return [`d${i}`, dense] as const;
  });
  return encodeOnnx(asModel(graph.finish({ scalar, ...Object.fromEntries(slopes) })));
};

const sizeOf = (shape: Shape): number => shape.reduce<number>((size, dim) => size * Number(dim), 1);

/** Even between -1 and 1. */
const createNumbers = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
};
