import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../i18n/en.ts';
import { createFormat } from '../../i18n/format.ts';
import { fr } from '../../i18n/fr.ts';
import type { StoryFact } from './story-fact.ts';
import { sentenceOf } from './story-sentence.ts';

const plain = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ');
const english = (fact: StoryFact) => sentenceOf(fact, en, createFormat('en-GB'));
const french = (fact: StoryFact) => sentenceOf(fact, fr, createFormat('fr-FR'));

const training = { kind: 'pipeline', pipeline: 'training', number: 3, steps: 4 } as const;

test('a pipeline run under way says how far its step is', () => {
  const heard = { split: { status: 'cached' }, train: { status: 'running', done: 34, total: 100 } } as const;
  const { what, detail } = english({ ...training, status: 'running', heard, seconds: null });
  assert.deepEqual([what, detail], ['Pipeline run training #3 is running', '1 of 4 steps, 1 from the cache, train 34%']);
});

test('one that has ended says what it took', () => {
  const heard = { train: { status: 'succeeded' } } as const;
  const fact = { ...training, steps: 1, status: 'succeeded', heard, seconds: 14.2 } as const;
  assert.equal(plain(english(fact).detail), '1 of 1 step, took 14 s');
  assert.equal(plain(french(fact).detail), '1 étape sur 1, en 14 s');
});

test('the rows that measures are of are said once', () => {
  const measures = [
    { name: 'f1', of: 'macro', rows: 'validation', value: 0.8731 },
    { name: 'accuracy', of: null, rows: 'validation', value: 0.91 },
  ] as const;
  const fact = { kind: 'run', name: 'train #3', status: 'finished', measures } as const;
  assert.equal(english(fact).detail, 'F1 macro 0.873, accuracy 0.910 on validation rows');
  assert.equal(french(fact).detail, 'F1 macro 0,873, exactitude 0,910 sur les lignes de validation');
});

test('what went wrong is told in its own words', () => {
  const { what, wrong } = english({ kind: 'step', step: 'clean', isRetried: false, isLost: false, message: 'column text is missing' });
  assert.deepEqual([what, wrong], ['Step clean failed', 'column text is missing']);
});

test('a digest travels whole, for it is there to be copied', () => {
  const digest = `rows:${'4f'.repeat(32)}`;
  const fact = { kind: 'dataset', dataset: 'tweets', number: 1, rows: 11_970, repeatedKeys: 155, digest } as const;
  assert.equal(english(fact).digest, digest);
  assert.equal(plain(french(fact).detail), '11 970 lignes, 155 à clé répétée');
});
