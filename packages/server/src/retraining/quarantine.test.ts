import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LabelledRow, quarantine } from './quarantine.ts';

const row = (predictionId: string, text: string, more: Partial<LabelledRow> = {}): LabelledRow => ({
  predictionId,
  inputs: { text },
  label: 'bad',
  by: 'ada',
  changes: 0,
  ...more,
});
const heldOf = (rows: readonly LabelledRow[], mostFromOne?: number) =>
  quarantine(rows, mostFromOne === undefined ? {} : { mostFromOne }).held.map(({ predictionId, reason }) => [predictionId, reason]);

test('the same inputs under different labels are all held back, and under one label none', () => {
  assert.deepEqual(heldOf([row('a', 'late'), row('b', 'late', { label: 'good' }), row('c', 'late'), row('d', 'lost')]), [
    ['a', 'contradicting'],
    ['b', 'contradicting'],
    ['c', 'contradicting'],
  ]);
  assert.deepEqual(heldOf([row('a', 'late'), row('b', 'late')]), []);
});

test('a label that was changed once may be right; one that changes again is doubtful', () => {
  assert.deepEqual(heldOf([row('a', 'late', { changes: 1 }), row('b', 'lost', { changes: 2 })]), [['b', 'changed_often']]);
});

test('what nobody stands for, and what is lost, is not learned from', () => {
  const rows = [row('a', 'late', { by: 'anonymous' }), row('b', 'lost', { by: '' }), row('c', '', { inputs: null })];
  assert.deepEqual(heldOf(rows), [
    ['a', 'unauthenticated'],
    ['b', 'unauthenticated'],
    ['c', 'no_inputs'],
  ]);
});

test('of one person there is at most the stated share; the newest are held back', () => {
  const rows = [
    ...Array.from({ length: 6 }, (_, i) => row(`a${i}`, `a ${i}`)),
    row('g0', 'g 0', { by: 'grace' }),
    row('g1', 'g 1', { by: 'grace' }),
  ];
  assert.deepEqual(
    heldOf(rows, 0.5),
    ['a2', 'a3', 'a4', 'a5'].map((id) => [id, 'one_giver']),
  );
  assert.deepEqual(heldOf(rows), []);
  assert.equal(heldOf(rows.slice(0, 6), 0.5).length, 6);
});

test('each row is kept or held, once, and nobody has more than their share', () => {
  const anyRow = fc.record({
    inputs: fc.option(fc.record({ text: fc.constantFrom('a', 'b', 'c', 'd', 'e') }), { nil: null }),
    label: fc.constantFrom('bad', 'good'),
    by: fc.constantFrom('ada', 'grace', 'anonymous'),
    changes: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 30 }), fc.constantFrom(0.3, 0.5, 0.8), (given, share) => {
      const rows = given.map((one, i) => ({ ...one, predictionId: `p${i}` }));
      const { kept, held } = quarantine(rows, { mostFromOne: share });
      const ids = [...kept, ...held].map(({ predictionId }) => predictionId);
      assert.deepEqual(ids.toSorted(), rows.map(({ predictionId }) => predictionId).toSorted());
      for (const [by, theirs] of Map.groupBy(kept, (one) => one.by)) assert.ok(theirs.length <= share * kept.length + 1e-9, by);
    }),
  );
});
