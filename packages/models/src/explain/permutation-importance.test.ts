import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { permutationImportance } from './permutation-importance.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test('a column that decides is important, one that does not is not, and the seed repeats it', async () => {
  const random = createRandom(1);
  const x = Array.from({ length: 300 }, () => random.uniform());
  const noise = x.map(() => random.uniform());
  const y = x.map((value) => (value > 0.5 ? 1 : 0));
  const lossOf = async (columns: Readonly<Record<string, readonly unknown[]>>): Promise<number> =>
    sum(y.map((yes, i) => ((columns['x']![i] as number) > 0.5 === (yes === 1) ? 0 : 1))) / y.length;
  const found = await permutationImportance({ columns: { noise, x }, lossOf, repeats: 8, seed: 2 });
  assert.deepEqual(
    found.map(({ column }) => column),
    ['x', 'noise'],
  );
  assert.ok(found[0]!.increase.interval!.low > 0.4 && found[1]!.increase.value === 0);
  assert.deepEqual(await permutationImportance({ columns: { noise, x }, lossOf, repeats: 8, seed: 2 }), found);
});
