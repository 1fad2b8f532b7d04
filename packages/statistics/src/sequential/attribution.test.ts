import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attributionIntervals, attributionRows } from '../golden/e-processes.ts';
import { createRandom } from '../random.ts';
import { type Attribution, attribution, observeAttribution, readAttribution } from './attribution.ts';

const near = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-14, `${actual} is not ${expected}`);

test('the evidence and its p-value are the known ones', () => {
  for (const [share, a, b, canary, baseline, logE, p] of attributionRows) {
    const reading = readAttribution(observeAttribution(attribution({ share, a, b }), { canary, baseline }));
    if (canary + baseline === 0) {
      assert.equal(reading.testable, false);
      continue;
    }
    assert.ok(reading.testable);
    near(reading.logE, logE);
    near(reading.pValue, p);
  }
});

test('the confidence sequence ends where the evidence reaches 1/alpha', () => {
  for (const [share, a, b, canary, baseline, low, high, riskLow, riskHigh] of attributionIntervals) {
    const reading = readAttribution(observeAttribution(attribution({ share, a, b }), { canary, baseline }));
    assert.ok(reading.testable);
    near(reading.theta.low, low);
    near(reading.theta.high, high);
    near(reading.relativeRisk.low, riskLow);
    near(reading.relativeRisk.high, riskHigh);
  }
});

test('events of one version alone leave the interval open on its side', () => {
  const read = (canary: number, baseline: number) => {
    const reading = readAttribution(observeAttribution(attribution({ share: 0.5 }), { canary, baseline }));
    assert.ok(reading.testable);
    return reading;
  };
  const none = read(0, 20);
  assert.deepEqual([none.theta.low, none.relativeRisk.low, none.relativeRisk.estimate], [0, 0, 0]);
  assert.ok(none.relativeRisk.high! < 1);
  const all = read(20, 0);
  assert.deepEqual([all.theta.high, all.relativeRisk.high, all.relativeRisk.estimate], [1, null, null]);
  assert.ok(all.relativeRisk.low! > 1);
});

test('the alarm is one-sided and is kept with the event that raised it', () => {
  const start = attribution({ share: 0.1 });
  const better = observeAttribution(start, { canary: 0, baseline: 400 });
  assert.ok(better.logE > 3 && better.alarmAt === null);
  let state = start;
  while (state.alarmAt === null) state = observeAttribution(state, { canary: 1, baseline: 1 });
  const at = state.alarmAt;
  state = observeAttribution(state, { canary: 0, baseline: 500 });
  const reading = readAttribution(state);
  assert.ok(reading.testable && reading.alarm && reading.alarmAt === at && reading.pValue <= 0.05);
});

test('events that come in any portions end in the same evidence, and JSON changes no bit', () => {
  const portions = fc.array(fc.record({ canary: fc.nat(30), baseline: fc.nat(30) }), { maxLength: 20 });
  fc.assert(
    fc.property(portions, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (events, share) => {
      const start = attribution({ share });
      const state = events.reduce(observeAttribution, start);
      const canary = events.reduce((sum, event) => sum + event.canary, 0);
      const baseline = events.reduce((sum, event) => sum + event.baseline, 0);
      assert.equal(state.logE, observeAttribution(start, { canary, baseline }).logE);
      const stored = JSON.parse(JSON.stringify(state)) as Attribution;
      assert.deepStrictEqual(stored, state);
      assert.deepStrictEqual(readAttribution(stored), readAttribution(state));
    }),
  );
});

test('the estimate lies in every interval, and a higher confidence widens it', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (canary, baseline, share) => {
      fc.pre(canary + baseline > 0);
      const state = observeAttribution(attribution({ share }), { canary, baseline });
      const narrow = readAttribution(state, 0.9);
      const wide = readAttribution(state, 0.99);
      assert.ok(narrow.testable && wide.testable);
      assert.ok(narrow.theta.low <= narrow.theta.estimate && narrow.theta.estimate <= narrow.theta.high);
      assert.ok(wide.theta.low <= narrow.theta.low && narrow.theta.high <= wide.theta.high);
    }),
  );
});

test('equal rates, looked at after every event, raise more evidence than 1/alpha in at most alpha of the runs', () => {
  const random = createRandom(11);
  const runs = 300;
  let crossed = 0;
  for (let run = 0; run < runs; run++) {
    let state = attribution({ share: 0.2 });
    for (let event = 0; event < 400; event++) {
      const canary = random.uniform() < 0.2 ? 1 : 0;
      state = observeAttribution(state, { canary, baseline: 1 - canary });
    }
    if (state.maxLogE >= Math.log(20)) crossed++;
  }
  assert.ok(crossed / runs <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), `${crossed} of ${runs}`);
});

test('it refuses what has no meaning', () => {
  assert.throws(() => attribution({ share: 1 }), RangeError);
  assert.throws(() => attribution({ share: 0.5, a: 0 }), RangeError);
  assert.throws(() => attribution({ share: 0.5, alpha: Number.NaN }), RangeError);
  assert.throws(() => observeAttribution(attribution({ share: 0.5 }), { canary: -1, baseline: 0 }), RangeError);
});
