import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../terminal/paint.ts';
import { logLine } from './log-line.ts';

test('a line of the log is a time, a message and its facts', () => {
  const line = JSON.stringify({ time: '2026-11-21T10:04:05.678Z', level: 'info', message: 'listening', port: 5050, data: '/tmp/x' });
  assert.equal(logLine(line, plain), '10:04:05 listening  port=5050 data=/tmp/x\n');
});

test('the stack of an error stays readable', () => {
  const error = { name: 'Error', message: 'lost', stack: 'Error: lost\n    at here' };
  const line = JSON.stringify({ time: '2026-11-21T10:04:05.678Z', level: 'error', message: 'request failed', error });
  assert.equal(logLine(line, plain), '10:04:05 request failed  error=lost\nError: lost\n    at here\n');
});
