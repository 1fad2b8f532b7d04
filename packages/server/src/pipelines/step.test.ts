import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, stepStatuses } from '@boucle/contract';
import fc from 'fast-check';
import { decideStep, isTerminal, type StepEvent, type StepState } from './step.ts';

const failure = (change: Partial<Failure> = {}): Failure => ({ kind: 'infrastructure', retryable: true, message: 'x', ...change });
const running = (change: Partial<StepState> = {}): StepState => ({
  status: 'running',
  attempt: 1,
  retry: { max: 2, on: 'infrastructure' },
  ...change,
});

test('what retrying cannot mend is not retried, unless the step says so', () => {
  const failed: StepEvent = { kind: 'failed', failure: failure({ kind: 'user', retryable: false }) };
  assert.equal(decideStep(running(), failed).status, 'failed');
  assert.equal(decideStep(running({ retry: { max: 1, on: 'any' } }), failed).status, 'waiting');
});

test('a passing fault is retried after a pause that grows, and not for ever', () => {
  const failed: StepEvent = { kind: 'failed', failure: failure() };
  const pauses = [1, 2].map((attempt) => decideStep(running({ attempt }), failed).retryAfterMs!);
  assert.ok(pauses[0]! < pauses[1]!);
  assert.deepEqual(decideStep(running({ attempt: 3 }), failed), { status: 'failed' });
});

test('a cancelled attempt cancels its step, however retryable', () => {
  assert.equal(decideStep(running(), { kind: 'failed', failure: failure({ kind: 'cancelled' }) }).status, 'cancelled');
});

test('a lost attempt is made up for, until the step is suspected of killing its server', () => {
  assert.equal(decideStep(running({ attempt: 9 }), { kind: 'lost' }).status, 'waiting');
  assert.equal(decideStep(running({ attempt: 10 }), { kind: 'lost' }).status, 'lost');
});

const anyEvent: fc.Arbitrary<StepEvent> = fc.oneof(
  fc.constantFrom<StepEvent>({ kind: 'claimed' }, { kind: 'hit' }, { kind: 'started' }, { kind: 'succeeded' }, { kind: 'lost' }),
  fc
    .record({
      kind: fc.constantFrom('user' as const, 'infrastructure' as const, 'timeout' as const, 'cancelled' as const),
      retryable: fc.boolean(),
    })
    .map((some): StepEvent => ({ kind: 'failed', failure: failure(some) })),
);

test('whatever happens, a terminal status never changes, and no life is endless', () => {
  const anyState = fc.record({
    status: fc.constantFrom(...stepStatuses),
    attempt: fc.nat(12),
    retry: fc.record({ max: fc.nat(5), on: fc.constantFrom('infrastructure' as const, 'any' as const) }),
  });
  fc.assert(
    fc.property(anyState, fc.array(anyEvent, { maxLength: 30 }), (start, events) => {
      let state: StepState = start;
      for (const event of events) {
        const { status } = decideStep(state, event);
        if (isTerminal(state.status)) assert.equal(status, state.status);
        if (status === 'waiting') assert.ok(state.attempt < 12);
        state = { ...state, status, attempt: event.kind === 'started' ? state.attempt + 1 : state.attempt };
      }
    }),
  );
});
