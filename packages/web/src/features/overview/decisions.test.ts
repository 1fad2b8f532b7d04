import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../i18n/en.ts';
import { createFormat } from '../../i18n/format.ts';
import { fr } from '../../i18n/fr.ts';
import type { News } from '../../live/news.ts';
import { said } from '../../testing/said.ts';
import { sentenceOf } from './story-sentence.ts';
import { tellStory } from './story.ts';

const rollout = { endpoint: 'sentiment', number: 3 };
const plain = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ');
const english = (news: readonly News[]) =>
  tellStory(news).map(({ fact, mark }) => [mark, sentenceOf(fact, en, createFormat('en-GB'))] as const);

test('a rollout is one line from its beginning to its end', () => {
  const news = [
    said('rollout.started', { ...rollout, model: 'sentiment', version: 2, baseline: 1 }),
    said('rollout.stepped', { ...rollout, stage: 'canary', share: 0.05, message: 'no evidence against it' }),
  ];
  const [[mark, { what, detail }], ...others] = english(news) as [ReturnType<typeof english>[number]];
  assert.deepEqual(
    [mark, what, detail, others],
    ['running', 'Version 2 is on its way to sentiment', 'canary at 5%: no evidence against it', []],
  );
  const ended = said('rollout.ended', { ...rollout, status: 'rolled_back', message: 'more wrong labels', version: 1 });
  const [[after, told]] = english([...news, ended]) as [ReturnType<typeof english>[number]];
  assert.deepEqual([after, told.what, told.detail], ['broken', 'Version 2 was rolled back from sentiment', 'more wrong labels']);
});

test('an alert keeps what it said when it is resolved', () => {
  const alert = { alertId: 'a', monitor: 'bad-buzz', endpoint: 'sentiment', rule: 'bad buzz', group: {} };
  const news = [
    said('alert.fired', { ...alert, severity: 'warning', message: '4 negative in five minutes', windowId: null }),
    said('alert.resolved', { ...alert, seconds: 60 }),
  ];
  assert.deepEqual(english(news), [['ok', { what: 'Alert “bad buzz” was resolved', detail: '4 negative in five minutes' }]]);
});

test('what was decided is told in French, too', () => {
  const news = said('kpi.missed', {
    monitor: 'm',
    endpoint: 'sentiment',
    kpi: 'recall',
    windowId: 'w',
    version: 1,
    value: 0.71,
    interval: [0.66, 0.76],
    target: 0.85,
  });
  const [{ fact }] = tellStory([news]) as [ReturnType<typeof tellStory>[number]];
  const { what, detail } = sentenceOf(fact, fr, createFormat('fr-FR'));
  assert.deepEqual([what, plain(detail)], ['Indicateur recall manqué', '0,710 (95 % : de 0,660 à 0,760), objectif 0,850']);
});
