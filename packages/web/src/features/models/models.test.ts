import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredEndpoint, Endpoint } from '@boucle/contract';
import { differenceOf } from './difference.ts';
import { followersOf, placesOf } from './followers.ts';
import { headlineKeys } from './headline.ts';

const declared = (name: string, model: string): DeclaredEndpoint => ({ name, model, environment: 'production' });
const deployed = (name: string, reference: string, version: number): Endpoint => ({
  id: '0'.repeat(32),
  project: 'airline',
  name,
  environment: 'production',
  createdAt: '2026-03-01T12:00:00Z',
  deployment: {
    id: '0'.repeat(32),
    project: 'airline',
    endpoint: name,
    number: 1,
    variants: [
      { name: 'main', mode: 'live', share: 1, model: 'texts', version, modelVersionId: '0'.repeat(32), digest: `tree:${'0'.repeat(64)}` },
    ],
    salt: '',
    rolloutId: null,
    reference,
    log: 'written',
    status: 'ready',
    message: null,
    createdAt: '2026-03-01T12:00:00Z',
    createdBy: 'owner',
    correlationId: '0'.repeat(32),
  },
});

test('an alias is followed by who is declared or deployed by it, and by nobody whose names only look like it', () => {
  const endpoints = [deployed('a', 'texts@champion', 1), deployed('b', 'texts/2', 2), deployed('c', 'models:/texts@champion', 3)];
  const places = {
    endpoints,
    declared: [declared('b', 'texts@champion'), declared('d', 'texts@champion'), declared('e', 'texts2@champion')],
  };
  assert.deepEqual(followersOf({ model: 'texts', alias: 'champion' }, places), [
    { endpoint: 'a', answers: [1] },
    { endpoint: 'b', answers: [2] },
    { endpoint: 'c', answers: [3] },
    { endpoint: 'd', answers: [] },
  ]);
  assert.deepEqual(followersOf({ model: 'texts', alias: 'champ' }, places), []);
});

test('where a version is deployed is told of that version alone', () => {
  const endpoints = [deployed('a', 'texts@champion', 1), deployed('b', 'texts/2', 2)];
  assert.deepEqual(
    placesOf(endpoints, { model: 'texts', number: 2 }).map(({ endpoint }) => endpoint),
    ['b'],
  );
  assert.equal(placesOf(endpoints, { model: 'texts' }).length, 2);
});

test('a table of versions shows the metrics that are best known', () => {
  const digest = `rows:${'0'.repeat(64)}`;
  const evidence = ['kappa', 'accuracy', 'zeta', 'f1_macro'].map((metric) => ({ metric, value: 1, interval: null, digest }));
  assert.deepEqual(headlineKeys([{ evidence }]), ['f1_macro', 'accuracy', 'kappa']);
  assert.deepEqual(headlineKeys([]), []);
});

test('a difference names what only one of the two has, and counts what is alike', () => {
  const { differing, same } = differenceOf(
    new Map([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]),
    new Map([
      ['b', 2],
      ['c', 4],
      ['d', 5],
    ]),
  );
  assert.deepEqual(differing, [
    { name: 'a', here: 1, there: undefined },
    { name: 'c', here: 3, there: 4 },
    { name: 'd', here: undefined, there: 5 },
  ]);
  assert.equal(same, 1);
});
