import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AlertRule, DeclaredMonitor } from '@boucle/contract';
import fc from 'fast-check';
import { addToBurst, newBurst } from './burst.ts';
import type { Facts } from './facts.ts';
import { type Folding, foldClock, foldRecord, forgetIdle, mostGroups, type Move, nextLook, others } from './fold.ts';
import { decide, inactive } from './phase.ts';
import { rulesOf } from './rules.ts';
import { addToShare, fewestRecords, judgeShare, newShare, stepMs } from './share.ts';
import { newWatch } from './watch-state.ts';

const minute = 60_000;
const start = Date.parse('2026-01-01T12:00:00.000Z');

interface Said {
  readonly time: number;
  readonly arrival?: number;
  readonly label?: string;
  readonly text?: string;
  readonly latencyMs?: number;
  readonly fault?: boolean;
}
let made = 0;
const record = ({ time, arrival = time, label = 'negative', text = 'x', latencyMs = 1, fault = false }: Said): Facts => ({
  id: `r${++made}`,
  time,
  arrival,
  isRequest: true,
  isAnswered: !fault,
  isFault: fault,
  latencyMs,
  valueOf: (column) => ({ prediction: label, text })[column],
});
const more = { notify: [] };
const buzz: AlertRule = { ...more, name: 'buzz', count: { prediction: 'negative' }, above: 3, within: '5m' };

const laid = (rule: AlertRule, { lateness = '5m' }: { lateness?: string } = {}) => {
  const monitor: DeclaredMonitor = { name: 'm', endpoint: 'e', windows: { lateness }, alerts: [rule] };
  let folding: Folding = {
    watch: newWatch(0, start),
    rules: rulesOf(monitor),
    latenessMs: Number.parseInt(lateness, 10) * minute,
    groups: new Map(),
    moves: [],
  };
  return {
    folding: () => folding,
    moves: (): Move[] => folding.moves,
    effects: () => folding.moves.map(({ effect }) => effect),
    see: (said: Said, now = said.arrival ?? said.time) => foldRecord(folding, record(said), now),
    tick: (now: number) => foldClock(folding, now),
    next: (now: number) => nextLook(folding, now),
    forget: () => forgetIdle(folding),
    /** As a restart does: what is known goes through the database's text. */
    restart: () => {
      const groups = new Map(
        [...folding.groups].map(([rule, known]) => [rule, new Map(JSON.parse(JSON.stringify([...known])) as [string, never][])]),
      );
      folding = { ...folding, watch: JSON.parse(JSON.stringify(folding.watch)) as Folding['watch'], groups };
    },
  };
};

test('a rule fires once it has held for its time, and resolves once', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 0, max: 5 }), (truths, forMs) => {
      let phase = decide(inactive, { holds: false, since: 0, at: 0 }, forMs).phase;
      const effects: string[] = [];
      let since = 0;
      truths.forEach((holds, at) => {
        if (holds && (at === 0 || !truths[at - 1])) since = at;
        const decided = decide(phase, { holds, since, at }, forMs);
        phase = decided.phase;
        if (decided.effect) effects.push(decided.effect);
      });
      effects.forEach((effect, i) => assert.equal(effect, i % 2 === 0 ? 'fire' : 'resolve'));
      const held = truths
        .join('')
        .split('false')
        .filter((run) => run.split('true').length - 1 > forMs).length;
      assert.equal(effects.filter((effect) => effect === 'fire').length, held);
    }),
  );
});

