import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ended, defaultLimits } from '../../platform/processes/index.ts';
import { failureOf } from './attempt-failure.ts';

const ended = (more: Partial<Ended>): Ended => ({
  exitCode: null,
  signal: null,
  cause: 'exit',
  detail: '',
  leftovers: false,
  peakMemoryBytes: 0,
  cpuSeconds: 0,
  wallSeconds: 0,
  ...more,
});
const limits = { ...defaultLimits, memoryBytes: 2 * 2 ** 30, wallMs: 90_000 };
const why = (more: Partial<Ended>, logTail = '') => failureOf(ended(more), { limits, logTail });

test('a limit on memory is named with the way to raise it', () => {
  const { kind, retryable, reason, message } = why({ cause: 'memory', detail: 'held 2100 MiB of memory, and 2048 MiB is its limit' });
  assert.deepEqual({ kind, retryable, reason }, { kind: 'user', retryable: false, reason: 'memory_limit' });
  assert.match(message, /held 2100 MiB.*resources: { memory: '4Gi' }/);
});

test('a full heap is a matter of memory too', () => {
  const failure = why(
    { cause: 'crashed', signal: 'SIGABRT' },
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  );
  assert.equal(failure.reason, 'memory_limit');
});

test('a time limit is named with the way to raise it', () => {
  const failure = why({ cause: 'timeout' });
  assert.equal(failure.kind, 'timeout');
  assert.match(failure.message, /limit of 90s.*timeout: '3m'/);
});

test('a signal from outside is tried again, one of its own making is not', () => {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    assert.deepEqual([why({ cause: 'crashed', signal }).kind, why({ cause: 'crashed', signal }).retryable], ['infrastructure', true]);
  }
  for (const signal of ['SIGSEGV', 'SIGABRT', 'SIGFPE', 'SIGILL', 'SIGBUS'] as const) {
    assert.deepEqual([why({ cause: 'crashed', signal }).kind, why({ cause: 'crashed', signal }).retryable], ['user', false]);
  }
});

test('an exit without a result is a failure, whatever its status', () => {
  assert.equal(why({ exitCode: 0 }).reason, 'no_result');
  assert.match(why({ exitCode: 3 }).message, /exit status 3/);
});
