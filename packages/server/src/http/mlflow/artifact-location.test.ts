import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { artifactLocation } from './artifact-location.ts';

const read = (given: unknown): string => artifactLocation(given, 'artifact_location');

test('a place that names its store stays as it is', () => {
  for (const place of ['s3://bucket/a?region=eu%2Fx', 'mlflow-artifacts:/a', 'dbfs:/a', 'file:///a/b', 'abfss://c@a.net/p'])
    assert.equal(read(place), place);
});

test('a path is taken from the folder of the server', () => {
  assert.equal(read('mine'), path.resolve('mine'));
  assert.equal(read('/mine'), '/mine');
  assert.equal(read('file:mine'), `file://${path.resolve('mine')}`);
});

test('fragments, parameters, places in runs, climbing queries and what is too long are refused', () => {
  for (const place of ['s3://a#b', 's3://a;b', 'runs:/a', 's3://a?x=../b', 's3://a?x=%252e%252e/b', 'x'.repeat(2049), 9])
    assert.throws(() => read(place), { name: 'MlflowError', code: 'INVALID_PARAMETER_VALUE' }, String(place));
});