describe('more than three within five minutes of event time', () => {
  test('fires with the fourth, and not for four that are five minutes apart', () => {
    const quick = laid(buzz);
    for (const at of [0, 1, 2]) quick.see({ time: start + at * minute });
    assert.deepEqual(quick.effects(), []);
    quick.see({ time: start + 5 * minute - 1 });
    assert.deepEqual(quick.effects(), ['fire']);
    const slow = laid(buzz);
    for (const at of [0, 1, 2, 5]) slow.see({ time: start + at * minute });
    assert.deepEqual(slow.effects(), []);
    const [{ message, evidence, late }] = quick.moves() as [Move];
    assert.match(message, /^4 records where prediction is negative within 5 minutes, where at most 3 are expected/);
    assert.deepEqual([evidence.records, evidence.first.length, late], [4, 4, false]);
  });

  test('resolves when no record can come any more that would keep it up', () => {
    const desk = laid(buzz);
    for (const at of [0, 1, 2, 3]) desk.see({ time: start + at * minute });
    desk.see({ time: start + 10 * minute, label: 'other' });
    assert.deepEqual(desk.effects(), ['fire']);
    desk.see({ time: start + 10 * minute + 1, label: 'other' });
    assert.deepEqual(desk.effects(), ['fire', 'resolve']);
  });

  test('resolves by the clock when nothing comes at all, at the moment it says', () => {
    const desk = laid(buzz);
    for (const at of [0, 1, 2, 3]) desk.see({ time: start + at * minute });
    const due = desk.next(start + 3 * minute)!;
    assert.equal(due, start + 10 * minute + 1);
    desk.tick(due - 1);
    assert.deepEqual(desk.effects(), ['fire']);
    desk.tick(due);
    assert.deepEqual(desk.effects(), ['fire', 'resolve']);
    assert.equal(desk.next(due), null);
  });

  test('fires for a window that late records complete, says so, and is over soon after', () => {
    const desk = laid(buzz, { lateness: '30m' });
    for (const at of [0, 1, 2]) desk.see({ time: start + at * minute });
    desk.see({ time: start + 20 * minute, label: 'other' });
    desk.see({ time: start + 3 * minute, arrival: start + 20 * minute });
    assert.deepEqual(desk.effects(), ['fire']);
    assert.ok(desk.moves()[0]!.late);
    assert.match(desk.moves()[0]!.message, /some of them came late/);
  });

  test('counts nothing older than the lateness, and keeps count of it', () => {
    const desk = laid(buzz);
    desk.see({ time: start + 20 * minute, label: 'other' });
    for (const at of [0, 1, 2, 3]) desk.see({ time: start + at * minute, arrival: start + 20 * minute });
    assert.deepEqual([desk.effects(), desk.folding().watch.tooLate], [[], 4]);
  });

  test('fires exactly if some window holds more, and once for one burst, in any order within the lateness and across restarts', () => {
    const offsets = fc.array(fc.integer({ min: 0, max: 9 * minute }), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(offsets, fc.infiniteStream(fc.nat()), fc.boolean(), (times, chance, restarts) => {
        const desk = laid(buzz, { lateness: '10m' });
        const shuffled = times.map((time) => ({ time, key: chance.next().value })).sort((a, b) => a.key - b.key);
        for (const { time } of shuffled) {
          desk.see({ time: start + time, arrival: start + 10 * minute });
          if (restarts) desk.restart();
        }
        const sorted = times.toSorted((a, b) => a - b);
        const spans = sorted.flatMap((first, i) => (sorted[i + 3] !== undefined && sorted[i + 3]! - first < 5 * minute ? [i] : []));
        assert.equal(desk.effects().filter((effect) => effect === 'fire').length, spans.length > 0 ? 1 : 0);
        desk.see({ time: start + 60 * minute, label: 'other' });
        assert.deepEqual(desk.effects(), spans.length > 0 ? ['fire', 'resolve'] : []);
      }),
      { numRuns: 300 },
    );
  });

  test('alternates between firing and resolved over any traffic, and holds no more times than can matter', () => {
    const steps = fc.array(fc.record({ ahead: fc.integer({ min: 0, max: 3 * minute }), back: fc.integer({ min: 0, max: 8 * minute }) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (traffic) => {
        const desk = laid(buzz);
        let now = start;
        for (const { ahead, back } of traffic) {
          now += ahead;
          desk.see({ time: now - back, arrival: now });
          desk.tick(now);
        }
        desk.effects().forEach((effect, i) => assert.equal(effect, i % 2 === 0 ? 'fire' : 'resolve'));
      }),
      { numRuns: 100 },
    );
  });

  test('a clock that leaps by days resolves it, and the same burst does not fire it again', () => {
    const desk = laid(buzz);
    for (const at of [0, 1, 2, 3]) desk.see({ time: start + at * minute });
    desk.tick(start + 3 * 86_400_000);
    assert.deepEqual(desk.effects(), ['fire', 'resolve']);
    desk.see({ time: start + 4 * minute, arrival: start + 3 * 86_400_000 });
    assert.deepEqual(desk.effects(), ['fire', 'resolve']);
  });

  test('a clock that goes back by days neither fires twice nor makes it blind', () => {
    const desk = laid(buzz);
    for (const at of [0, 1, 2, 3]) desk.see({ time: start + at * minute });
    const back = start - 3 * 86_400_000;
    desk.see({ time: back }, back);
    assert.deepEqual(desk.effects(), ['fire']);
    desk.see({ time: back + 30 * minute, label: 'other' });
    assert.deepEqual(desk.effects(), ['fire', 'resolve']);
    for (const at of [40, 41, 42, 43]) desk.see({ time: back + at * minute });
    assert.deepEqual(desk.effects(), ['fire', 'resolve', 'fire']);
  });

  test('a time far ahead of its arrival makes nothing late', () => {
    const desk = laid(buzz);
    desk.see({ time: Date.parse('2999-01-01T00:00:00Z'), arrival: start });
    for (const at of [1, 2, 3]) desk.see({ time: start + at * minute });
    assert.deepEqual(desk.effects(), ['fire']);
  });

  test('holds little under a flood, and remembers its first and last records', () => {
    const desk = laid(buzz);
    for (let i = 0; i < 50_000; i += 1) desk.see({ time: start + i });
    const [group] = [...desk.folding().groups.get('buzz')!.values()];
    assert.deepEqual([desk.effects(), group!.records, group!.first.length, group!.seen.length], [['fire'], 50_000, 100, 100]);
    assert.ok(group!.burst!.times.length <= 4, String(group!.burst!.times.length));
    assert.ok(JSON.stringify(group).length < 20_000);
  });

  test('with a time to hold, waits for it in event time', () => {
    const desk = laid({ ...buzz, for: '4m' });
    for (const at of [0, 1, 2, 3]) desk.see({ time: start + at * minute });
    desk.see({ time: start + 6 * minute });
    assert.deepEqual(desk.effects(), []);
    // Held from 3 to 5, and with the newer ones no longer: two minutes are not enough.
    desk.see({ time: start + 20 * minute, label: 'other' });
    assert.deepEqual(desk.effects(), []);
    for (let at = 20; at <= 26; at += 1) desk.see({ time: start + at * minute });
    assert.deepEqual(desk.effects(), []);
    desk.see({ time: start + 27 * minute });
    assert.deepEqual(desk.effects(), ['fire']);
  });

  test('by groups, each fires for itself, and beyond the most of them the rest fire together', () => {
    const desk = laid({ ...buzz, groupBy: ['text'] });
    for (let i = 0; i < mostGroups + 50; i += 1) desk.see({ time: start + i, text: `flight ${i}` });
    assert.equal(desk.folding().groups.get('buzz')!.size, mostGroups + 1);
    assert.deepEqual(
      desk.moves().map(({ group }) => group.values),
      [{ text: others }],
    );
    assert.match(desk.moves()[0]!.message, /values beyond the first 1000 are counted together/);
    for (const at of [0, 1, 2]) desk.see({ time: start + 2000 + at, text: 'flight 7' });
    assert.deepEqual(desk.moves().at(-1)!.group.values, { text: 'flight 7' });
    desk.see({ time: start + 60 * minute, label: 'other' });
    assert.ok(desk.forget().length >= mostGroups);
    assert.equal(desk.folding().groups.get('buzz')!.size, 0);
  });
});

test('a burst is the same in any order: what any three in a row span', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 }), (times) => {
      const rule = { enough: 3, withinMs: 10 };
      const [one, other] = [newBurst(), newBurst()];
      for (const time of times) addToBurst(one, time, rule);
      for (const time of times.toReversed()) addToBurst(other, time, rule);
      assert.deepEqual(one.times, other.times);
      assert.equal(one.span === null, other.span === null);
    }),
  );
});

