import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import fc from 'fast-check';
import type { RolloutPolicy } from '@boucle/contract';
import { beginComparison, type Comparison, observe } from './comparison.ts';
import { decide, type Decision } from './decide.ts';
import type { Entry } from './evidence-entry.ts';
import { policyOf } from './policy.ts';
import { atStart, type Control } from './stages.ts';

const day = 86_400_000;
const canary = { shares: [0.1, 0.25, 0.5], alpha: 0.05, margin: 0.5, goal: 'errors', step: { requests: 100 }, deadline: '7d' } as const;
const aPolicy = (more: object = {}): RolloutPolicy =>
  policyOf({
    kind: 'canary',
    declared: { canary: { ...canary, shares: [...canary.shares], ...more } },
    request: {},
    baseline: 'b',
    seed: 1,
  });
const inCanary = (more: Partial<Control> = {}): Control => ({ ...atStart, stage: 'canary', share: 0.1, requests: 50, ...more });
let units = 0;
const entry = (arm: Entry['arm'], kind: Entry['kind'], more: Partial<Entry> = {}): Entry => ({
  at: 0,
  unit: String(++units),
  arm,
  share: 0.1,
  kind,
  outcome: 1,
  ...more,
});
const after = (policy: RolloutPolicy, entries: readonly Entry[], state: Comparison = beginComparison(policy)): Comparison =>
  entries.reduce((now, one) => observe(now, one, policy), state);
const many = (count: number, ...one: Parameters<typeof entry>): Entry[] => Array.from({ length: count }, () => entry(...one));
/** Where it stands, and when. */
type At = Partial<Control> & { readonly now?: number };
const decideAt = (policy: RolloutPolicy, entries: readonly Entry[], { now = 0, ...control }: At = {}): Decision =>
  decide({ control: inCanary(control), comparison: after(policy, entries), policy, now });

/** Units in the planned shares. */
const fairUnits = [...many(90, 'baseline', 'unit'), ...many(10, 'candidate', 'unit')];

describe('a canary', () => {
  const policy = aPolicy();

  test('without a request it never passes: it waits, and then the baseline stays', () => {
    assert.equal(decideAt(policy, [], inCanary({ requests: 0 })).kind, 'hold');
    const late = decideAt(policy, [], { requests: 0, now: 7 * day });
    assert.ok(late.kind === 'end' && late.move.status === 'no_traffic' && late.move.share === 0);
  });

  test('with evidence for neither side the baseline stays at the deadline', () => {
    const late = decideAt(policy, [...fairUnits, ...many(2, 'baseline', 'error')], { now: 7 * day });
    assert.ok(late.kind === 'end' && late.move.status === 'undecided');
  });

  test('that goes wrong far more often is rolled back, also while it is paused', () => {
    const bad = [...fairUnits, ...many(8, 'candidate', 'error'), ...many(2, 'baseline', 'error')];
    for (const paused of [false, true]) {
      const decision = decideAt(policy, bad, inCanary({ paused }));
      assert.ok(decision.kind === 'roll_back' && decision.move.status === 'rolled_back', decision.message);
    }
  });

  test('that is shown to be no worse is promoted at once, and not while it is paused', () => {
    const good = [...fairUnits, ...many(120, 'baseline', 'error')];
    assert.equal(decideAt(policy, good).kind, 'promote');
    assert.equal(decideAt(policy, good, inCanary({ paused: true })).kind, 'hold');
  });

  test('gets a larger share once the requests of a step are over, and only where some reached it', () => {
    const step = inCanary({ requests: 150, requestsBefore: 50 });
    const decision = decideAt(policy, fairUnits, step);
    assert.ok(decision.kind === 'step' && decision.move.share === 0.25 && decision.move.step === 1);
    assert.equal(decideAt(policy, fairUnits, inCanary({ requests: 149, requestsBefore: 50 })).kind, 'hold');
    assert.match(decideAt(policy, many(100, 'baseline', 'unit'), step).message, /No request reached the candidate|invalid/);
  });

  test('keeps its share while some evidence speaks against it', () => {
    const doubtful = [...fairUnits, ...many(7, 'baseline', 'error'), ...many(4, 'candidate', 'error')];
    const decision = decideAt(policy, doubtful, inCanary({ requests: 1000 }));
    assert.ok(decision.kind === 'hold' && /speaks against/.test(decision.message), decision.message);
  });

  test('whose units do not come in the planned shares is not promoted, and still rolled back', () => {
    const skewed = [...many(300, 'baseline', 'unit'), ...many(300, 'candidate', 'unit')];
    const promising = decideAt(policy, [...skewed, ...many(120, 'baseline', 'error')]);
    assert.ok(promising.kind === 'hold' && /invalid/.test(promising.message), promising.message);
    assert.equal(decideAt(policy, [...skewed, ...many(12, 'candidate', 'error')]).kind, 'roll_back');
    const late = decideAt(policy, [...skewed, ...many(120, 'baseline', 'error')], { now: 7 * day });
    assert.ok(late.kind === 'end' && late.move.status === 'undecided');
  });

  test('that is slower beyond doubt is rolled back', () => {
    const guarded = aPolicy({ latencyMargin: 0.2 });
    const latencies = Array.from({ length: 640 }, (_, i) =>
      entry(i % 2 ? 'candidate' : 'baseline', 'latency', { outcome: (i % 2 ? 20 : 10) + (i % 7) / 10 }),
    );
    const decision = decideAt(guarded, latencies);
    assert.ok(decision.kind === 'roll_back' && /slower/.test(decision.message), decision.message);
    assert.equal(decideAt(policy, latencies).kind, 'hold');
  });

  test('needs as many bad events as asked for before a verdict in its favour', () => {
    const good = [...fairUnits, ...many(120, 'baseline', 'error')];
    assert.equal(decideAt(aPolicy({ minEvents: 121 }), good).kind, 'hold');
  });
});

