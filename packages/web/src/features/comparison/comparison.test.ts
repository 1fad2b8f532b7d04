import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aComparison } from '../../testing/a-comparison.ts';
import { lineLayout } from '../../ui/chart/line-layout.ts';
import { comparisonIn } from './comparison-in.ts';
import { criteria, rowOf } from './criteria.ts';
import { curveSpec, inkOf } from './curve-chart.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';

const { approaches, slices } = aComparison();

test('the comparison is found among the outputs by its format, and by nothing else', () => {
  const value = aComparison();
  assert.equal(comparisonIn({ version: { value: '1' }, page: { kind: 'file' }, any: { kind: 'value', value } }), value);
  assert.equal(comparisonIn({ version: { value: '1' }, none: null }), undefined);
});

test('the best of a row is the least or the greatest, and each of equal ones', () => {
  const [time] = criteria.learning;
  assert.deepEqual(rowOf(time, approaches).isBest, [true, false, false]);
  const throughput = criteria.operation.find(({ name }) => name === 'throughput')!;
  assert.deepEqual(rowOf(throughput, [approaches[1]!, approaches[0]!, approaches[0]!]).isBest, [false, true, true]);
});

test('an approach without a number is neither best nor in the way, and one alone is not best', () => {
  const [explained] = criteria.explanation;
  assert.deepEqual(rowOf(explained, approaches).values, [1, 0.994, null]);
  assert.deepEqual(rowOf(explained, approaches).isBest, [true, false, false]);
  assert.deepEqual(rowOf(explained, [approaches[0]!, approaches[2]!]).isBest, [false, false]);
});

test('numbers of many sizes lie on a logarithmic axis with air at both ends', () => {
  const { range, isLog } = rowOf(criteria.operation[0], approaches);
  assert.ok(isLog);
  assert.deepEqual(range, [810_000, 182_000_000]);
});

test('a curve has a value for each number of rows that any approach learned from, and gaps elsewhere', () => {
  const spec = curveSpec({ approaches });
  assert.deepEqual(spec.x, [951, 2379, 4758, 9516]);
  assert.deepEqual(spec.lines[2]!.values, [null, null, null, 0.886]);
  assert.equal(lineLayout(spec, 600, 260).lines.length, 3);
  assert.equal(new Set(spec.lines.map(({ ink }) => ink)).size, 3);
  assert.equal(inkOf(4), inkOf(0));
});

test('every part of the test rows has a name in French', () => {
  for (const { is } of slices) assert.notEqual(fr.slice(is), is);
  assert.equal(en.slice('3 to 11 words'), '3 to 11 words');
  assert.equal(fr.slice('4 to 9 rare words'), '4 à 9 mots rares');
});
