import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointTraffic, TensorSpec } from '@boucle/contract';
import { answerOf, scoresOf } from './scores.ts';
import { trafficSpec } from './traffic-chart.ts';
import { exampleTexts, readRow } from './try-values.ts';

const spec = (name: string, datatype: TensorSpec['datatype'], more: Partial<TensorSpec> = {}): TensorSpec => ({
  name,
  datatype,
  shape: [-1],
  ...more,
});

test('what is typed becomes a row of tensors, each with the type of its column', () => {
  const specs = [spec('text', 'BYTES'), spec('age', 'INT64'), spec('share', 'FP64'), spec('is new', 'BOOL')];
  assert.deepEqual(readRow(specs, { text: 'late', age: ' 7 ', share: '0,5', 'is new': 'false' }), {
    tensors: [
      { name: 'text', datatype: 'BYTES', shape: [1], data: ['late'] },
      { name: 'age', datatype: 'INT64', shape: [1], data: [7] },
      { name: 'share', datatype: 'FP64', shape: [1], data: [0.5] },
      { name: 'is new', datatype: 'BOOL', shape: [1], data: [false] },
    ],
  });
});

test('a field that says something else than its column takes is named with what is wrong', () => {
  const specs = [spec('age', 'INT64'), spec('share', 'FP64'), spec('rest', 'FP32'), spec('points', 'FP32', { shape: [-1, 2] })];
  assert.deepEqual(readRow(specs, { age: '7.5', share: 'much', rest: '', points: '{}' }), {
    wrong: { age: 'whole', share: 'number', rest: 'missing', points: 'json' },
  });
});

test('a column that may lack is null where nothing is typed, and is left out where a request may leave it out', () => {
  const specs = [spec('age', 'INT64', { nullable: true }), spec('note', 'BYTES', { optional: true })];
  assert.deepEqual(readRow(specs, {}), { tensors: [{ name: 'age', datatype: 'INT64', shape: [1], data: [null] }] });
});

test('nested lists are typed as JSON, and sent flat with their shape', () => {
  const points = spec('points', 'FP32', { shape: [-1, 2, 2] });
  assert.deepEqual(readRow([points], { points: '[[1, 2], [3, 4]]' }), {
    tensors: [{ name: 'points', datatype: 'FP32', shape: [1, 2, 2], data: [1, 2, 3, 4] }],
  });
});

test('the first row of an example is typed in, whatever an example holds', () => {
  const specs = [spec('text', 'BYTES'), spec('age', 'INT64')];
  assert.deepEqual(exampleTexts(specs, { text: ['late', 'on time'], age: [7, 8] }), { text: 'late', age: '7' });
  for (const odd of [null, 7, [], { text: 'late' }, { text: [] }]) assert.deepEqual(exampleTexts(specs, odd), {});
});

test('labels stand with their scores, the highest first; other lists are none', () => {
  const outputs = { label: 'good', score: 0.7, probabilities: [0.3, 0.7] };
  assert.deepEqual(scoresOf(outputs, ['bad', 'good']), [
    { label: 'good', score: 0.7 },
    { label: 'bad', score: 0.3 },
  ]);
  assert.deepEqual(scoresOf(outputs, ['one', 'two', 'three']), []);
  assert.deepEqual(scoresOf(null, ['bad', 'good']), []);
  assert.deepEqual([answerOf(outputs), answerOf({ value: 7 }), answerOf({}), answerOf(null)], ['good', '7', null, null]);
});

test('a slot without requests is a zero of requests and a gap of latency', () => {
  const now = Date.parse('2026-03-01T12:00:04Z');
  const latencyMs = { p50: 1, p95: 2, p99: 3 };
  const tally = { requests: 4, errors: 1, latencyMs };
  const variant: EndpointTraffic['variants'][number] = {
    name: 'main',
    mode: 'live',
    share: 1,
    version: 1,
    ...tally,
    dropped: 0,
    slots: [{ from: '2026-03-01T11:59:50.000Z', ...tally }],
  };
  const of = (measure: Parameters<typeof trafficSpec>[1]) => trafficSpec([variant], measure, now).lines[0]!.values.slice(-3);
  assert.deepEqual(of('requests'), [0, 4, 0]);
  assert.deepEqual(of('failed'), [null, 0.25, null]);
  assert.deepEqual(of('p95'), [null, 2, null]);
  assert.equal(trafficSpec([variant], 'p95', now).x.length, 30);
});