test('all tests together use up no more than alpha', () => {
  for (const more of [{}, { goal: 'wrong' }, { goal: 'wrong', latencyMargin: 0.1 }]) {
    const { metrics, alphaRollback } = aPolicy(more);
    const used = metrics.reduce((sum, { alpha }) => sum + alpha, 0);
    assert.ok(Math.abs(used - alphaRollback) < 1e-12, JSON.stringify(metrics));
  }
});

test('the comparison after evidence is the same whether it was kept as JSON in between or not', () => {
  const policy = aPolicy({ goal: 'wrong', latencyMargin: 0.1 });
  const kinds = ['unit', 'latency', 'error', 'label', 'pair', 'pair_label'] as const;
  const evidence = fc.record({
    kind: fc.constantFrom(...kinds),
    arm: fc.constantFrom('baseline' as const, 'candidate' as const),
    share: fc.constantFrom(0.05, 0.25, 0.5),
    outcome: fc.constantFrom(0, 1),
  });
  fc.assert(
    fc.property(fc.array(evidence, { maxLength: 60 }), fc.nat(60), (all, cut) => {
      const entries = all.map((one) => entry(one.arm, one.kind, one));
      const whole = after(policy, entries);
      const first = JSON.parse(JSON.stringify(after(policy, entries.slice(0, cut)))) as Comparison;
      assert.deepStrictEqual(after(policy, entries.slice(cut), first), whole);
      const look = { control: inCanary(), comparison: whole, policy, now: 5 };
      assert.deepStrictEqual(decide(structuredClone(look)), decide(look));
    }),
    { numRuns: 60 },
  );
});

test('no decision puts a candidate above the largest share before a verdict', () => {
  const policy = aPolicy();
  fc.assert(
    fc.property(fc.tuple(fc.nat(60), fc.nat(60)), fc.nat(2), fc.nat(400), ([ours, theirs], step, requests) => {
      const entries = [...fairUnits, ...many(ours, 'candidate', 'error'), ...many(theirs, 'baseline', 'error')];
      const decision = decideAt(policy, entries, { step, share: canary.shares[step]!, requests, now: 1 });
      if (decision.kind === 'step') assert.ok(decision.move.share <= policy.maxExposure && decision.move.share > canary.shares[step]!);
      if (decision.kind === 'roll_back' || decision.kind === 'end') assert.equal(decision.move.share, 0);
    }),
    { numRuns: 100 },
  );
});

