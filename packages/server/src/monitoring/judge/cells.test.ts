import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, type Random } from '@boucle/statistics';
import { createCategories } from '../columns/category-counts.ts';
import { categoryReference } from '../reference/collect-column.ts';
import { compare } from './cells.ts';
import { compareCells } from './compare-cells.ts';
import { judgeQuality } from './judge-quality.ts';

/** Of so many categories, each less common than the one before. */
const drawFrom = (random: Random, categories: number) => {
  const weights = Array.from({ length: categories }, (_, i) => 1 / (1 + i));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (): string => {
    let left = random.uniform() * total;
    return `c${weights.findIndex((weight) => (left -= weight) <= 0)}`;
  };
};
const columnOf = (values: readonly string[], reference?: Parameters<typeof createCategories>[0]) => {
  const counts = createCategories(reference);
  for (const value of values) counts.add(value);
  return counts.form();
};
const referenceOf = (values: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return categoryReference(counts, { source: 'training', missing: 0 });
};

test('many rare categories, of which each sample sees others, are no drift more often than stated', () => {
  const [runs, alpha] = [100, 0.05];
  for (const [categories, rows] of [
    [100, 100],
    [1000, 100],
  ] as const) {
    const draw = drawFrom(createRandom(categories), categories);
    const sample = () => Array.from({ length: rows }, draw);
    let alarms = 0;
    for (let run = 0; run < runs; run++) {
      const reference = referenceOf(sample());
      const [{ cells }] = compare(columnOf(sample(), reference), reference, '') as [ReturnType<typeof compare>[number]];
      const compared = compareCells(cells, { alpha, family: 1 });
      alarms += typeof compared !== 'string' && compared.pValue <= alpha ? 1 : 0;
    }
    assert.ok(alarms / runs < alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / runs), `${alarms} of ${runs} with ${categories} categories`);
  }
});

test('a category that is new has a cell of its own, as soon as it is not rare', () => {
  const reference = referenceOf([...Array<string>(60).fill('a'), ...Array<string>(40).fill('b')]);
  const [{ cells }] = compare(columnOf([...Array<string>(50).fill('a'), ...Array<string>(50).fill('new')], reference), reference, '') as [
    ReturnType<typeof compare>[number],
  ];
  assert.deepEqual(
    cells.map(({ label, reference: before, current }) => [label, before, current]),
    [
      ['a', 60, 50],
      ['new', 0, 50],
      ['b', 40, 0],
    ],
  );
});

test('values that nobody saw yet are no fault where new ones come all the time', () => {
  const draw = drawFrom(createRandom(7), 1000);
  const reference = referenceOf(Array.from({ length: 300 }, draw));
  const column = columnOf(Array.from({ length: 300 }, draw), reference);
  const part = {
    variant: 'main',
    mode: 'live',
    modelVersionId: 'm',
    slice: null,
    rows: 300,
    requests: 300,
    refused: 0,
    columns: { x: column },
  };
  const known = { m: { columns: { x: reference } } };
  const findings = judgeQuality([part] as never, known as never, { missing: 0.05, unseen: 0.05, outOfRange: 0.05 });
  assert.ok(findings.every(({ isFault }) => !isFault));
});
