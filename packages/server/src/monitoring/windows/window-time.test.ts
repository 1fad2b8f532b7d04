import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closesAt, placeOf, silentStretches, startOf, timesOf, watermarkOf } from './window-time.ts';

const minute = 60_000;
const hour = 60 * minute;
const times = timesOf({});
const noon = Date.parse('2026-01-01T12:00:00.000Z');

test('windows are an hour long and wait five minutes, unless told otherwise', () => {
  assert.deepEqual(times, { everyMs: hour, latenessMs: 5 * minute });
  assert.deepEqual(timesOf({ windows: { every: '1ms', lateness: '0s' } }), { everyMs: 1000, latenessMs: 0 });
  assert.equal(startOf(noon + 59 * minute, times), noon);
});

test('while records come their times close windows, and once none comes the clock does', () => {
  const traffic = { greatestEvent: noon, lastArrival: noon + hour, isDrained: true };
  assert.equal(watermarkOf(traffic, noon + hour, times), noon - 5 * minute);
  assert.equal(watermarkOf(traffic, noon + hour + 5 * minute, times), noon + hour);
  assert.equal(watermarkOf({ ...traffic, isDrained: false }, noon + 9 * hour, times), noon - 5 * minute);
  assert.equal(watermarkOf({ ...traffic, greatestEvent: null }, noon + hour, times), -Infinity);
});

test('at the time that a window closes at the latest, it does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 * hour }), fc.integer({ min: 0, max: 5 * hour }), (after, event) => {
      const traffic = { greatestEvent: noon + event, lastArrival: noon + after, isDrained: true };
      assert.ok(watermarkOf(traffic, closesAt(noon, traffic, times), times) >= noon + hour);
    }),
  );
});

test('an event from the future, from before clocks were set, or from a forgotten window enters none', () => {
  const place = (eventTime: number, greatest: number | null = null) => placeOf({ eventTime, arrivalTime: noon }, greatest);
  assert.equal(place(noon + 5 * minute), 'window');
  assert.equal(place(noon + 5 * minute + 1), 'future');
  assert.equal(place(0), 'past');
  assert.equal(place(Number.NaN), 'past');
  assert.equal(place(noon - 36 * 24 * hour, noon), 'late');
  assert.equal(place(noon - 34 * 24 * hour, noon), 'window');
});

test('windows and silences together cover the time without gap or overlap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.array(fc.nat(200), { maxLength: 12 }), (slots, starts) => {
      const [from, to] = [noon, noon + slots * hour];
      const taken = new Set(starts.map((slot) => noon + slot * hour));
      const silent = silentStretches({ from, to }, taken, times);
      const windows = [...taken].filter((start) => start < to).map((start) => ({ from: start, to: start + hour }));
      let at = from;
      for (const stretch of [...silent, ...windows].sort((a, b) => a.from - b.from)) {
        assert.equal(stretch.from, at);
        at = stretch.to;
      }
      assert.equal(at, to);
    }),
  );
});
