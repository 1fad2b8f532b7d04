import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TypeInference } from './infer-type.ts';

const infer = (...values: string[]): string => {
  const inference = new TypeInference();
  for (const value of values) inference.see(value);
  return inference.type.type;
};

test('a type is what all values of a column are', () => {
  assert.equal(infer('true', 'FALSE'), 'bool');
  assert.equal(infer('0', '-5', '570306133677760513'), 'int');
  assert.equal(infer('1', '2.5', '-1e9', '.5'), 'float');
  assert.equal(infer('2024-02-29', '0001-01-01'), 'date');
  assert.equal(infer('2024-01-01T10:00:00Z', '2024-01-01 10:00+02:00'), 'timestamp');
  assert.equal(infer('2024-01-01T10:00', '2024-01-01 10:00:00.123456'), 'local timestamp');
  assert.equal(infer('a', '1'), 'text');
});

test('what would not come back as it stood stays text', () => {
  for (const value of ['007', '+1', '9223372036854775808', '2023-02-29', '2024-01-01T10:00:00.1234567', '1,5', ' 1', '0x10', '']) {
    assert.equal(infer(value), 'text', value);
  }
  assert.equal(infer('570306133677760513', '1.5'), 'text');
  assert.equal(infer('1', 'true'), 'text');
  assert.equal(infer('2024-01-01', '2024-01-01T10:00'), 'text');
});

test('NaN belongs to a column of numbers and makes none', () => {
  assert.equal(infer('1', 'NaN', '-Infinity'), 'float');
  assert.equal(infer('NaN'), 'text');
  assert.equal(infer(), 'text');
});
