import { invalid } from '@boucle/contract';
import type { TrainingHooks } from '../training-pace.ts';
import type { CompleteBertOptions } from './bert-options.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { BertConfig } from './config.ts';
import { learnVocabulary } from './learn-vocabulary.ts';
import { type BertTokenizer, createBertTokenizer } from './tokenizer.ts';
import { specialTokens, wordPieceFiles, type WordPieceSettings } from './word-piece.ts';

/** Where training begins. */
export interface EncoderStart {
  readonly config: BertConfig;
  readonly tokenizer: BertTokenizer;
  /** By our names; what is missing begins by chance. Read when it is asked for, so that nobody has to hold it longer than needed. */
  readonly readWeights: () => Promise<Map<string, Float32Array>>;
}

/** The encoder of a checkpoint, or a small one that knows nothing but the words of the texts. */
export const startEncoder = (texts: readonly string[], options: CompleteBertOptions, hooks: TrainingHooks): Promise<EncoderStart> =>
  options.checkpoint === undefined ? fromScratch(texts, options, hooks) : fromCheckpoint(options, hooks);

const fromCheckpoint = async ({ checkpoint, freeze }: CompleteBertOptions, hooks: TrainingHooks): Promise<EncoderStart> => {
  const { folder, config, tokenizer, readWeights } = await openCheckpoint(checkpoint!, hooks);
  if ((freeze.layers ?? 0) > config.layers) {
    throw invalid(`freeze.layers is ${freeze.layers}, and the checkpoint has ${config.layers} layers`, 'bad_option', {
      name: 'freeze.layers',
    });
  }
  hooks.log?.(`${config.layers} layers of width ${config.hiddenSize} and ${config.vocabularySize} tokens from ${folder}`);
  return {
    config,
    tokenizer,
    readWeights: async () => {
      const { weights, ignored } = await readWeights();
      if (ignored.length > 0) hooks.log?.(`of the checkpoint, a classifier has no use for ${ignored.join(', ')}`);
      if (!weights.has('pooler.weight')) hooks.log?.('the checkpoint has no pooler; it begins by chance');
      return weights;
    },
  };
};

const fromScratch = async (
  texts: readonly string[],
  { scratch, maxLength }: CompleteBertOptions,
  hooks: TrainingHooks,
): Promise<EncoderStart> => {
  const settings: WordPieceSettings = { lowercase: true, separateIdeographs: true };
  const vocabulary = learnVocabulary(texts, scratch.vocabularySize, settings);
  if (vocabulary.length === specialTokens.length) {
    throw invalid('No text holds a character that is not blank; check that this is the text column', 'empty_vocabulary');
  }
  hooks.log?.(
    `${scratch.layers} layers of width ${scratch.hiddenSize} from scratch; ${vocabulary.length} tokens learned from ${texts.length} texts`,
  );
  const config: BertConfig = {
    vocabularySize: vocabulary.length,
    hiddenSize: scratch.hiddenSize,
    layers: scratch.layers,
    heads: scratch.heads,
    // Four times the width, as all models of BERT's authors have it.
    intermediateSize: 4 * scratch.hiddenSize,
    activation: 'gelu',
    layerNormEps: 1e-12,
    maxPositions: maxLength,
    typeVocabularySize: 1,
    hiddenDropout: 0.1,
    attentionDropout: 0.1,
    padId: 0,
  };
  return { config, tokenizer: createBertTokenizer(wordPieceFiles(vocabulary, settings)), readWeights: () => Promise.resolve(new Map()) };
};