describe('a share beyond doubt', () => {
  const share: AlertRule = { ...more, name: 'share', share: { prediction: 'negative' }, above: 0.3, within: '10m' };

  test('is not claimed of few records, and is of many; the message says how many it takes', () => {
    const few = laid(share);
    few.see({ time: start });
    few.see({ time: start + 30 * minute, label: 'other' });
    assert.deepEqual(few.effects(), []);
    const many = laid(share);
    for (let i = 0; i < 100; i += 1) many.see({ time: start + i * 1000, label: i % 2 === 0 ? 'negative' : 'other' });
    many.see({ time: start + 7 * minute + minute, label: 'other' });
    assert.deepEqual(many.effects(), ['fire']);
    assert.match(
      many.moves()[0]!.message,
      /of records where prediction is negative within 10 minutes, above 30 % beyond doubt .*fewer than \d+ records could not show it/,
    );
    many.see({ time: start + 40 * minute, label: 'other' });
    assert.deepEqual(many.effects(), ['fire', 'resolve']);
  });

  test('is judged the same in whatever order the records arrive within the lateness', () => {
    const records = fc.array(fc.record({ at: fc.integer({ min: 0, max: 4 * minute }), hit: fc.boolean(), key: fc.nat() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(records, (given) => {
        const effectsOf = (order: typeof given) => {
          const desk = laid(share);
          for (const { at, hit } of order) desk.see({ time: start + at, arrival: start + 4 * minute, label: hit ? 'negative' : 'other' });
          desk.see({ time: start + 60 * minute, label: 'other' });
          return desk.moves().map(({ effect, message }) => [effect, message]);
        };
        assert.deepEqual(effectsOf(given.toSorted((a, b) => a.key - b.key)), effectsOf(given));
      }),
      { numRuns: 60 },
    );
  });

  test('false alarms are rare when the share is at its bound', () => {
    const rule = { above: 0.3, withinMs: 12 * minute };
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let alarms = 0;
    for (let round = 0; round < 400; round += 1) {
      const one = newShare(0, rule);
      for (let i = 0; i < 200; i += 1) addToShare(one, { time: (i * 12 * minute) / 200, hit: random() < 0.3 }, rule);
      if (judgeShare(one, 12 * minute, rule).at(-1)!.holds) alarms += 1;
    }
    assert.ok(alarms / 400 < 0.06, String(alarms));
  });

  test('a long silence is judged once', () => {
    const rule = { above: 0.3, withinMs: 12 * minute };
    const one = newShare(0, rule);
    for (let i = 0; i < 50; i += 1) addToShare(one, { time: i, hit: true }, rule);
    const verdicts = judgeShare(one, 1e12, rule);
    assert.ok(verdicts.length <= 13);
    assert.deepEqual([verdicts[0]!.holds, verdicts.at(-1)!.holds, stepMs(rule)], [true, false, minute]);
    assert.deepEqual(judgeShare(one, 2e12, rule), []);
    assert.equal(fewestRecords({ above: 0.3 }), 2);
  });

  test('errors and slow requests are shares of requests', () => {
    const errors = laid({ ...more, name: 'errors', errorRate: { above: 0.1 }, within: '10m' });
    for (let i = 0; i < 40; i += 1) errors.see({ time: start + i, fault: i % 2 === 0 });
    errors.see({ time: start + 30 * minute });
    assert.deepEqual(errors.effects().slice(0, 1), ['fire']);
    assert.match(errors.moves()[0]!.message, /50 % \(20 of 40, .*\) of requests failed by a fault of ours within 10 minutes/);
    const slow = laid({ ...more, name: 'slow', latency: { quantile: 0.9 }, above: 200, within: '10m' });
    for (let i = 0; i < 40; i += 1) slow.see({ time: start + i, latencyMs: i % 2 === 0 ? 500 : 10 });
    slow.see({ time: start + 30 * minute });
    assert.match(slow.moves()[0]!.message, /of requests took longer than 200 ms, so their 0.9 quantile is above it/);
  });
});

describe('no data for ten minutes', () => {
  const rule: AlertRule = { ...more, name: 'quiet', noData: '10m' };
  const watchUntil = (desk: ReturnType<typeof laid>, from: number, until: number) => {
    for (let now = from; now < until;) {
      now = Math.min(until, desk.next(now)!);
      desk.tick(now);
    }
  };

  test('fires after as long, and resolves with the next request', () => {
    const desk = laid(rule);
    desk.see({ time: start });
    watchUntil(desk, start, start + 9.9 * minute);
    assert.deepEqual(desk.effects(), []);
    watchUntil(desk, start + 9.9 * minute, start + 10 * minute);
    assert.deepEqual(desk.effects(), ['fire']);
    watchUntil(desk, start + 10 * minute, start + 30 * minute);
    desk.see({ time: start + 30 * minute });
    assert.deepEqual(desk.effects(), ['fire', 'resolve']);
  });

  test('is not concluded from a clock that leapt by days, or went back', () => {
    const desk = laid(rule);
    desk.see({ time: start });
    desk.tick(start + 3 * 86_400_000);
    assert.deepEqual(desk.effects(), []);
    desk.tick(start - 3 * 86_400_000);
    assert.deepEqual(desk.effects(), []);
  });
});
