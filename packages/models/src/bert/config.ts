import { invalid } from '@boucle/contract';

/** The activations between the two layers of a block: GELU by the error function, GELU by tanh (as Google's first BERT), ReLU. */
export type BertActivation = 'gelu' | 'gelu_new' | 'relu';

/** The shape of a BERT encoder (Devlin et al. 2019), as `config.json` of a checkpoint states it. */
export interface BertConfig {
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  /** The width of a block's feed-forward layer. */
  readonly intermediateSize: number;
  readonly activation: BertActivation;
  readonly layerNormEps: number;
  /** The longest sequence in tokens. */
  readonly maxPositions: number;
  readonly typeVocabularySize: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly padId: number;
}

const activations: Readonly<Record<string, BertActivation>> = {
  gelu: 'gelu',
  gelu_new: 'gelu_new',
  gelu_pytorch_tanh: 'gelu_new',
  relu: 'relu',
};

/**
 * Reads the content of a Hugging Face `config.json`. MiniLM, TinyBERT and whatever else says `bert` have this architecture; others
 * are refused by their name, and so are variants of BERT that would silently compute something else.
 */
export const readBertConfig = (content: unknown): BertConfig => {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw unsupported('its config.json is not a JSON object');
  }
  const raw = content as Record<string, unknown>;
  if (raw['model_type'] !== 'bert') {
    throw unsupported(`its model_type is ${shown(raw['model_type'])}, and only bert (BERT, MiniLM, TinyBERT …) is read here`);
  }
  const position = raw['position_embedding_type'] ?? 'absolute';
  if (position !== 'absolute') throw unsupported(`its position embeddings are ${shown(position)}, and only absolute ones are known here`);
  for (const flag of ['is_decoder', 'add_cross_attention']) {
    if (raw[flag] === true) throw unsupported(`${flag} is set, and only encoders are read here`);
  }
  const activation = activationOf(raw['hidden_act']);
  if (!activation) {
    throw unsupported(`its hidden_act is ${shown(raw['hidden_act'])}; known are ${Object.keys(activations).join(', ')}`);
  }
  const config: BertConfig = {
    vocabularySize: whole(raw, 'vocab_size', 4_000_000),
    hiddenSize: whole(raw, 'hidden_size', 16_384),
    layers: whole(raw, 'num_hidden_layers', 256),
    heads: whole(raw, 'num_attention_heads', 1024),
    intermediateSize: whole(raw, 'intermediate_size', 131_072),
    activation,
    layerNormEps: number(raw, 'layer_norm_eps', { otherwise: 1e-12, least: 1e-30, most: 1 }),
    maxPositions: whole(raw, 'max_position_embeddings', 131_072),
    typeVocabularySize: whole(raw, 'type_vocab_size', 1024),
    hiddenDropout: number(raw, 'hidden_dropout_prob', { otherwise: 0.1, least: 0, most: 0.95 }),
    attentionDropout: number(raw, 'attention_probs_dropout_prob', { otherwise: 0.1, least: 0, most: 0.95 }),
    padId: number(raw, 'pad_token_id', { otherwise: 0, least: 0, most: 4_000_000 }),
  };
  if (config.hiddenSize % config.heads !== 0) {
    throw unsupported(`hidden_size ${config.hiddenSize} cannot be divided among ${config.heads} heads`);
  }
  return config;
};

/** The `config.json` that says the same: what {@link readBertConfig} reads, and so does Hugging Face's `transformers`. */
export const writeBertConfig = (config: BertConfig): Record<string, unknown> => ({
  model_type: 'bert',
  vocab_size: config.vocabularySize,
  hidden_size: config.hiddenSize,
  num_hidden_layers: config.layers,
  num_attention_heads: config.heads,
  intermediate_size: config.intermediateSize,
  hidden_act: config.activation,
  layer_norm_eps: config.layerNormEps,
  max_position_embeddings: config.maxPositions,
  type_vocab_size: config.typeVocabularySize,
  hidden_dropout_prob: config.hiddenDropout,
  attention_probs_dropout_prob: config.attentionDropout,
  pad_token_id: config.padId,
});

const activationOf = (name: unknown): BertActivation | undefined =>
  typeof name === 'string' && Object.hasOwn(activations, name) ? activations[name] : undefined;

const unsupported = (what: string) => invalid(`This checkpoint cannot be used: ${what}`, 'unsupported_architecture');
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? 'missing';

const whole = (raw: Record<string, unknown>, name: string, most: number): number => {
  const value = raw[name];
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return value as number;
  throw unsupported(`${name} in its config.json is ${shown(value)}; it must be a whole number from 1 to ${most}`);
};

const number = (
  raw: Record<string, unknown>,
  name: string,
  { otherwise, least, most }: { readonly otherwise: number; readonly least: number; readonly most: number },
): number => {
  const value = raw[name] ?? otherwise;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw unsupported(`${name} in its config.json is ${shown(value)}; it must be a number from ${least} to ${most}`);
};
