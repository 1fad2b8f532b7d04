import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { type TabularRows, trainTabular } from './train-tabular.ts';

const random = createRandom(4);
const count = 300;
const age = Array.from({ length: count }, () => (random.uniform() < 0.1 ? null : random.integer(80)));
const city = Array.from({ length: count }, () => ['Lyon', 'Bonn', 'Oslo'][random.integer(3)]!);
const noise = Array.from({ length: count }, () => random.uniform());
const columns = { age, city, noise };
const value = age.map((years, i) => (years ?? 40) / 10 + (city[i] === 'Oslo' ? 3 : 0));
const logit = (p: number): number => Math.log(p / (1 - p));

for (const approach of ['boosted-trees', 'linear'] as const) {
  test(`${approach}: features sum to the value that is predicted`, async () => {
    const model = await trainTabular({ columns, target: value } as TabularRows, { task: 'regression', approach, seed: 1 });
    const some = Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells.slice(0, 40)]));
    const predicted = (await model.predict(some))['value'] as number[];
    for (const [row, { label, output, baseline, contributions }] of (await model.explain!(some)).entries()) {
      assert.equal(label, null);
      assert.ok(Math.abs(output - predicted[row]!) < 1e-9);
      assert.ok(Math.abs(output - contributions.reduce((sum, one) => sum + one.value, baseline)) < 1e-9);
    }
  });

  test(`${approach}: of two labels the logit is explained, and that of the other is its negative`, async () => {
    const target = value.map((x) => (x > 6 ? 'high' : 'low'));
    const model = await trainTabular({ columns, target } as TabularRows, { task: 'tabular-classification', approach, seed: 1 });
    const one = { age: [70], city: ['Oslo'], noise: [0.5] };
    const probabilities = (await model.predict(one))['probabilities'] as number[][];
    const [high] = await model.explain!(one);
    assert.equal(high!.label, 'high');
    assert.ok(Math.abs(high!.output - logit(probabilities[0]![0]!)) < 1e-9);
    const [low] = await model.explain!(one, { label: 'low' });
    assert.ok(Math.abs(low!.output + high!.output) < 1e-12);
    const strongest = high!.contributions.reduce((best, contribution) => (contribution.value > best.value ? contribution : best));
    assert.notEqual(strongest.column, 'noise');
    await assert.rejects(model.explain!(one, { label: 'middle' }), { reason: 'unknown_label' });
  });

  test(`${approach}: each of three labels has its own score`, async () => {
    const target = value.map((x) => (x > 8 ? 'high' : x > 4 ? 'middle' : 'low'));
    const model = await trainTabular({ columns, target } as TabularRows, { task: 'tabular-classification', approach, seed: 1 });
    const one = { age: [null], city: ['unheard of'], noise: [0.1] };
    const outputs = await Promise.all(model.labels.map(async (label) => (await model.explain!(one, { label }))[0]!.output));
    const [predicted] = await model.explain!(one);
    assert.equal(predicted!.output, Math.max(...outputs));
  });
}
