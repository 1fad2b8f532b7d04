import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chapter } from '@boucle/contract';
import { chaptersByDay } from './chapters.ts';

const aChapter = (seq: number, at: string): Chapter => ({
  seq,
  at,
  station: 'monitoring',
  type: 'drift.found',
  tone: 'attention',
  sentence: 'Drift was found.',
  evidence: [],
});

test('a day begins at midnight UTC and holds what came on it, in order', () => {
  const days = chaptersByDay([
    aChapter(1, '2026-03-01T23:59:59.000Z'),
    aChapter(2, '2026-03-02T00:00:00.000Z'),
    aChapter(3, '2026-03-02T08:00:00.000Z'),
  ]);
  assert.deepEqual(
    days.map(({ at, chapters }) => [new Date(at).toISOString(), chapters.map(({ seq }) => seq)]),
    [
      ['2026-03-01T00:00:00.000Z', [1]],
      ['2026-03-02T00:00:00.000Z', [2, 3]],
    ],
  );
});

test('a story without chapters has no days', () => {
  assert.deepEqual(chaptersByDay([]), []);
});
