import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, errorCodes, notFound } from '@boucle/contract';
import { ApiError } from '@boucle/sdk';
import { describeError } from './report-error.ts';

const refusal = (more: object): ApiError =>
  new ApiError({
    type: 'about:blank',
    title: '',
    status: 404,
    detail: 'run x does not exist',
    code: 'not_found',
    details: {},
    requestId: 'r1',
    ...more,
  });

test('a refusal is its message, where to look, its code and request, and the status of the code', () => {
  assert.deepEqual(describeError(refusal({ details: { what: 'run', id: 'x' } })), {
    message: 'run x does not exist',
    advice: '"boucle runs list" lists them.',
    more: 'code not_found, request r1',
    status: 4,
  });
});

test('every code ends with the status that the contract gives it', () => {
  for (const [code, { exit }] of Object.entries(errorCodes)) assert.equal(describeError(refusal({ code })).status, exit);
});

test('what is refused here has no request to name', () => {
  assert.equal(describeError(new AppError('invalid_request', 'no')).more, undefined);
  assert.match(describeError(notFound('project', 'x')).advice ?? '', /boucle apply/);
});

test('of a refused file the next bad rows are told, too', () => {
  const issues = ['Line 3: no', 'Line 7: no', 'Line 9: no'].map((message) => ({ message }));
  assert.equal(describeError(refusal({ code: 'invalid_request', details: { issues } })).advice, '  Line 7: no\n  Line 9: no');
});

test('a server that is not there is to be started', async () => {
  const error = await fetch('http://127.0.0.1:40001').catch((e: unknown) => e);
  const { message, advice, status } = describeError(error);
  assert.deepEqual([message, status], ['No server answers at 127.0.0.1:40001', 7]);
  assert.match(advice ?? '', /boucle up/);
});

test('a port that no browser asks at is explained', async () => {
  assert.match(describeError(await fetch('http://127.0.0.1:5061').catch((e: unknown) => e)).message, /belongs to another protocol/);
});

test('anything else is a fault of ours, with its stack', () => {
  const { message, status } = describeError(new RangeError('odd'));
  assert.match(message, /please report it: RangeError: odd\n {4}at /);
  assert.equal(status, 1);
});
