import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aReport, aRollout, aVerdict } from '../../testing/a-rollout.ts';
import { outcomeOf } from './verdict.ts';

const series = [{ seq: 9, at: '2026-03-01T12:00:00Z', share: 0.25, rollback: 0, promote: Math.log(8) }];
const ended = { endedAt: '2026-03-02T12:00:00Z', stage: 'ended' } as const;

test('evidence that reached its bound is told with its event and its odds', () => {
  const verdict = aVerdict({ kind: 'promote', seq: 211, facts: { promote: Math.log(24) } });
  const outcome = outcomeOf(aReport({ verdicts: [verdict], rollout: aRollout({ ...ended, status: 'promoted' }) }));
  assert.equal(outcome.kind, 'evidence');
  assert.deepEqual(outcome.kind === 'evidence' && [outcome.event, Math.round(outcome.odds), Math.round(outcome.needed)], [211, 24, 20]);
});

test('a rollback by another test is told in the words of the server', () => {
  const verdict = aVerdict({ kind: 'roll_back', seq: 80, facts: { rollback: 0.1 }, message: 'The candidate is slower' });
  assert.deepEqual(outcomeOf(aReport({ verdicts: [verdict] })), { kind: 'told', event: 80, message: 'The candidate is slower' });
});

test('who decided by hand is named, with the reason', () => {
  const verdict = aVerdict({ kind: 'roll_back', seq: 80, by: 'alice', message: 'complaints', facts: { rollback: 9 } });
  assert.deepEqual(outcomeOf(aReport({ verdicts: [verdict] })), {
    kind: 'hand',
    side: 'rollback',
    event: 80,
    by: 'alice',
    reason: 'complaints',
  });
});

test('while it is weighed both sides are told with what they need', () => {
  const outcome = outcomeOf(aReport({ series }));
  assert.deepEqual(outcome.kind === 'weighing' && [Math.round(outcome.promote), Math.round(outcome.neededPromote)], [8, 20]);
});

test('before anything is weighed the server says how it stands', () => {
  assert.deepEqual(outcomeOf(aReport({ rollout: aRollout({ stage: 'approval' }) })), {
    kind: 'told',
    event: null,
    message: 'how it stands',
  });
});
