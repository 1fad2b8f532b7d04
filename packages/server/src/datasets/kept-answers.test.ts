import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeptAnswers } from './kept-answers.ts';

test('what is known is not worked out again, nor twice at once, and the least asked for goes', async () => {
  const kept = createKeptAnswers(2);
  const worked: string[] = [];
  const ask = (about: string) =>
    kept(about, async () => {
      worked.push(about);
      return about;
    });
  assert.deepEqual(await Promise.all([ask('a'), ask('a'), ask('b')]), ['a', 'a', 'b']);
  await ask('a');
  await ask('c');
  await ask('a');
  assert.deepEqual(worked, ['a', 'b', 'c']);
  await ask('b');
  assert.deepEqual(worked, ['a', 'b', 'c', 'b']);
});

test('what failed is tried again', async () => {
  const kept = createKeptAnswers(2);
  await assert.rejects(kept('a', () => Promise.reject(new Error('no'))));
  assert.equal(await kept('a', async () => 1), 1);
});
