import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eDetectorRows } from '../golden/e-processes.ts';
import { alternating, stream2 } from '../golden/streams.ts';
import { createRandom } from '../random.ts';
import { bernoulliIncrement, type EDetector, eDetector, observeEDetector } from './e-detector.ts';

const streams = [alternating, '1'.repeat(100), stream2];
const methods = ['shiryaev-roberts', 'cusum'] as const;

test('both detectors fire where they are known to, with the known value', () => {
  eDetectorRows.forEach(([p0, p1, meanTimeBetweenFalseAlarms, srIndex, srValue, cusumIndex, cusumValue], row) => {
    const known = { 'shiryaev-roberts': [srIndex, srValue], cusum: [cusumIndex, cusumValue] } as const;
    for (const method of methods) {
      let state = eDetector({ method, meanTimeBetweenFalseAlarms });
      for (const digit of streams[row]!) {
        state = observeEDetector(state, bernoulliIncrement(digit === '1', p0, p1));
        if (state.alarmAt !== null) break;
      }
      const [index, value] = known[method];
      assert.equal(state.alarmAt, index + 1);
      assert.ok(Math.abs(Math.exp(state.logE!) / value - 1) < 1e-9, `${Math.exp(state.logE!)} is not ${value}`);
    }
  });
});

test('states stored as JSON go on with the same bits, even after an increment of nothing', () => {
  const increments = fc.array(fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NEGATIVE_INFINITY)));
  fc.assert(
    fc.property(increments, fc.nat(10), fc.constantFrom(...methods), (logs, at, method) => {
      const start = eDetector({ method, meanTimeBetweenFalseAlarms: 100 });
      const stored = JSON.parse(JSON.stringify(logs.slice(0, at).reduce(observeEDetector, start))) as EDetector;
      assert.deepStrictEqual(logs.slice(at).reduce(observeEDetector, stored), logs.reduce(observeEDetector, start));
    }),
  );
});

test('the sum over beginnings is never below the best of them', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1 }), (logs) => {
      const [sum, best] = methods.map((method) => logs.reduce(observeEDetector, eDetector({ method, meanTimeBetweenFalseAlarms: 10 })));
      assert.ok(sum!.logE! >= best!.logE! - 1e-9);
    }),
  );
});

test('without a change the mean time to a false alarm keeps its budget', () => {
  const random = createRandom(12);
  const runs = 400;
  for (const method of methods) {
    let total = 0;
    for (let run = 0; run < runs; run++) {
      let state = eDetector({ method, meanTimeBetweenFalseAlarms: 100 });
      while (state.alarmAt === null) state = observeEDetector(state, bernoulliIncrement(random.uniform() < 0.2, 0.2, 0.4));
      total += state.alarmAt;
    }
    assert.ok(total / runs >= 100, `${method}: ${total / runs}`);
  }
});

test('it refuses what has no meaning', () => {
  assert.throws(() => eDetector({ meanTimeBetweenFalseAlarms: 0.5 }), RangeError);
  assert.throws(() => bernoulliIncrement(true, 0, 0.5), RangeError);
  assert.throws(() => observeEDetector(eDetector({ meanTimeBetweenFalseAlarms: 10 }), Number.NaN), RangeError);
});
