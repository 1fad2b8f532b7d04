import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alarms, alternating, multi, step, stream1, stream2, stream3 } from '../golden/streams.ts';
import { createRandom } from '../random.ts';
import { createAdwin } from './adwin.ts';
import { createDdm } from './ddm.ts';
import type { Detector } from './detector.ts';
import { createEddm } from './eddm.ts';
import { createHddmA } from './hddm-a.ts';
import { createHddmW } from './hddm-w.ts';
import { createKswin } from './kswin.ts';
import { createPageHinkley } from './page-hinkley.ts';
import { type DetectorForm, detectorFrom } from './stream-detector.ts';

const alarmsOf = (detector: Detector<unknown>, stream: string): number[] =>
  stream.split('').flatMap((digit, i) => (detector.add(Number(digit)).alarm ? [i] : []));

const all: Record<string, () => Detector<DetectorForm>> = {
  adwin: createAdwin,
  ddm: createDdm,
  eddm: createEddm,
  hddm_a: createHddmA,
  hddm_w: createHddmW,
  page_hinkley: createPageHinkley,
  kswin: createKswin,
};

test('ADWIN cuts where it is known to, at every change of the mean', () => {
  assert.deepEqual(alarmsOf(createAdwin(), stream1), alarms.adwin_stream1);
  assert.deepEqual(alarmsOf(createAdwin(), multi), alarms.adwin_multi);
});

test('DDM fires on a worse error rate, and never on errors alone', () => {
  assert.deepEqual(alarmsOf(createDdm(), stream2), alarms.ddm_stream2);
  assert.deepEqual(alarmsOf(createDdm(), '1'.repeat(1000)), alarms.ddm_1000_ones);
});

test('EDDM fires when errors come closer', () => {
  assert.deepEqual(alarmsOf(createEddm({ warning: 0.9, alarm: 0.8 }), stream2), alarms['eddm_.9_.8_stream2']);
});

test('HDDM fires with averages and with weighted averages, on one side and on both', () => {
  assert.deepEqual(alarmsOf(createHddmA(), stream2), alarms.hddm_a_stream2);
  assert.deepEqual(alarmsOf(createHddmA({ twoSided: true }), stream3), alarms.hddm_a_two_sided_stream3);
  assert.deepEqual(alarmsOf(createHddmW(), stream2), alarms.hddm_w_stream2);
  assert.deepEqual(alarmsOf(createHddmW({ twoSided: true }), stream3), alarms.hddm_w_two_sided_stream3);
});

test('KSWIN fires without a seed', () => {
  assert.deepEqual(alarmsOf(createKswin({ alpha: 0.0001, window: 200, recent: 100 }), stream1), alarms['kswin_.0001_200_100_stream1']);
});

test('Page-Hinkley fires on a mean that rises, falls, or either', () => {
  for (const direction of ['up', 'down', 'both'] as const) {
    assert.deepEqual(alarmsOf(createPageHinkley({ direction }), stream3), alarms[`page_hinkley_${direction}_stream3`]);
  }
});

test('all of them, as they come, fire where they are known to on a step and on a rate that grows', () => {
  for (const [name, indices] of Object.entries(alarms.step)) assert.deepEqual(alarmsOf(all[name]!(), step), indices, name);
  for (const [name, indices] of Object.entries(alarms.alternating)) assert.deepEqual(alarmsOf(all[name]!(), alternating), indices, name);
});

test('a detector that was stored as JSON at any moment gives the same signals', () => {
  fc.assert(
    fc.property(fc.nat(1999), fc.constantFrom(...Object.keys(all)), fc.constantFrom(stream2, step, alternating), (at, name, stream) => {
      const whole = all[name]!();
      const first = all[name]!();
      for (const digit of stream.slice(0, at)) assert.deepEqual(first.add(Number(digit)), whole.add(Number(digit)));
      const restored = detectorFrom(JSON.parse(JSON.stringify(first)) as DetectorForm);
      for (const digit of stream.slice(at)) assert.deepEqual(restored.add(Number(digit)), whole.add(Number(digit)));
      assert.deepStrictEqual(restored.toJSON(), whole.toJSON());
    }),
    { numRuns: 60 },
  );
});

test('restoring does not change what was stored', () => {
  const form = createAdwin().toJSON();
  const restored = detectorFrom(form);
  restored.add(1);
  assert.equal(form.n, 0);
});

test('memory does not grow with the stream', () => {
  const random = createRandom(1);
  for (const [name, create] of Object.entries(all)) {
    const detector = create();
    for (let i = 0; i < 5000; i++) detector.add(random.uniform() < 0.1 ? 1 : 0);
    assert.ok(JSON.stringify(detector).length < 4000, `${name}: ${JSON.stringify(detector).length}`);
  }
});

test('on streams without a change they fire about as often as is documented', () => {
  const random = createRandom(21);
  const streams = 30;
  const fired: Record<string, number> = {};
  for (let run = 0; run < streams; run++) {
    const stream = Array.from({ length: 10_000 }, () => (random.uniform() < 0.1 ? 1 : 0));
    for (const name of Object.keys(alarms.false_alarm_stream_share_400_runs)) {
      const detector = all[name]!();
      if (stream.some((value) => detector.add(value).alarm)) fired[name] = (fired[name] ?? 0) + 1;
    }
  }
  for (const [name, share] of Object.entries(alarms.false_alarm_stream_share_400_runs)) {
    const tolerance = 0.02 + 3 * Math.sqrt(Math.max(0.01, share * (1 - share)) / streams);
    assert.ok(Math.abs((fired[name] ?? 0) / streams - share) < tolerance, `${name}: ${fired[name]} of ${streams}`);
  }
});

test('a worsening that builds up warns before the alarm', () => {
  const detector = createDdm();
  const signals = stream2.split('').map((digit) => detector.add(Number(digit)));
  const alarm = signals.findIndex((signal) => signal.alarm);
  assert.ok(signals.slice(1000, alarm).some((signal) => signal.warning));
});

test('they refuse values and options that have no meaning, and a form of no detector', () => {
  assert.throws(() => createDdm().add(0.5), RangeError);
  assert.throws(() => createHddmA().add(2), RangeError);
  assert.throws(() => createAdwin().add(Number.NaN), RangeError);
  assert.throws(() => createKswin({ recent: 100 }), RangeError);
  assert.throws(() => createPageHinkley({ alpha: 2 }), RangeError);
  assert.throws(() => detectorFrom({ detector: 'none' } as unknown as DetectorForm), RangeError);
});
