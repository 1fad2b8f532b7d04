import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleRatios } from '../golden/e-processes.ts';
import { createRandom } from '../random.ts';
import { observeSampleRatio, readSampleRatio, type SampleRatio, sampleRatio, withPlannedShares } from './sample-ratio.ts';

test('the evidence against the planned shares is the known one', () => {
  for (const { counts, shares, logE } of sampleRatios) {
    const reading = readSampleRatio(observeSampleRatio(sampleRatio({ shares }), counts));
    assert.ok(reading.testable);
    assert.ok(Math.abs(reading.logE - logE) <= 1e-9 * Math.abs(logE), `${reading.logE} is not ${logE}`);
    assert.equal(reading.biased, logE > Math.log(1000));
    assert.ok(Math.abs(reading.pValue - Math.min(1, Math.exp(-logE))) <= 1e-9 * reading.pValue);
  }
});

test('nothing assigned is no evidence', () => {
  const start = sampleRatio({ shares: [0.5, 0.5] });
  assert.equal(start.logE, 0);
  assert.equal(readSampleRatio(start).testable, false);
});

test('units in any portions end in the same evidence, and JSON changes no bit', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)), { maxLength: 20 }), (portions) => {
      const start = sampleRatio({ shares: [0.5, 0.3, 0.2] });
      const state = portions.reduce(observeSampleRatio, start);
      assert.equal(state.logE, observeSampleRatio(start, state.counts).logE);
      assert.deepStrictEqual(JSON.parse(JSON.stringify(state)) as SampleRatio, state);
    }),
  );
});

test('other shares begin a stage whose evidence is added to what came before', () => {
  const first = observeSampleRatio(sampleRatio({ shares: [0.9, 0.1] }), [9300, 700]);
  const next = withPlannedShares(first, [0.5, 0.5]);
  assert.equal(next.logE, first.logE);
  const second = observeSampleRatio(next, [500, 500]);
  assert.ok(second.logE < first.logE && second.logE > first.logE - 4);
  const reading = readSampleRatio(second);
  assert.ok(reading.testable && reading.biased);
  assert.deepEqual(reading.sizes, [9800, 1200]);
  assert.deepEqual(reading.deviations, [0, 0]);
});

test('a router two points off is caught, and a fair one all but never flagged', () => {
  const random = createRandom(5);
  const assign = (share: number, units: number) => {
    let state = sampleRatio({ shares: [0.9, 0.1] });
    for (let batch = 0; batch < units / 100; batch++) {
      let canary = 0;
      for (let i = 0; i < 100; i++) if (random.uniform() < share) canary++;
      state = observeSampleRatio(state, [100 - canary, canary]);
    }
    const reading = readSampleRatio(state);
    return reading.testable && reading.biased;
  };
  assert.ok(Array.from({ length: 20 }, () => assign(0.08, 20000)).every(Boolean));
  const flagged = Array.from({ length: 200 }, () => assign(0.1, 5000)).filter(Boolean).length;
  assert.ok(flagged / 200 <= 0.001 + 3 * Math.sqrt(0.001 / 200), String(flagged));
});

test('it refuses shares and counts that are none', () => {
  assert.throws(() => sampleRatio({ shares: [0.5, 0.4] }), RangeError);
  assert.throws(() => sampleRatio({ shares: [1] }), RangeError);
  assert.throws(() => observeSampleRatio(sampleRatio({ shares: [0.5, 0.5] }), [1]), RangeError);
  assert.throws(() => observeSampleRatio(sampleRatio({ shares: [0.5, 0.5] }), [1, 0.5]), RangeError);
});
