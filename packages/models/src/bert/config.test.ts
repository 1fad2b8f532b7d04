import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBertConfig, writeBertConfig } from './config.ts';

const raw = {
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: 384,
  intermediate_size: 1536,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  num_attention_heads: 12,
  num_hidden_layers: 6,
  type_vocab_size: 2,
  vocab_size: 30522,
};

test('a config is read, with the defaults of the architecture, and written back', () => {
  const config = readBertConfig(raw);
  assert.equal(config.layers, 6);
  assert.equal(config.hiddenDropout, 0.1);
  assert.deepEqual(readBertConfig(writeBertConfig(config)), config);
});

const others: readonly (readonly [what: Record<string, unknown>, message: RegExp])[] = [
  [{ model_type: 'roberta' }, /model_type is "roberta"/],
  [{ model_type: undefined }, /model_type is missing/],
  [{ position_embedding_type: 'relative_key' }, /position embeddings are "relative_key"/],
  [{ is_decoder: true }, /is_decoder/],
  [{ hidden_act: 'swish' }, /hidden_act is "swish"; known are gelu/],
  [{ hidden_act: 'constructor' }, /hidden_act is "constructor"/],
  [{ num_attention_heads: 7 }, /384 cannot be divided among 7 heads/],
  [{ vocab_size: -1 }, /vocab_size.*-1/],
  [{ num_hidden_layers: 1e9 }, /num_hidden_layers/],
  [{ layer_norm_eps: 'small' }, /layer_norm_eps/],
  [{ hidden_dropout_prob: 1 }, /hidden_dropout_prob/],
];
for (const [change, message] of others) {
  test(`another architecture or a senseless value is refused: ${JSON.stringify(change)}`, () => {
    assert.throws(() => readBertConfig({ ...raw, ...change }), { code: 'invalid_request', reason: 'unsupported_architecture', message });
  });
}

test('a config.json that holds no object is refused', () => {
  for (const content of [null, [], 'bert', 1]) assert.throws(() => readBertConfig(content), { reason: 'unsupported_architecture' });
});
