import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRollout, aVerdict } from '../../testing/a-rollout.ts';
import { stagesOf } from './stages.ts';

const told = (...args: Parameters<typeof stagesOf>) => stagesOf(...args).map(({ name, state }) => `${name} ${state}`);

test('what is behind is passed, what is ahead is not', () => {
  assert.deepEqual(told(aRollout({ stage: 'shadow', status: 'running' }), []), [
    'gates passed',
    'approval passed',
    'shadow current',
    'canary ahead',
    'done ahead',
  ]);
});

test('a stage that the policy does not have is left out', () => {
  const { policy } = aRollout();
  const rollout = aRollout({ stage: 'canary', policy: { ...policy, approvals: { count: 0, fourEyes: false }, shadow: null } });
  assert.deepEqual(told(rollout, []), ['gates passed', 'approval left out', 'shadow left out', 'canary current', 'done ahead']);
});

test('loading stands before what the version is loaded for', () => {
  assert.equal(told(aRollout({ stage: 'loading' }), [])[2], 'shadow current');
});

test('a rollback is shown where it happened', () => {
  const rollout = aRollout({ stage: 'ended', status: 'rolled_back', endedAt: '2026-03-02T00:00:00Z' });
  const verdicts = [aVerdict({ kind: 'gates' }), aVerdict({ kind: 'load' }), aVerdict({ kind: 'shadow' }), aVerdict({ kind: 'roll_back' })];
  assert.deepEqual(told(rollout, verdicts), ['gates passed', 'approval passed', 'shadow passed', 'canary stopped', 'done ahead']);
});

test('a refusal is the gates’ where one of them did not pass, else the people’s', () => {
  const ended = { stage: 'ended', status: 'refused', endedAt: '2026-03-02T00:00:00Z' } as const;
  const failed = { gate: 'f1', verdict: 'failed' as const, value: 0.7, interval: null, message: '' };
  assert.equal(told(aRollout({ ...ended, gates: [failed] }), [])[0], 'gates stopped');
  assert.equal(told(aRollout({ ...ended, gates: [{ ...failed, verdict: 'passed' }] }), [])[1], 'approval stopped');
});

test('the first version of an endpoint is there after gates and approval', () => {
  const rollout = aRollout({ baseline: null, stage: 'ended', status: 'promoted', endedAt: '2026-03-02T00:00:00Z' });
  assert.deepEqual(told(rollout, []), ['gates passed', 'approval passed', 'shadow left out', 'canary left out', 'done passed']);
});
