import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTweets, toCsv } from './tweets.ts';

test('the same seed makes the same tweets, another seed others', () => {
  const csv = (seed: number) => toCsv(makeTweets({ seed, count: 200 }));
  assert.equal(csv(1), csv(1));
  assert.notEqual(csv(1), csv(2));
});

test('the tweets have what makes them hard: repeated ids, line breaks, quotes, every sentiment', () => {
  const tweets = [...makeTweets({ seed: 7, count: 3000 })];
  const ids = new Set(tweets.map((t) => t.tweet_id));
  assert.ok(ids.size < tweets.length && ids.size > tweets.length * 0.97);
  assert.ok(tweets.some((t) => t.text.includes('\n')) && tweets.some((t) => t.text.includes('"')));
  assert.deepEqual([...new Set(tweets.map((t) => t.sentiment))].sort(), ['negative', 'neutral', 'positive']);
});

test('a strike brings new words and more complaints', () => {
  const made = (era: 'calm' | 'strike') => [...makeTweets({ seed: 3, count: 3000, era })];
  const complaints = (era: 'calm' | 'strike') => made(era).filter(({ sentiment }) => sentiment === 'negative').length / 3000;
  assert.ok(complaints('strike') > complaints('calm') + 0.08);
  assert.ok(!made('calm').some(({ text }) => /walkout/i.test(text)));
  assert.ok(made('strike').filter(({ text }) => /walkout|waitlist|kiosk/i.test(text)).length > 300);
});
