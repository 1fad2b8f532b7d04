import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  operatingRows,
  quietRampEvents,
  quietRampPromote,
  quietRampRollback,
  rampEvents,
  rampPromote,
  rampRollback,
} from '../golden/e-processes.ts';
import { createRandom } from '../random.ts';
import { type AttributedEvent, decideRampSafe, observeRampSafe, type RampSafe, rampSafe, readRampSafe } from './ramp-safe.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-12, `${actual} is not ${expected}`);
const eventsOf = (rows: readonly (readonly [number, number])[]): AttributedEvent[] =>
  rows.map(([canary, share]) => ({ canary: canary === 1, share }));
const replay = (events: readonly AttributedEvent[], start = rampSafe()): RampSafe => events.reduce(observeRampSafe, start);
const someEvents = fc.array(fc.record({ canary: fc.boolean(), share: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }), {
  maxLength: 40,
});

test('both e-values follow the known ones event by event, while the share changes', () => {
  let state = rampSafe();
  eventsOf(rampEvents).forEach((event, i) => {
    state = observeRampSafe(state, event);
    near(Math.exp(state.logRollback), rampRollback[i]!);
    near(Math.exp(state.logPromote), rampPromote[i]!);
  });
});

test('a quiet canary gathers the known evidence for promotion', () => {
  [10, 20, 30, 35].forEach((n, i) => {
    const state = replay(eventsOf(quietRampEvents).slice(0, n));
    near(Math.exp(state.logPromote), quietRampPromote[i]!);
    near(Math.exp(state.logRollback), quietRampRollback[i]!);
  });
});

test('no event is no evidence and a hold', () => {
  const start = rampSafe();
  assert.equal(start.logRollback, 0);
  assert.equal(start.logPromote, 0);
  assert.deepEqual(decideRampSafe(start), { decision: 'hold', atEvent: null, why: '0 of at least 5 events have been seen' });
  const reading = readRampSafe(start);
  assert.equal(reading.testable, false);
});

test('the verdict names the event that decided, and stays whatever comes later', () => {
  const bad = replay(eventsOf(rampEvents));
  assert.deepEqual([decideRampSafe(bad).decision, bad.rollbackAt], ['rollback', 6]);
  const later = replay(
    Array.from({ length: 200 }, () => ({ canary: false, share: 0.5 })),
    bad,
  );
  assert.equal(decideRampSafe(later).atEvent, 6);
  const good = replay(eventsOf(quietRampEvents));
  assert.equal(decideRampSafe(good).decision, 'promote');
  const turned = replay(
    Array.from({ length: 200 }, () => ({ canary: true, share: 0.5 })),
    good,
  );
  assert.equal(decideRampSafe(turned).decision, 'rollback');
});

test('too few events decide nothing', () => {
  const start = rampSafe({ minEvents: 11 });
  assert.equal(decideRampSafe(replay(eventsOf(rampEvents), start)).decision, 'hold');
});

test('a state stored as JSON after any event goes on with the same bits', () => {
  fc.assert(
    fc.property(someEvents, fc.nat(40), (events, at) => {
      const first = replay(events.slice(0, at));
      const stored = JSON.parse(JSON.stringify(first)) as RampSafe;
      assert.deepStrictEqual(stored, first);
      assert.deepStrictEqual(replay(events.slice(at), stored), replay(events));
    }),
  );
});

test('the order of the events does not move the evidence', () => {
  fc.assert(
    fc.property(someEvents, (events) => {
      const there = replay(events);
      const back = replay(events.toReversed());
      assert.ok(Math.abs(there.logRollback - back.logRollback) < 1e-9);
      assert.ok(Math.abs(there.logPromote - back.logPromote) < 1e-9);
    }),
  );
});

test('one more event of the canary speaks for rollback more than one of the baseline', () => {
  fc.assert(
    fc.property(someEvents, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (events, share) => {
      const state = replay(events);
      const worse = observeRampSafe(state, { canary: true, share });
      const better = observeRampSafe(state, { canary: false, share });
      assert.ok(worse.logRollback >= better.logRollback && worse.logPromote <= better.logPromote);
    }),
  );
});