test('a healthy version is seldom rolled back and one worse by the margin seldom promoted, with the share rising on the way', () => {
  const policy = aPolicy();
  const run = (risk: number, seed: number): string => {
    const random = createRandom(seed);
    let comparison = beginComparison(policy);
    let control = inCanary({ requests: 0 });
    for (let request = 1; request <= 20_000; request += 1) {
      const arm = random.uniform() < control.share ? 'candidate' : 'baseline';
      const isBad = random.uniform() < 0.05 * (arm === 'candidate' ? risk : 1);
      control = { ...control, requests: request };
      if (isBad) comparison = observe(comparison, entry(arm, 'error', { share: control.share }), policy);
      if (request % 100 === 0) comparison = observe(comparison, entry(arm, 'unit', { share: control.share }), policy);
      if (!isBad && request % 100 > 0) continue;
      const decision = decide({ control, comparison, policy, now: 0 });
      if (decision.kind === 'promote' || decision.kind === 'roll_back') return decision.kind;
      if (decision.kind === 'step') control = { ...control, ...decision.move, requestsBefore: request, unitsBefore: 0 };
    }
    return 'open';
  };
  const runs = 60;
  const share = (risk: number, verdict: string) =>
    Array.from({ length: runs }, (_, i) => run(risk, i)).filter((one) => one === verdict).length / runs;
  const bound = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);
  assert.ok(share(1, 'roll_back') <= bound);
  assert.ok(share(1.5, 'promote') <= bound);
  assert.ok(share(3, 'roll_back') >= 0.95);
});

describe('an A/B test', () => {
  const policy = policyOf({
    kind: 'ab',
    declared: { canary: { ...canary, shares: [0.5] } },
    request: { ab: { difference: 0.1 } },
    baseline: 'b',
    seed: 1,
  });
  const labelled = (wrongOfCandidate: number): Entry[] =>
    Array.from({ length: 800 }, (_, i) => {
      const arm = i % 2 ? 'candidate' : 'baseline';
      const isBad = (i * 0.618) % 1 < (arm === 'candidate' ? wrongOfCandidate : 0.3);
      return entry(arm, isBad ? 'error' : 'latency', { share: 0.5 });
    });

  test('says what it found once, and leaves the action to people', () => {
    const found = decideAt(policy, labelled(0.1), inCanary({ share: 0.5 }));
    assert.ok(found.kind === 'finding' && /better/.test(found.message) && found.move.found, found.message);
    const then = decideAt(policy, labelled(0.1), inCanary({ share: 0.5, found: true }));
    assert.equal(then.kind, 'hold');
    assert.equal(decideAt(policy, labelled(0.3), inCanary({ share: 0.5 })).kind, 'hold');
  });

  test('acts where it is asked to', () => {
    const acting = { ...policy, ab: { difference: 0.1, act: true } };
    assert.equal(decideAt(acting, labelled(0.1), inCanary({ share: 0.5 })).kind, 'promote');
    assert.equal(decideAt(acting, labelled(0.6), inCanary({ share: 0.5 })).kind, 'roll_back');
  });
});

describe('a shadow', () => {
  const policy = policyOf({
    kind: 'canary',
    declared: { canary: { ...canary, shares: [0.1] }, shadow: { share: 1, pairs: 20, deadline: '1h' } },
    request: {},
    baseline: 'b',
    seed: 1,
  });
  const shadow = inCanary({ stage: 'shadow', share: 0 });
  const pairs = (count: number, outcome: number) => many(count, 'candidate', 'pair', { outcome });

  test('gives way to the canary once enough pairs were seen, labelled or not', () => {
    assert.equal(decideAt(policy, pairs(19, 0), shadow).kind, 'hold');
    const decision = decideAt(policy, pairs(20, 0), shadow);
    assert.ok(decision.kind === 'shadow' && decision.move.stage === 'canary' && decision.move.share === 0.1);
  });

  test('that fails where the baseline does not ends the rollout', () => {
    assert.equal(decideAt(policy, pairs(14, 2), shadow).kind, 'roll_back');
    assert.equal(decideAt(policy, many(14, 'candidate', 'pair_label', { outcome: 1 }), shadow).kind, 'roll_back');
    assert.equal(decideAt(policy, [...pairs(7, 2), ...pairs(7, 3)], shadow).kind, 'hold');
  });

  test('without enough pairs until the deadline leaves the baseline', () => {
    const few = decideAt(policy, pairs(3, 0), { ...shadow, now: 3_600_000 });
    assert.ok(few.kind === 'end' && few.move.status === 'undecided');
    const none = decideAt(policy, [], { ...shadow, now: 3_600_000 });
    assert.ok(none.kind === 'end' && none.move.status === 'no_traffic');
  });
});

test('shares that do not rise are refused, and a canary that is declared nowhere needs its shares', () => {
  assert.throws(() => aPolicy({ shares: [0.5, 0.1] }), { code: 'invalid_request', reason: 'shares_out_of_order' });
  const bare = { kind: 'canary', declared: undefined, baseline: 'b', seed: 1 } as const;
  assert.throws(() => policyOf({ ...bare, request: { canary: { alpha: 0.1 } } }), { reason: 'no_shares' });
  assert.deepEqual(policyOf({ ...bare, request: {} }).schedule, []);
});
