import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGradientOf, buildInference, buildTraining, crossEntropy, type Float, initialWeights, type Model } from '../autodiff/index.ts';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { TensorData } from '../onnx/model.ts';
import { createSession } from '../onnx/run.ts';
import { floats, type Floats, loadProgram } from '../testing/run-program.ts';
import { smallBert, smallBilstm } from '../testing/small-models.ts';

const integers = (shape: readonly number[], ...values: readonly number[]): TensorData => ({
  type: 'int64',
  shape,
  data: BigInt64Array.from(values, BigInt),
});
const ids = integers([3, 4], 1, 2, 3, 4, 5, 6, 0, 0, 7, 1, 2, 0);
const lengths = integers([3], 4, 2, 3);
const mask = integers([3, 4], 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0);
/** The second text, without its padding. */
const alone = { ids: integers([1, 2], 5, 6), lengths: integers([1], 2), mask: integers([1, 2], 1, 1) };

const dropoutRate = 0.2;
const models: Readonly<Record<string, readonly [Model, Readonly<Record<string, TensorData>>]>> = {
  'a BiLSTM with its last states': [smallBilstm({ pooling: 'last', dropoutRate }), { ids, lengths }],
  'a BiLSTM with the mean of its states': [smallBilstm({ pooling: 'mean', dropoutRate }), { ids, lengths }],
  'a BiLSTM with the greatest of its states': [smallBilstm({ pooling: 'max', dropoutRate }), { ids, lengths }],
  'a small BERT': [smallBert({ layers: 2, dropoutRate, float64: true }), { ids, mask }],
};
const named = (inputs: object, from: Readonly<Record<string, TensorData>>) =>
  Object.fromEntries(Object.keys(inputs).map((name) => [name, from[name]!]));

/** Loss and gradients at some weights, with dropout. */
const learn = async (model: Model, inputs: Readonly<Record<string, TensorData>>, float: Float) => {
  const program = buildTraining(model, {
    dims: { batch: 3, length: 4 },
    loss: crossEntropy({ classWeights: [1, 2], labelSmoothing: 0.1 }),
    float,
  });
  const loaded = await loadProgram(program);
  const typed = (values: readonly number[]): Floats => (float === 'float64' ? Float64Array.from(values) : Float32Array.from(values));
  const masks = program.masks.map(({ name, shape, rate }) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    return [name, floats(typed(Array.from({ length: size }, (_, i) => (i % 5 === 3 ? 0 : 1 / (1 - rate)))), shape)] as const;
  });
  const rest = { labels: integers([3], 0, 1, 1), rowWeights: floats(typed([1, 0.5, 2]), [3]), ...Object.fromEntries(masks) };
  return { at: (weights: ReadonlyMap<string, Floats>) => loaded.run(weights, { ...inputs, ...rest }), close: loaded.close };
};

for (const [name, [model, inputs]] of Object.entries(models)) {
  test(`${name}: its slope along the gradient of each parameter is that of finite differences`, async () => {
    const weights = new Map([...initialWeights(model, 3)].map(([param, values]) => [param, Float64Array.from(values)]));
    const { at, close } = await learn(model, inputs, 'float64');
    const { gradients } = await at(weights);
    for (const [param, gradient] of gradients) {
      const norm = Math.hypot(...gradient);
      const moved = async (by: number): Promise<number> => {
        const there = weights.get(param)!.map((weight, i) => weight + (by * gradient[i]!) / norm);
        return (await at(new Map(weights).set(param, there))).loss;
      };
      const central = async (h: number): Promise<number> => ((await moved(h)) - (await moved(-h))) / (2 * h);
      const slope = (4 * (await central(1e-4)) - (await central(2e-4))) / 3;
      assert.ok(norm > 1e-6 || param.endsWith('key.bias'), `${param} has no gradient`);
      assert.ok(Math.abs(slope - norm) < 1e-7 * Math.max(1e-2, norm), `${param}: ${slope}, ${norm}`);
    }
    await close();
  });

  test(`${name}: in float32, by fused operators, the gradients are those of float64`, async () => {
    const weights = initialWeights(model, 3);
    const [single, double] = [await learn(model, inputs, 'float32'), await learn(model, inputs, 'float64')];
    const found = await single.at(weights);
    const expected = await double.at(new Map([...weights].map(([param, values]) => [param, Float64Array.from(values)])));
    for (const [param, gradient] of expected.gradients) {
      const worst = Math.max(...gradient.map((slope, i) => Math.abs(slope - found.gradients.get(param)![i]!)));
      assert.ok(worst < 1e-5 * Math.max(0.1, ...gradient.map(Math.abs)), `${param}: ${worst}`);
    }
    await Promise.all([single.close(), double.close()]);
  });

  test(`${name}: exported, it takes any batch, and a text alone is answered as beside others`, async () => {
    const session = await createSession(encodeOnnx(buildInference(model, initialWeights(model, 3))));
    const { logits: together } = await session.run(inputs);
    const { logits: apart } = await session.run(named(inputs, alone));
    await session.close();
    for (const c of [0, 1]) assert.ok(Math.abs(Number(together!.data[2 + c]) - Number(apart!.data[c])) < 1e-6);
  });

  test(`${name}: the gradient of a logit by its embeddings adds up to the difference of the logits`, async () => {
    const weights = initialWeights(model, 3);
    const whole = await createSession(
      encodeOnnx(buildInference(model, weights, (logits, tagged) => ({ logits, embedded: tagged('embedded') }))),
    );
    const { embedded, logits } = await whole.run(named(inputs, alone));
    const slopes = await createSession(encodeOnnx(buildGradientOf(model, weights, { of: 'embedded' })));
    const start = (embedded!.data as Float32Array).map((value) => 0.5 * value);
    const steps = 20;
    let sum = 0;
    let first = 0;
    for (let step = 0; step <= steps; step++) {
      const at = start.map((value) => value * (1 + step / steps));
      const run = await slopes.run({ ...named(inputs, alone), embedded: floats(at, embedded!.shape), classes: integers([1], 1) });
      if (step === 0) first = Number(run['logits']!.data[1]);
      const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2; // Simpson's rule
      (run['gradient']!.data as Float32Array).forEach((slope, i) => (sum += (weight * slope * start[i]!) / (3 * steps)));
    }
    await Promise.all([whole.close(), slopes.close()]);
    assert.ok(Math.abs(sum - (Number(logits!.data[1]) - first)) < 1e-3, `${sum} ${Number(logits!.data[1]) - first}`);
  });
}

for (const pooling of ['last', 'mean', 'max'] as const) {
  test(`a row without tokens that weighs nothing leaves the gradients of a BiLSTM finite (${pooling})`, async () => {
    const model = smallBilstm({ pooling });
    const program = buildTraining(model, { dims: { batch: 2, length: 3 }, loss: crossEntropy() });
    const { run, close } = await loadProgram(program);
    const { loss, gradients } = await run(initialWeights(model, 1), {
      ids: integers([2, 3], 1, 2, 3, 0, 0, 0),
      lengths: integers([2], 3, 0),
      labels: integers([2], 1, 0),
      rowWeights: floats(Float32Array.of(1, 0), [2]),
    });
    await close();
    assert.ok([loss, ...[...gradients.values()].flatMap((gradient) => [...gradient])].every(Number.isFinite));
  });
}
