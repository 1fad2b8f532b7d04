import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tinyConfig } from './testing/tiny-checkpoint.ts';
import { isTrained, updateOf } from './update-rules.ts';

const plain = { freeze: {}, lora: undefined, layerDecay: 1, weightDecay: 0.01 };

test('biases and layer norms do not shrink, weights and embeddings do', () => {
  for (const name of ['layer.0.inner.bias', 'embeddings.norm.scale', 'layer.1.outerNorm.shift', 'classifier.bias']) {
    assert.equal(updateOf(name, tinyConfig, plain).weightDecay, 0, name);
  }
  for (const name of ['layer.0.inner.weight', 'embeddings.word', 'pooler.weight']) {
    assert.equal(updateOf(name, tinyConfig, plain).weightDecay, 0.01, name);
  }
});

test('rates fall from the head to the embeddings', () => {
  const rate = (name: string): number => updateOf(name, tinyConfig, { ...plain, layerDecay: 0.5 }).rate;
  assert.deepEqual(
    [
      'classifier.weight',
      'pooler.bias',
      'layer.1.inner.weight',
      'layer.0.attention.query.weight',
      'embeddings.word',
      'embeddings.norm.scale',
    ].map(rate),
    [1, 1, 0.5, 0.25, 0.125, 0.125],
  );
});

test('a frozen layer freezes all below it; with adapters only they and the head learn', () => {
  const names = ['embeddings.word', 'layer.0.inner.weight', 'layer.1.inner.weight', 'layer.1.attention.query.down', 'classifier.bias'];
  const trained = (settings: Partial<Parameters<typeof isTrained>[1]>): string[] =>
    names.filter((name) => isTrained(name, { ...plain, ...settings }));
  assert.deepEqual(trained({}), names);
  assert.deepEqual(trained({ freeze: { embeddings: true } }), names.slice(1));
  assert.deepEqual(trained({ freeze: { layers: 1 } }), names.slice(2));
  assert.deepEqual(trained({ lora: { rank: 1, alpha: 1 } }), names.slice(3));
});
