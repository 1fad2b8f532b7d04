import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeManifest } from '@boucle/project/bundle';
import { approaches } from './approaches.ts';
import { asTweets } from './as-tweets.ts';
import { readOptions } from './options.ts';

const { manifest } = await makeManifest(import.meta.dirname);

test('the plan searches, trains and measures each approach in an experiment of its own', () => {
  const { steps, outputs } = manifest.pipelines[0]!;
  for (const [name, { trials }] of Object.entries(approaches)) {
    const own = steps.filter(({ options }) => options.experiment === `sentiment/${name}`).map(({ id }) => id);
    assert.equal(own.filter((id) => id.startsWith(`${name}-search-trial-`)).length, trials);
    for (const what of ['test', 'curve', 'measure']) assert.ok(own.includes(`${name}-${what}`));
  }
  assert.deepEqual(Object.keys(outputs), ['comparison', 'page', 'version']);
});

test('no step before the reports sees a test row', () => {
  const readers = manifest.pipelines[0]!.steps.filter(({ inputs }) =>
    Object.values(inputs).some((refs) => refs.some((ref) => ref.from === 'step' && ref.output === 'test')),
  );
  const kinds = new Set(readers.map(({ step }) => step));
  assert.deepEqual(kinds, new Set(['evaluate', 'learning-curve', 'measure-model', 'compare-approaches']));
});

test('exports that call the sentiment otherwise are taken, others refused by their columns', () => {
  assert.equal(asTweets('tweet_id,airline_sentiment,text\r\n1,negative,late\n'), 'tweet_id,sentiment,text\n1,negative,late\n');
  assert.throws(() => asTweets('id,body\n1,late\n'), /names the columns id, body/);
});

test('what cannot be compared is said before anything is begun', () => {
  for (const [args, says] of [
    [['--data', '/nowhere/tweets.csv'], /tweets\.csv is not there/],
    [['--data', '.'], /is not a file/],
    [['--rows', 'many'], /--rows wants a whole number from 300, and is many/],
    [['--rows', '0'], /from 300/],
    [['--seconds=-1'], /--seconds wants a number/],
    [['--port', '70000'], /up to 65535/],
    [['--checkpoint', '.'], /has no config\.json/],
    [['--quick'], /--quick[^]*npm run compare/],
  ] as const) {
    assert.throws(() => readOptions(args), says);
  }
  assert.equal(readOptions(['--checkpoint', 'owner/name']).checkpoint, 'owner/name');
});
