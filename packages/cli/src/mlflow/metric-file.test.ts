import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pointOf } from './metric-file.ts';

test('a line is the point that was written, to the last bit', () => {
  fc.assert(
    fc.property(
      fc.nat(4e12),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      (timestamp, value, step) => {
        const point = pointOf(`${timestamp} ${Object.is(value, -0) ? '-0.0' : value} ${step}`, 'here');
        assert.deepEqual([point.timestamp, point.value, BigInt(point.step)], [timestamp, value, step]);
      },
    ),
  );
});

test('what Python prints for what is no number is known; lines without a step are of step 0', () => {
  assert.deepEqual(pointOf('5 nan 1', ''), { timestamp: 5, value: 'NaN', step: 1 });
  assert.deepEqual(pointOf('5 -inf', ''), { timestamp: 5, value: -Number.MAX_VALUE, step: 0 });
  assert.deepEqual(pointOf('5 1e3 2 rows abc m-1', ''), { timestamp: 5, value: 1000, step: 2 });
});

test('a broken line is named', () => {
  for (const line of ['', 'x', '5', '5 abc 1', '5 1 x', '-5 1 1', '5 1 1.5']) {
    assert.throws(() => pointOf(line, 'loss:3'), { reason: 'bad_metric_line', message: /^loss:3 / });
  }
});
