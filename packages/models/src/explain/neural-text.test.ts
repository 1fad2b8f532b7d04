import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defineModel,
  embedding,
  initialWeights,
  int64,
  type Model,
  normal,
  param,
  reduceMean,
  tag,
  uniform,
  zeros,
} from '../autodiff/index.ts';
import { bilstm, linear, poolStates } from '../layers/index.ts';
import type { TensorData } from '../onnx/model.ts';
import { tokenise } from '../text/scan-words.ts';
import { createNeuralExplainer, type NeuralText } from './neural-text.ts';
import { tokenSpans } from './token-spans.ts';

const [width, hidden] = [5, 4];
const words = ['[PAD]', '[CLS]', 'not', 'late', 'good', 'flight', '[UNK]'];
const labels = ['bad', 'good'];
const idsOf = (part: string): number[] => tokenise(part).map((word) => (words.includes(word) ? words.indexOf(word) : words.length - 1));
const read = (text: string) => tokenSpans({ text, ids: [1, ...idsOf(text)], added: [1, 0], idsOf });
const inputs = (ids: readonly number[], rows: number): Record<string, TensorData> => ({
  ids: { type: 'int64', shape: [rows, ids.length], data: BigInt64Array.from(Array.from({ length: rows }, () => ids).flat(), BigInt) },
  lengths: { type: 'int64', shape: [rows], data: new BigInt64Array(rows).fill(BigInt(ids.length)) },
});

const sequence: Model = defineModel(
  {
    params: {
      words: param([words.length, width], normal(1)),
      input: param([2, width, 4 * hidden], uniform(1)),
      recurrent: param([2, hidden, 4 * hidden], uniform(1)),
      bias: param([2, 4 * hidden], uniform(0.5)),
      weight: param([2 * hidden, 2], uniform(2)),
      shift: param([2], zeros),
    },
    inputs: { ids: int64(['batch', 'length']), lengths: int64(['batch']) },
  },
  ({ words: table, input, recurrent, bias, weight, shift }, { ids, lengths }) =>
    linear(poolStates(bilstm(tag('embedded', embedding(table, ids)), lengths, { input, recurrent, bias }), lengths, 'last'), {
      weight,
      bias: shift,
    }),
);
/** A mean of words and a linear layer: its contributions are known. */
const bag: Model = defineModel(
  {
    params: { words: param([words.length, width], normal(1)), weight: param([width, 2], normal(1)), shift: param([2], normal(1)) },
    inputs: { ids: int64(['batch', 'length']), lengths: int64(['batch']) },
  },
  ({ words: table, weight, shift }, { ids }) =>
    linear(reduceMean(tag('embedded', embedding(table, ids)), { axes: [1] }), { weight, bias: shift }),
);
const explainer = (model: Model, more: Partial<NeuralText> = {}) =>
  createNeuralExplainer(() => ({
    labels,
    model,
    tag: 'embedded',
    weights: initialWeights(model, 3),
    table: 'words',
    padId: 0,
    read,
    inputs,
    ...more,
  }));

test('a sequence is explained completely, by word, and each label by itself', async () => {
  const { explain, close } = explainer(sequence);
  const text = 'Flight was not late, good!';
  const predicted = await explain(text, { tolerance: 1e-3 });
  for (const label of labels) {
    const { output, baseline, words: placed, gap, steps } = await explain(text, { label, tolerance: 1e-3 });
    const sum = placed.reduce((total, { value }) => total + value, 0);
    assert.ok(Math.abs(output - (baseline + sum + gap)) < 1e-5);
    assert.ok(Math.abs(gap) <= 1e-3 * Math.max(0.01, Math.abs(output - baseline)), `${gap} after ${steps}`);
    assert.deepEqual(
      placed.map(({ span }) => text.slice(...span)),
      ['Flight', 'was', 'not', 'late', 'good'],
    );
    if (label === predicted.label) assert.equal(output, predicted.output);
    else assert.ok(output < predicted.output);
  }
  await close();
});

test('of a linear network contributions are weight times what a word is above nothing', async () => {
  const { explain, close } = explainer(bag);
  const weights = initialWeights(bag, 3);
  const [table, weight] = [weights.get('words')!, weights.get('weight')!];
  const { words: placed, gap } = await explain('not good', { label: 'good' });
  for (const [i, id] of [2, 4].entries()) {
    let expected = 0;
    for (let d = 0; d < width; d++) expected += ((table[id * width + d]! - table[d]!) * weight[d * 2 + 1]!) / 3;
    assert.ok(Math.abs(placed[i]!.value - expected) < 1e-5);
  }
  assert.ok(Math.abs(gap) < 1e-5);
  await close();
});

test('an empty text has nothing to be explained by, and nothing is left over', async () => {
  const { explain, close } = explainer(sequence);
  const { output, baseline, words: placed, gap } = await explain('');
  assert.deepEqual([output - baseline, placed, gap], [0, [], 0]);
  await close();
});

test('tokens find their words, also of a text that was cut, or that is cut at other places', () => {
  const text = 'not late-late good';
  assert.deepEqual(
    read(text).spans.map((span) => span && text.slice(...span)),
    [undefined, 'not', 'late-late', 'late-late', 'good'],
  );
  assert.deepEqual(tokenSpans({ text, ids: [2, 3], added: [0, 0], idsOf }).spans.length, 2);
  // Whoever joins words across blanks cannot be told apart.
  assert.deepEqual(tokenSpans({ text, ids: [9], added: [0, 0], idsOf: () => [1] }).spans, [[0, text.length]]);
});
