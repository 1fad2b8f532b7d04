import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetrainPolicy } from '@boucle/contract';
import { guard, type GuardFacts } from './guard.ts';

const now = new Date('2026-03-01T00:00:00Z');
const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const facts = (more: Partial<GuardFacts> = {}): GuardFacts => ({
  inFlight: null,
  rollout: null,
  faults: null,
  started: [],
  labelled: 500,
  quarantined: 0,
  byHand: false,
  ...more,
});
const policy: RetrainPolicy = {
  pipeline: 'training',
  on: ['drift'],
  cooldown: '6h',
  budget: '3 a month',
  labels: { dataset: 'tweets', column: 'label', minimum: 200 },
};
const reasonOf = (more: Partial<GuardFacts>, of = policy): string => {
  const verdict = guard(facts(more), of, now);
  return verdict.go ? 'go' : verdict.reason;
};

test('where nothing is in its way, it goes', () => {
  assert.equal(reasonOf({}), 'go');
  assert.equal(reasonOf({ labelled: 0 }, { pipeline: 'training', on: ['drift'] }), 'go');
});

test('another one under way, a rollout, faulty data and too few labels hold it back, also by hand', () => {
  for (const byHand of [false, true]) {
    assert.equal(reasonOf({ inFlight: 'a', byHand }), 'in_flight');
    assert.equal(reasonOf({ rollout: 'a', byHand }), 'rollout_active');
    assert.equal(reasonOf({ faults: 'text is missing in 40 % of rows', byHand }), 'bad_data');
    assert.equal(reasonOf({ labelled: 199, byHand }), 'too_few_labels');
  }
});

test('the cooldown ends to the moment, and a person need not wait', () => {
  assert.equal(reasonOf({ started: [ago(5.99)] }), 'cooldown');
  assert.equal(reasonOf({ started: [ago(6)] }), 'go');
  assert.equal(reasonOf({ started: [ago(1)], byHand: true }), 'go');
});

test('the budget counts those of its period, and a person may go beyond', () => {
  const spent = [ago(10), ago(20), ago(30 * 24)];
  assert.equal(reasonOf({ started: spent }), 'budget_spent');
  assert.equal(reasonOf({ started: [ago(10), ago(20), ago(31 * 24)] }), 'go');
  assert.equal(reasonOf({ started: spent, byHand: true }), 'go');
  assert.equal(reasonOf({}, { ...policy, budget: '0 a month' }), 'budget_spent');
});

test('a refusal says what can be done', () => {
  const message = (more: Partial<GuardFacts>): string => {
    const verdict = guard(facts(more), policy, now);
    return verdict.go ? '' : verdict.message;
  };
  assert.match(message({ started: [ago(1)] }), /there is no other before 2026-03-01T05:00:00.000Z/);
  assert.match(
    message({ labelled: 20, quarantined: 30 }),
    /20 labelled rows .*30 are in quarantine, and 200 are asked for: give more feedback/,
  );
  assert.match(message({ faults: 'no text' }), /no text\. Mend the source first/);
});
