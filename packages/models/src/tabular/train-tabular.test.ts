import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Columns } from '@boucle/contract';
import { loadModel, warmUp } from '../package/load-model.ts';
import { makeTable } from './made-table.ts';
import type { TabularOptions } from './tabular-options.ts';
import { type TabularRows, trainTabular } from './train-tabular.ts';

const approaches: readonly (Partial<TabularOptions> & Pick<TabularOptions, 'approach'>)[] = [
  { approach: 'boosted-trees', rounds: 20, minRows: 5 },
  { approach: 'linear' },
];
const classify = { task: 'tabular-classification', seed: 1 } as const;
const regress = { task: 'regression', seed: 1 } as const;

const accuracy = (predicted: readonly unknown[], actual: readonly unknown[]): number =>
  predicted.filter((label, row) => label === actual[row]).length / actual.length;

for (const approach of approaches) {
  test(`${approach.approach}: labels of rows that it has not seen are told apart, two or more of them`, async () => {
    for (const [labels, least] of [
      [2, 0.85],
      [3, 0.7],
    ] as const) {
      const { columns, label } = makeTable({ rows: 500, seed: 1, labels });
      const trained = await trainTabular({ columns, target: label }, { ...classify, ...approach });
      const other = makeTable({ rows: 300, seed: 2, labels });
      const said = await trained.predict(other.columns as Columns);
      assert.ok(accuracy(said['label']!, other.label) > least, String(accuracy(said['label']!, other.label)));
      for (const [row, probabilities] of (said['probabilities'] as number[][]).entries()) {
        assert.ok(Math.abs(probabilities.reduce((a, b) => a + b, 0) - 1) < 1e-12);
        assert.equal(Math.max(...probabilities), said['score']![row]);
      }
    }
  });

  test(`${approach.approach}: numbers are predicted better than by their mean`, async () => {
    const { columns, number } = makeTable({ rows: 500, seed: 3 });
    const trained = await trainTabular({ columns, target: number }, { ...regress, ...approach });
    const other = makeTable({ rows: 300, seed: 4 });
    const { value } = await trained.predict(other.columns as Columns);
    const mean = number.reduce((a, b) => a + b, 0) / number.length;
    const squares = (guess: (row: number) => number): number => other.number.reduce((sum, one, row) => sum + (one - guess(row)) ** 2, 0);
    assert.ok(squares((row) => value![row] as number) < 0.3 * squares(() => mean));
  });

  test(`${approach.approach}: the same training writes the same package, which answers as the trainer did`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tabular-'));
    try {
      for (const [task, target] of [
        ['tabular-classification', 'label'],
        ['regression', 'number'],
      ] as const) {
        const table = makeTable({ rows: 200, seed: 5, labels: 3 });
        const inputExample: Columns = Object.fromEntries(
          Object.entries(table.columns).map(([name, column]) => [name, [...column].slice(0, 20)]),
        );
        const read = async (name: string): Promise<string[]> => {
          const trained = await trainTabular({ columns: table.columns, target: table[target] }, { task, seed: 1, ...approach });
          const path = join(folder, `${task}-${name}`);
          await trained.save(path, { inputExample });
          const model = await loadModel(path);
          await warmUp(model);
          assert.deepEqual(await model.predict(inputExample), await trained.predict(inputExample));
          await assert.rejects(model.predict({ ...inputExample, size: inputExample['size']!.map(() => 'big') }), { reason: 'wrong_type' });
          return Promise.all(['MLmodel', 'core.json', 'features.json', 'model.onnx'].map((file) => readFile(join(path, file), 'base64')));
        };
        assert.deepEqual(await read('first'), await read('again'));
        const damage = join(folder, `${task}-first`, 'core.json');
        await writeFile(damage, (await readFile(damage, 'utf8')).replace(/"(left|begin)":(-?\d+)/, '"$1":7777'));
        await assert.rejects(loadModel(join(folder, `${task}-first`)), { reason: 'damaged_package' });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test(`${approach.approach}: what a feature is worth is told by name`, async () => {
    const { columns, number } = makeTable({ rows: 300, seed: 6 });
    const { importance } = await trainTabular({ columns, target: number }, { ...regress, ...approach });
    assert.deepEqual(
      importance.map(({ feature }) => feature),
      ['size', 'the count', 'member', 'town'],
    );
    assert.ok(importance.every(({ gain }) => gain > 0));
  });

  test(`${approach.approach}: what cannot be learned from is refused, and says what to do`, async () => {
    const target = ['a', 'b', 'a', 'b'];
    const rows = (changed: Partial<TabularRows>): TabularRows => ({ columns: { x: [1, 2, 3, 4] }, target, ...changed });
    const refused = (changed: Partial<TabularRows>, reason: string, options: Partial<TabularOptions> = {}) =>
      assert.rejects(trainTabular(rows(changed), { ...classify, ...approach, ...options } as TabularOptions), { reason });
    await refused({ target: ['a', 'a', 'a', 'a'] }, 'single_label');
    await refused({ target: ['a', null, 'a', 'b'] }, 'missing_label');
    await refused({ target: [1, Number.NaN, 1, 2] }, 'missing_label');
    await refused({ target: [] }, 'no_rows');
    await refused({ target: Array.from({ length: 2000 }, (_, i) => i) }, 'too_many_labels');
    await refused({ columns: { x: [1], y: [1] }, target: ['a'] }, 'single_label');
    await refused({ columns: {} }, 'no_columns');
    await refused({ columns: { x: [1, 2, 3] } }, 'unequal_lengths');
    await refused({ columns: { x: [null, Number.NaN, null, ''] } }, 'all_missing_column');
    await refused({ columns: { x: [null, null, null, null] } }, 'all_missing_column', { kinds: { x: 'number' } });
    await refused({ columns: { x: new Float32Array(4).fill(Number.NaN) } }, 'all_missing_column');
    await refused({ columns: { x: [1, 'two', 3, 4] } }, 'mixed_column');
    await refused({ columns: { x: [1, 2, Infinity, 4] } }, 'not_finite');
    await refused({}, 'unknown_column', { kinds: { y: 'category' } });
    await refused({ columns: { x: target } }, 'wrong_type', { kinds: { x: 'number' } });
    await refused({ target: [1, 1, 1, 1] }, 'constant_target', { task: 'regression' });
    await refused({}, 'wrong_type', { task: 'regression' });
    await refused({}, 'bad_option', { seed: -1 });
    const ids = Array.from({ length: 20_000 }, (_, row) => `id ${row}`);
    await refused({ columns: { id: ids }, target: ids.map((_, row) => row % 2) }, 'too_many_categories');
  });

  test(`${approach.approach}: a category that was never met, and a missing value, have an answer`, async () => {
    const { columns, label } = makeTable({ rows: 200, seed: 7 });
    const trained = await trainTabular({ columns, target: label }, { ...classify, ...approach });
    const { label: said } = await trained.predict({
      size: [null, 1],
      'the count': [null, 2],
      member: [null, true],
      town: [null, 'Atlantis'],
    });
    assert.equal(said!.length, 2);
    await assert.rejects(trained.predict({ size: [1] }), { reason: 'missing_column' });
    await assert.rejects(trained.predict({ ...columns, more: label } as Columns), { reason: 'unknown_column' });
  });
}

test('validation rows end the growing of trees, and have to fit', async () => {
  const [table, other] = [makeTable({ rows: 200, seed: 8 }), makeTable({ rows: 100, seed: 9 })];
  const lines: string[] = [];
  const options = { ...classify, approach: 'boosted-trees', patience: 2, rounds: 500 } as const;
  const rows = { columns: table.columns, target: table.label, validation: { columns: other.columns, target: other.label } };
  await trainTabular(rows, options, { log: (line) => lines.push(line) });
  assert.match(lines.at(-1)!, /were best on validation rows/);
  await assert.rejects(trainTabular({ ...rows, validation: { columns: {}, target: other.label } }, options), { reason: 'missing_column' });
  const strange = { columns: other.columns, target: other.label.map((label, row) => (row < 3 ? 'strange' : label)) };
  await trainTabular({ ...rows, validation: strange }, options, { log: (line) => lines.push(line) });
  assert.ok(lines.some((line) => line.startsWith('3 validation rows have a label')));
  const one = { columns: { x: [1] }, target: [2] };
  await trainTabular({ columns: { x: [1, 2] }, target: [1, 2], validation: one }, { ...regress, approach: 'boosted-trees' });
});
