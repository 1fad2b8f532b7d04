import { invalid } from '@boucle/contract';
import type { Pooling } from '../layers/index.ts';
import { type ClassWeight, requireWhole, requireWithin } from '../option-checks.ts';
import type { TextRows } from '../training-rows.ts';

export interface BilstmOptions {
  readonly approach: 'bilstm';
  /** Decides the first weights, the order of rows and what dropout drops; a whole number from 0. */
  readonly seed: number;
  /** Of a word's vector. Default 100, or what the embeddings have. */
  readonly embeddingSize?: number;
  /** A file of word vectors as GloVe or word2vec write them as text; words that are not in it begin at random. */
  readonly embeddings?: string;
  /** Word vectors stay as they are. Default false. */
  readonly freezeEmbeddings?: boolean;
  /** Of the states in each direction. Default 64. */
  readonly hiddenSize?: number;
  /** What of the states of a text is classified. Default `max`. */
  readonly pooling?: Pooling;
  /** Of word vectors and of the pooled states. Default 0.4. */
  readonly dropout?: number;
  /** A word is learned when it occurs so often in all texts. Default 2. */
  readonly minCount?: number;
  /** Keep only the most frequent words. Default 30,000. */
  readonly maxWords?: number;
  /** In words; what comes after is not read. Default 128. */
  readonly maxLength?: number;
  /** Passes over the rows, at most. Default 12. */
  readonly epochs?: number;
  /** Rows in a step. Default 32. */
  readonly batchSize?: number;
  /** Of Adam. Default 0.001. */
  readonly learningRate?: number;
  /** Gradients are shortened to this norm. Default 5. */
  readonly clipNorm?: number;
  readonly classWeight?: ClassWeight;
  /** Rows that tell when to stop; the weights of the epoch with the least loss on them are kept. Default: a tenth of the rows, taken out. */
  readonly validation?: TextRows;
  /** Stop after so many epochs that brought nothing on the validation rows. Default 3. */
  readonly patience?: number;
  /** A folder in which training continues where it was interrupted. Default: none. */
  readonly checkpoint?: string;
  /** Default 1. The numbers that come out do not depend on it. */
  readonly threads?: number;
}

type Optional = 'embeddings' | 'embeddingSize' | 'validation' | 'checkpoint';
export type CompleteBilstmOptions = Required<Omit<BilstmOptions, Optional>> & {
  readonly [Name in Optional]: BilstmOptions[Name] | undefined;
};

const defaults = {
  freezeEmbeddings: false,
  hiddenSize: 64,
  pooling: 'max',
  dropout: 0.4,
  minCount: 2,
  maxWords: 30_000,
  maxLength: 128,
  epochs: 12,
  batchSize: 32,
  learningRate: 0.001,
  clipNorm: 5,
  classWeight: {},
  patience: 3,
  threads: 1,
} as const;

/** Fills in the defaults, and refuses values that make no sense. */
export const completeBilstmOptions = (options: BilstmOptions): CompleteBilstmOptions => {
  const { embeddings, embeddingSize, validation, checkpoint } = options;
  const complete: CompleteBilstmOptions = { ...defaults, ...options, embeddings, embeddingSize, validation, checkpoint };
  requireWhole('seed', complete.seed, 0);
  for (const name of ['hiddenSize', 'minCount', 'maxWords', 'maxLength', 'epochs', 'batchSize', 'patience', 'threads'] as const) {
    requireWhole(name, complete[name], 1);
  }
  if (embeddingSize !== undefined) requireWhole('embeddingSize', embeddingSize, 1);
  requireWithin('dropout', complete.dropout, { least: 0, most: 0.95 });
  requireWithin('learningRate', complete.learningRate, { least: 1e-12, most: 10 });
  requireWithin('clipNorm', complete.clipNorm, { least: 1e-6, most: 1e6 });
  if (!['last', 'mean', 'max'].includes(complete.pooling)) {
    throw invalid(`pooling is ${JSON.stringify(complete.pooling)}; use last, mean or max`, 'bad_option', { name: 'pooling' });
  }
  if (complete.freezeEmbeddings && embeddings === undefined) {
    throw invalid('Embeddings that begin at random must learn: name a file of embeddings, or leave out freezeEmbeddings', 'bad_option', {
      name: 'freezeEmbeddings',
    });
  }
  return complete;
};
