import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireOpen, type Saying, type Standing } from './open-run.ts';

const open = (run: Partial<Standing>, saying?: Saying): void =>
  requireOpen('r', { status: 'running', deletedAt: null, stepRunId: null, ...run }, saying);
const ended = { code: 'failed_precondition', reason: 'run_ended' };
const ways: readonly Saying[] = [{}, { amend: true }, { tagsOnly: true }, { amend: true, tagsOnly: true }];

test('a run that goes on takes everything', () => {
  for (const status of ['running', 'scheduled'] as const)
    for (const stepRunId of [null, 's']) for (const saying of ways) open({ status, stepRunId }, saying);
});

test('one that has ended stays as it is, unless a client comes back to amend it', () => {
  for (const status of ['finished', 'failed', 'killed'] as const) {
    assert.throws(() => open({ status }), ended);
    assert.throws(() => open({ status }, { tagsOnly: true }), ended);
    open({ status }, { amend: true });
  }
});

test("a step's run that has ended takes tags, and nothing that is evidence", () => {
  const run = { status: 'finished', stepRunId: 's' } as const;
  assert.throws(() => open(run, { amend: true }), ended);
  open(run, { amend: true, tagsOnly: true });
});

test('a deleted run takes nothing, but for one whose step goes on', () => {
  for (const status of ['running', 'finished'] as const)
    for (const saying of ways)
      assert.throws(() => open({ status, deletedAt: 'then' }, saying), { reason: 'run_deleted', message: /must be in the 'active' state/ });
  open({ stepRunId: 's', deletedAt: 'then' });
  assert.throws(() => open({ stepRunId: 's', status: 'finished', deletedAt: 'then' }, { amend: true, tagsOnly: true }), {
    reason: 'run_deleted',
  });
});
