import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answer, bytes, clip, count, measure, plural, seconds, short, time, value } from './format.ts';

test('sizes keep three digits, and bytes stay whole', () => {
  assert.deepEqual([0, 999, 1000, 1_234_567, 3.4e9].map(bytes), ['0 B', '999 B', '1.00 kB', '1.23 MB', '3.40 GB']);
});

test('a duration is said in the unit that one would use', () => {
  assert.deepEqual([0.0312, 0.3, 5.94, 61, 3600, 5400].map(seconds), ['31 ms', '0.3 s', '5.9 s', '1 min 1 s', '1 h 0 min', '1 h 30 min']);
});

test('numbers and nouns', () => {
  assert.deepEqual(
    [count(14_640), plural(1, 'row'), plural(2, 'row'), plural(0, 'child', 'children')],
    ['14,640', '1 row', '2 rows', '0 children'],
  );
});

test('a time loses its fractions, a digest its tail, a metric its noise', () => {
  assert.equal(time('2026-11-21T10:04:05.678Z'), '2026-11-21 10:04:05Z');
  assert.equal(time(null), '');
  assert.equal(short(`rows:${'1a'.repeat(32)}`), 'rows:1a1a1a1a1a1a…');
  assert.deepEqual([0.861941928, 1, 'NaN', 1234567.5].map(measure), ['0.86194', '1', 'NaN', '1234600']);
});

test('an answer reads without JSON', () => {
  assert.equal(
    answer({ label: 'negative', score: 0.8619419, probabilities: [0.8619419, 0.25] }),
    'label negative, score 0.86194, probabilities 0.86194 0.25',
  );
  assert.equal(answer('negative'), 'negative');
});

test('whatever is shown in a cell is on one line and no longer than asked', () => {
  fc.assert(
    fc.property(fc.anything(), fc.integer({ min: 1, max: 50 }), (given, length) => {
      const said = clip(value(typeof given === 'bigint' || typeof given === 'symbol' ? String(given) : given) ?? '', length);
      assert.ok(said.length <= length && !said.includes('\n'));
    }),
  );
});
