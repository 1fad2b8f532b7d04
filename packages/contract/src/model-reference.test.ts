import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelReference } from './model-reference.ts';

test('a reference names a version by its number or by an alias', () => {
  assert.deepEqual(parseModelReference('sentiment/3'), { model: 'sentiment', number: 3 });
  assert.deepEqual(parseModelReference('sentiment@champion'), { model: 'sentiment', alias: 'champion' });
  assert.deepEqual(parseModelReference('a b@c@d'), { model: 'a b@c', alias: 'd' });
});

test('a reference may be written as MLflow writes it', () => {
  assert.deepEqual(parseModelReference('models:/sentiment@champion'), { model: 'sentiment', alias: 'champion' });
  assert.deepEqual(parseModelReference('models:/sentiment/3'), { model: 'sentiment', number: 3 });
});

test('anything else is no reference', () => {
  for (const text of [
    '',
    'sentiment',
    'sentiment/0',
    'sentiment/',
    '@champion',
    'sentiment@',
    'a/b/3',
    'models:/a',
    'models:/a/Production',
    'models:a@b',
    'a@ b',
    'a/3@b',
  ]) {
    assert.equal(parseModelReference(text), undefined, text);
  }
});
