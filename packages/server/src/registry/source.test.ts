import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWithin, parseSource } from './source.ts';

const run = 'a'.repeat(32);
const model = `m-${'b'.repeat(32)}`;

test('files of runs and logged models are known however a client writes them', () => {
  const ofRun = { kind: 'files', owner: `run:${run}`, folder: 'deep/model' };
  for (const text of [
    `mlflow-artifacts:/0/${run}/artifacts/deep/model`,
    `mlflow-artifacts://tracking.example:5000/0/${run}/artifacts/deep/model/`,
    `mlflow-artifacts:/a/place/of/theirs/${run}/artifacts/deep/model`,
    `runs:/${run}/deep/model`,
  ])
    assert.deepEqual(parseSource(text), ofRun, text);
  for (const text of [
    `models:/${model}`,
    `mlflow-artifacts:/7/models/${model}/artifacts`,
    `mlflow-artifacts:/7/models/${model}/artifacts/`,
  ])
    assert.deepEqual(parseSource(text), { kind: 'files', owner: `model:${model}`, folder: '' }, text);
});

test('versions, local paths and what is elsewhere are told apart', () => {
  assert.deepEqual(parseSource('models:/tweets of us/12'), { kind: 'version', model: 'tweets of us', number: 12 });
  assert.deepEqual(parseSource('models:/tweets@champion'), { kind: 'alias', model: 'tweets', alias: 'champion' });
  for (const [text, path] of [
    ['file:///srv/model', '/srv/model'],
    ['file:/srv/model', '/srv/model'],
    ['/srv/model', '/srv/model'],
    ['relative/model', 'relative/model'],
    ['C:\\models\\a', 'C:\\models\\a'],
  ])
    assert.deepEqual(parseSource(text!), { kind: 'local', path });
  assert.deepEqual(parseSource('mlflow-artifacts:/somewhere/else'), { kind: 'loose', folder: 'somewhere/else' });
  assert.deepEqual(parseSource('mlflow-artifacts:'), { kind: 'loose', folder: '' });
  for (const text of ['s3://bucket/model', 'https://example.org/model', 'dbfs:/model'])
    assert.deepEqual(parseSource(text), { kind: 'elsewhere' }, text);
});

test('a way upwards is refused however often it is encoded', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('..', '../', '/../', '..\\', 'a/..'),
      fc.nat({ max: 4 }),
      fc.constantFrom('s3://b/', 'mlflow-artifacts:/0/', 'file:///', `runs:/${run}/`, ''),
      (way, times, start) => {
        // Absolute paths of a machine, not encoded, are the next test's.
        fc.pre(times > 0 || !/^(file:\/\/)?\//.test(start + way));
        let text: string = way;
        for (let i = 0; i < times; i++) text = text.replace(/\W/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
        assert.throws(() => parseSource(`${start}${text}`), { code: 'invalid_request', reason: 'bad_source' });
      },
    ),
  );
});

test('a plain path of a machine goes by where it ends', () => {
  for (const [text, path] of [
    ['file:///srv/run/model/..', '/srv/run'],
    ['file:///srv/run/../../etc/', '/etc/'],
    ['/srv/run/./model', '/srv/run/model'],
    ['/../..', '/'],
  ])
    assert.deepEqual(parseSource(text!), { kind: 'local', path }, text);
  for (const text of ['file:///srv/run/..\\..\\other', 'file:///srv/%2e%2e/run/..', 'srv/../run', 'C:\\srv\\..\\run'])
    assert.throws(() => parseSource(text), { reason: 'bad_source' }, text);
});

test('a path is within a folder only by whole names', () => {
  assert.ok(isWithin('/srv/0/run/artifacts/model', 'file:///srv/0/run/artifacts/'));
  assert.ok(isWithin('/srv/0/run/artifacts', '/srv/0/run/artifacts'));
  assert.ok(!isWithin('/srv/0/run/artifacts-of-others', '/srv/0/run/artifacts'));
  assert.ok(!isWithin('/srv/model', 's3://bucket'));
});
