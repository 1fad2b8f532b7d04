import type { BertConfig } from './config.ts';

/** One array of weights of the encoder: what we call it, and how checkpoints do. */
export interface BertParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its name in a checkpoint of Hugging Face's `BertModel`. */
  readonly stored: string;
  /** Linear layers are stored [out, in], as PyTorch has them; ours are [in, out]. */
  readonly transposed: boolean;
  /** How it begins where no checkpoint says it. */
  readonly start: 'normal' | 'zeros' | 'ones';
}

/** All of them, in the order in which a text passes through them. */
export const encoderParameters = (config: BertConfig): readonly BertParameter[] => {
  const { hiddenSize: hidden, intermediateSize: wide } = config;
  return [
    embedding('word', [config.vocabularySize, hidden]),
    embedding('position', [config.maxPositions, hidden]),
    embedding('type', [config.typeVocabularySize, hidden]),
    ...norm('embeddings.norm', 'embeddings.LayerNorm', hidden),
    ...Array.from({ length: config.layers }, (_, i) => {
      const [ours, stored] = [`layer.${i}`, `encoder.layer.${i}`];
      return [
        ...['query', 'key', 'value'].flatMap((part) =>
          dense(`${ours}.attention.${part}`, `${stored}.attention.self.${part}`, [hidden, hidden]),
        ),
        ...dense(`${ours}.attention.output`, `${stored}.attention.output.dense`, [hidden, hidden]),
        ...norm(`${ours}.attentionNorm`, `${stored}.attention.output.LayerNorm`, hidden),
        ...dense(`${ours}.inner`, `${stored}.intermediate.dense`, [hidden, wide]),
        ...dense(`${ours}.outer`, `${stored}.output.dense`, [wide, hidden]),
        ...norm(`${ours}.outerNorm`, `${stored}.output.LayerNorm`, hidden),
      ];
    }).flat(),
    ...dense('pooler', 'pooler.dense', [hidden, hidden]),
  ];
};

const embedding = (part: string, shape: readonly number[]): BertParameter => ({
  name: `embeddings.${part}`,
  shape,
  stored: `embeddings.${part === 'type' ? 'token_type' : part}_embeddings.weight`,
  transposed: false,
  start: 'normal',
});

const dense = (name: string, stored: string, shape: readonly [number, number]): BertParameter[] => [
  { name: `${name}.weight`, shape, stored: `${stored}.weight`, transposed: true, start: 'normal' },
  { name: `${name}.bias`, shape: [shape[1]], stored: `${stored}.bias`, transposed: false, start: 'zeros' },
];

const norm = (name: string, stored: string, width: number): BertParameter[] => [
  { name: `${name}.scale`, shape: [width], stored: `${stored}.weight`, transposed: false, start: 'ones' },
  { name: `${name}.shift`, shape: [width], stored: `${stored}.bias`, transposed: false, start: 'zeros' },
];
