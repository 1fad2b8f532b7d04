import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../i18n/en.ts';
import { createFormat } from '../../i18n/format.ts';
import { fr } from '../../i18n/fr.ts';
import { anEmptyOverview, anOverview } from '../../testing/an-overview.ts';
import { isUntouched, stationFacts } from './stations.ts';

const english = (overview = anOverview()) => stationFacts(overview, en, createFormat('en-GB'));
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test('each station has its one number', () => {
  const numbers = Object.values(english()).map(({ number }) => plain(number));
  assert.deepEqual(numbers, ['2', '11,970', '14 s', '0.873', 'v3', '240', '88%']);
});

test('numbers are written in the language of the reader', () => {
  const { datasets, tracking } = stationFacts(anOverview(), fr, createFormat('fr-FR'));
  assert.deepEqual([plain(datasets.number), tracking.number], ['11 970', '0,873']);
});

test('a pipeline under way counts its steps and names the one that runs', () => {
  const { pipelines } = anOverview();
  const running = { ...pipelines, state: 'running' as const, done: 3, seconds: null, running: [{ step: 'train', done: 34, total: 100 }] };
  const facts = english(anOverview({ pipelines: running })).pipelines;
  assert.equal(facts.number, '3 / 7');
  assert.match(facts.caption, /train/);
});

test('a project that has done nothing shows no zero as if it were measured', () => {
  const facts = english(anEmptyOverview());
  assert.deepEqual(new Set(Object.values(facts).map(({ number }) => number)), new Set(['–']));
});

test('a project is untouched until something but its framing is there', () => {
  assert.equal(isUntouched(anEmptyOverview()), true);
  const { framing } = anOverview();
  assert.equal(isUntouched({ ...anEmptyOverview(), framing }), true);
  const { datasets } = anOverview();
  assert.equal(isUntouched({ ...anEmptyOverview(), datasets }), false);
});
