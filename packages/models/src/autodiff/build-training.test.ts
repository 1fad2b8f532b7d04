import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOnnx } from '../onnx/decode-onnx.ts';
import type { TensorData } from '../onnx/model.ts';
import { floats, loadProgram } from '../testing/run-program.ts';
import { smallBert } from '../testing/small-models.ts';
import {
  add,
  buildInference,
  buildTraining,
  crossEntropy,
  defineModel,
  embedding,
  float,
  initialWeights,
  int64,
  lstm,
  matMul,
  normal,
  param,
  reduceSum,
  reshape,
  tag,
} from './index.ts';

const loss = crossEntropy();
const integers = (...values: readonly number[]): TensorData => ({
  type: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});
const nodesOf = (onnx: Uint8Array): number => decodeOnnx(onnx).graph.nodes.length;

test('a frozen parameter costs no gradient', () => {
  const model = smallBert({ layers: 2 });
  const build = (trainable: (name: string) => boolean) => buildTraining(model, { dims: { batch: 2, length: 3 }, loss, trainable });
  const [all, head] = [build(() => true), build((name) => name.startsWith('classifier'))];
  assert.deepEqual(
    head.gradients.map(({ param: name }) => name),
    ['classifier.weight', 'classifier.bias'],
  );
  assert.deepEqual([all.rowGradients.length, head.rowGradients.length], [1, 0]);
  assert.ok(nodesOf(head.onnx) < 0.5 * nodesOf(all.onnx));
  assert.deepEqual(head.params, all.params);
});

test('a table that is looked up and multiplied by as well has a gradient of both parts', async () => {
  const model = defineModel({ params: { table: param([3, 2], normal(1)) }, inputs: { ids: int64(['batch']) } }, ({ table }, { ids }) =>
    matMul(embedding(table, ids), table, { transposeB: true }),
  );
  const program = buildTraining(model, { dims: { batch: 2 }, loss });
  assert.deepEqual([program.gradients.length, program.rowGradients.length], [1, 1]);
  const weights = initialWeights(model, 1);
  const inputs = { ids: integers(2, 2), labels: integers(0, 1), rowWeights: floats(Float32Array.of(1, 1), [2]) };
  const { run, close } = await loadProgram(program);
  const { gradients } = await run(weights, inputs);
  const lossAt = async (by: number): Promise<number> =>
    (await run(new Map([['table', weights.get('table')!.map((weight, i) => (i === 4 ? weight + by : weight))]]), inputs)).loss;
  const slope = ((await lossAt(1e-2)) - (await lossAt(-1e-2))) / 2e-2;
  await close();
  assert.ok(Math.abs(slope - gradients.get('table')![4]!) < 1e-3);
});

test('rows of weight zero change nothing', async () => {
  const model = defineModel({ params: { w: param([2, 3], normal(1)) }, inputs: { x: float(['batch', 2]) } }, ({ w }, { x }) =>
    matMul(x, w),
  );
  const weights = initialWeights(model, 1);
  const lossOf = async (x: readonly number[], labels: readonly number[], rowWeights: readonly number[]): Promise<number> => {
    const batch = labels.length;
    const { run, close } = await loadProgram(buildTraining(model, { dims: { batch }, loss: crossEntropy({ labelSmoothing: 0.1 }) }));
    const { loss: value } = await run(weights, {
      x: floats(Float32Array.from(x), [batch, 2]),
      labels: integers(...labels),
      rowWeights: floats(Float32Array.from(rowWeights), [batch]),
    });
    await close();
    return value;
  };
  const short = await lossOf([1, 2, 3, 4], [0, 2], [1, 1]);
  assert.ok(Math.abs((await lossOf([1, 2, 3, 4, 5, 6], [0, 2, 1], [1, 1, 0])) - short) < 1e-6);
});

test('the same model, sizes and seed give the same bytes', () => {
  const build = () => buildTraining(smallBert(), { dims: { batch: 2, length: 3 }, loss }).onnx;
  assert.deepEqual(build(), build());
  assert.deepEqual(initialWeights(smallBert(), 5), initialWeights(smallBert(), 5));
  assert.notDeepEqual(initialWeights(smallBert(), 5), initialWeights(smallBert(), 6));
});

test('an exported loop keeps nothing for a gradient', () => {
  const model = defineModel(
    { params: { u: param([1, 2, 8], normal(1)) }, inputs: { x: float(['length', 1, 'batch', 8]) } },
    ({ u }, { x }) => reduceSum(lstm(x, u), { axes: [0, 1] }),
  );
  const { graph } = buildInference(model, initialWeights(model, 1));
  const loop = graph.nodes.find(({ op }) => op === 'Scan')!;
  assert.equal(loop.outputs.length, 3);
});

test('what cannot be built says why', () => {
  const w = param([2, 2], normal(1));
  const inputs = { x: float(['batch', 2]) };
  const plain = defineModel({ params: { w }, inputs }, (p, { x }) => matMul(x, p.w));
  const spare = defineModel({ params: { w, spare: w }, inputs }, (p, { x }) => matMul(x, p.w));
  const computed = defineModel({ params: { w }, inputs: { x: int64(['batch']) } }, (p, { x }) => embedding(add(p.w, p.w), x));
  const taken = defineModel({ params: { x: w }, inputs }, (p, { x }) => matMul(x, p.x));
  const dims = { batch: 2 };
  assert.throws(() => buildTraining(plain, { dims: {}, loss }), { reason: 'unknown_dimension' });
  assert.throws(() => buildTraining(spare, { dims, loss }), { reason: 'parameter_unused', message: /spare/ });
  assert.throws(() => buildTraining(computed, { dims, loss }), { reason: 'table_not_a_parameter' });
  assert.throws(() => buildTraining(taken, { dims, loss }), { reason: 'name_taken' });
  assert.throws(() => buildTraining(plain, { dims, loss: (logits) => logits }), { reason: 'shapes_do_not_fit', message: /scalar/ });
  assert.throws(() => buildInference(plain, new Map()), { reason: 'weights_do_not_fit', message: /w needs 4 weights/ });
  assert.throws(() => buildInference(plain, initialWeights(plain, 1), (_, tagged) => ({ y: tagged('h') })), { reason: 'unknown_tag' });
  const unnamed = defineModel({ params: { w }, inputs }, (p, { x }) => reshape(tag('h', matMul(x, p.w)), ['length', 2]));
  assert.throws(() => buildInference(unnamed, initialWeights(unnamed, 1)), { reason: 'shapes_do_not_fit' });
});
