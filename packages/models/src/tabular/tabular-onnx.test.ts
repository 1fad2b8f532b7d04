import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Columns } from '@boucle/contract';
import fc from 'fast-check';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { TensorData } from '../onnx/model.ts';
import { createSession } from '../onnx/run.ts';
import { makeTable } from './made-table.ts';
import type { TableColumns, TableFeature } from './table-columns.ts';
import type { TabularOptions } from './tabular-options.ts';
import { type TrainedTabular, trainTabular } from './train-tabular.ts';

/** As a stock client would feed the columns. */
const feeds = (features: readonly TableFeature[], columns: TableColumns): Record<string, TensorData> =>
  Object.fromEntries(
    features.map(({ name, kind }) => {
      const column = [...columns[name]!];
      const shape = [column.length];
      const numbers = Float32Array.from(column, (value) => (value === null ? Number.NaN : Number(value)));
      return [
        name,
        kind === 'category'
          ? { type: 'string', shape, data: column.map((value) => (value ?? '') as string) }
          : { type: 'float32', shape, data: numbers },
      ];
    }),
  );

const assertSame = async (trained: TrainedTabular, columns: TableColumns): Promise<void> => {
  const session = await createSession(encodeOnnx(trained.onnx()));
  const found = await session.run(feeds(trained.features, columns));
  await session.close();
  const wanted = await trained.predict(columns as Columns);
  for (const [name, column] of Object.entries(wanted)) {
    const values = [...(found[name]!.data as Iterable<unknown>)];
    if (name === 'label') assert.deepEqual(values, column);
    else
      for (const [i, value] of column.flat().entries())
        assert.ok(Math.abs((values[i] as number) - (value as number)) < 1e-9, `${name} ${i}: ${String(values[i])}, ours ${String(value)}`);
  }
};

const cases: readonly [name: string, options: Pick<TabularOptions, 'task' | 'approach'>, labels: number][] = [
  ['trees, two labels', { task: 'tabular-classification', approach: 'boosted-trees' }, 2],
  ['trees, four labels', { task: 'tabular-classification', approach: 'boosted-trees' }, 4],
  ['trees, a number', { task: 'regression', approach: 'boosted-trees' }, 2],
  ['linear, two labels', { task: 'tabular-classification', approach: 'linear' }, 2],
  ['linear, four labels', { task: 'tabular-classification', approach: 'linear' }, 4],
  ['linear, a number', { task: 'regression', approach: 'linear' }, 2],
];

for (const [name, options, labels] of cases) {
  test(`the exported graph answers as the model does: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
        const { columns, label, number } = makeTable({ rows: 120, seed, labels });
        const target = options.task === 'regression' ? number : label;
        const trees = options.approach === 'boosted-trees' && { rounds: 5, minRows: 2 };
        const trained = await trainTabular({ columns, target }, { seed, ...options, ...trees } as TabularOptions);
        await assertSame(trained, columns);
        await assertSame(trained, {
          ...makeTable({ rows: 40, seed: seed + 1 }).columns,
          town: Array.from({ length: 40 }, (_, row) => `town ${row % 12}`),
        });
      }),
      { numRuns: 4 },
    );
  });
}

test('a column may be called like an output, or like anything else', async () => {
  const columns = {
    score: [1, 2, 3, 4, 5, 6],
    label: ['a', 'b', 'a', 'b', 'a', 'b'],
    '/0/Unsqueeze': [true, null, true, false, true, false],
  };
  const trained = await trainTabular(
    { columns, target: ['x', 'y', 'x', 'y', 'x', 'y'] },
    { task: 'tabular-classification', approach: 'linear', seed: 1 },
  );
  const session = await createSession(encodeOnnx(trained.onnx()));
  const found = await session.run(feeds(trained.features, columns));
  await session.close();
  assert.deepEqual([...(found['predicted label']!.data as string[])], (await trained.predict(columns))['label']);
});

test('a forest that found nothing to split is exported, too', async () => {
  const trained = await trainTabular(
    { columns: { x: [1, 1, 1] }, target: ['a', 'b', 'b'] },
    { task: 'tabular-classification', approach: 'boosted-trees', seed: 1 },
  );
  await assertSame(trained, { x: [1, 5, null] });
});