test('the interval holds the estimate, is open where the grid ends, and shrinks to the truth', () => {
  const few = readRampSafe(replay([{ canary: true, share: 0.5 }]));
  assert.ok(few.testable);
  assert.equal(few.interval.high, null);
  const events = Array.from({ length: 3000 }, (_, i) => ({ canary: i % 3 !== 0, share: 0.5 }));
  const many = readRampSafe(replay(events));
  assert.ok(many.testable);
  assert.ok(Math.abs(many.relativeRisk - 2) < 0.03, String(many.relativeRisk));
  assert.ok(many.interval.low! > 1.6 && many.interval.low! < 2 && many.interval.high! > 2 && many.interval.high! < 2.5);
  const narrow = readRampSafe(replay(Array.from({ length: 30000 }, (_, i) => ({ canary: i % 3 !== 0, share: 0.5 }))));
  assert.ok(narrow.testable && narrow.interval.high! / narrow.interval.low! < 1.2);
});

test('the interval, read again and again while the share changes, misses the true risk in at most alpha of the runs', () => {
  const random = createRandom(17);
  const runs = 80;
  for (const risk of [0.5, 3]) {
    let misses = 0;
    for (let run = 0; run < runs; run++) {
      let state = rampSafe();
      let isMissed = false;
      for (let i = 0; i < 160; i++) {
        const share = [0.05, 0.1, 0.25, 0.5][i % 4]!;
        state = observeRampSafe(state, { canary: random.uniform() < (share * risk) / (share * risk + 1 - share), share });
        const reading = i % 4 === 3 ? readRampSafe(state) : undefined;
        if (reading?.testable) isMissed ||= (reading.interval.low ?? 0) > risk || (reading.interval.high ?? Infinity) < risk;
      }
      if (isMissed) misses++;
    }
    assert.ok(misses / runs <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), `${risk}: ${misses} of ${runs}`);
  }
});

test('any margin has a prior below it, and nothing outside the grid is accepted', () => {
  for (const margin of [-0.8, -0.2, 0, 0.05, 0.5, 9]) {
    const { logPromote } = replay(
      Array.from({ length: 400 }, () => ({ canary: false, share: 0.5 })),
      rampSafe({ margin }),
    );
    assert.ok(logPromote > 3, `${margin}: ${logPromote}`);
  }
  assert.throws(() => rampSafe({ margin: 10 }), RangeError);
  assert.throws(() => rampSafe({ alphaRollback: 0 }), RangeError);
  assert.throws(() => observeRampSafe(rampSafe(), { canary: true, share: 1 }), RangeError);
});

/** Base error .01 over 5 % x 3000, 10 % x 3000, 25 % x 6000 and 50 % x 48000 requests, one bad event drawn at a time. */
const rollOut = (risk: number, random: () => number): string => {
  let state = rampSafe();
  for (const [share, requests] of [
    [0.05, 3000],
    [0.1, 3000],
    [0.25, 6000],
    [0.5, 48000],
  ] as const) {
    const bad = 0.01 * (share * risk + 1 - share);
    const ofCanary = (share * risk) / (share * risk + 1 - share);
    for (let at = gap(bad, random); at <= requests; at += gap(bad, random)) {
      state = observeRampSafe(state, { canary: random() < ofCanary, share });
      const { decision } = decideRampSafe(state);
      if (decision !== 'hold') return decision;
    }
  }
  return 'hold';
};
const gap = (chance: number, random: () => number): number => Math.ceil(Math.log1p(-random()) / Math.log1p(-chance));

test('rollouts end as often in each verdict as they should, looking at every event', () => {
  const random = createRandom(7);
  for (const [risk, rollbacks, promotions] of operatingRows) {
    const runs = 60;
    const verdicts = Array.from({ length: runs }, () => rollOut(risk, () => random.uniform()));
    const share = (verdict: string) => verdicts.filter((it) => it === verdict).length / runs;
    const tolerance = (expected: number) => 0.04 + 3 * Math.sqrt(Math.max(0.01, expected * (1 - expected)) / runs);
    assert.ok(Math.abs(share('rollback') - rollbacks) < tolerance(rollbacks), `${risk}: rollback ${share('rollback')}`);
    assert.ok(Math.abs(share('promote') - promotions) < tolerance(promotions), `${risk}: promote ${share('promote')}`);
  }
});
