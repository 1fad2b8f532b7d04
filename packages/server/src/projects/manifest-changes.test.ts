import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aConsumer, aManifest } from '../testing/a-manifest.ts';
import { manifestChanges } from './manifest-changes.ts';

test('a first manifest adds all there is, in the order of the loop', () => {
  assert.deepEqual(
    manifestChanges(undefined, aManifest()).map(({ change, type, name }) => [change, type, name]),
    [
      ['added', 'framing', 'framing'],
      ['added', 'dataset', 'tweets'],
      ['added', 'pipeline', 'training'],
      ['added', 'step', 'training.clean'],
      ['added', 'endpoint', 'sentiment'],
    ],
  );
});

test('the same manifest changes nothing, wherever its sources stood', () => {
  assert.deepEqual(manifestChanges(aManifest(), aManifest({ source: { commit: 'c0ffee', changes: null } })), []);
});

test('what is different is named part by part', () => {
  const before = aManifest({}, [aConsumer('a', 'tweets'), aConsumer('b', 'a'), aConsumer('c', 'b')]);
  const edited = aConsumer('a', 'tweets', { codeDigest: `blob:${'3'.repeat(64)}`, options: { timeout: '1h' } });
  const after = aManifest({ problem: 'Another', risk: 'high', endpoints: [], monitors: [{ name: 'bad-buzz', endpoint: 'sentiment' }] }, [
    edited,
    aConsumer('b', 'a'),
    aConsumer('d', 'b'),
  ]);
  assert.deepEqual(manifestChanges(before, after), [
    { change: 'changed', type: 'framing', name: 'framing', parts: ['problem', 'risk'] },
    { change: 'changed', type: 'step', name: 'training.a', parts: ['code', 'options'] },
    { change: 'added', type: 'step', name: 'training.d', parts: [] },
    { change: 'removed', type: 'step', name: 'training.c', parts: [] },
    { change: 'removed', type: 'endpoint', name: 'sentiment', parts: [] },
    { change: 'added', type: 'monitor', name: 'bad-buzz', parts: [] },
  ]);
});
