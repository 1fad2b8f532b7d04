import { invalid } from '@boucle/contract';
import { type ClassWeight, requireWhole, requireWithin } from '../option-checks.ts';
import type { TextRows } from '../training-rows.ts';
import type { CheckpointSource } from './checkpoint.ts';
import type { Lora } from './lora.ts';

export interface BertOptions {
  readonly approach: 'bert';
  /** Decides the first weights, the order of rows and what dropout drops; a whole number from 0. */
  readonly seed: number;
  /** A Hugging Face checkpoint of the BERT architecture, in a folder or on a hub. Without one, a small encoder is trained from scratch. */
  readonly checkpoint?: CheckpointSource;
  /** The encoder that is trained where there is no checkpoint. Default: 2 layers of width 128 with 2 heads, 8,000 tokens. */
  readonly scratch?: Partial<ScratchEncoder>;
  /** Passes over the rows. Default 3; from scratch 10. */
  readonly epochs?: number;
  /** Rows in a step. Default 32. */
  readonly batchSize?: number;
  /** Batches whose gradients make one step. Default 1. */
  readonly accumulate?: number;
  /** At its highest. Default 2e-5; with LoRA 5e-4; from scratch 5e-4. */
  readonly learningRate?: number;
  /** Share of the steps in which the rate rises, before it falls to 0 on a straight line. Default 0.1. */
  readonly warmUp?: number;
  /** Of weights and embeddings; biases and layer norms never shrink. Default 0.01. */
  readonly weightDecay?: number;
  /** Gradients are shortened to this norm. Default 1. */
  readonly clipNorm?: number;
  /** Each layer's rate is that of the layer above times this (Howard and Ruder 2018, section 3.2). Default 1. */
  readonly layerDecay?: number;
  /** What stays as the checkpoint has it. Default: nothing. */
  readonly freeze?: Freeze;
  /** Train adapters of this rank beside frozen weights, and the head. */
  readonly lora?: Partial<Lora>;
  /** In tokens; what comes after is not read. Default 128. */
  readonly maxLength?: number;
  /** Of the encoder and before the head. Default: as the checkpoint says, 0.1. */
  readonly dropout?: number;
  readonly classWeight?: ClassWeight;
  /** Rows that tell when to stop; the weights of the epoch with the least loss on them are kept. */
  readonly validation?: TextRows;
  /** Stop after so many epochs that brought nothing on the validation rows. Default 2. */
  readonly patience?: number;
  /** A folder to write the state of training to, after each epoch and every 200 steps, and to continue from, bit for bit, where one is there. */
  readonly resume?: string;
  /** Default 1. The numbers that come out do not depend on it. */
  readonly threads?: number;
}

export interface ScratchEncoder {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly vocabularySize: number;
}

export interface Freeze {
  readonly embeddings?: boolean;
  /** So many layers from the bottom; the embeddings below them as well. */
  readonly layers?: number;
}

export interface CompleteBertOptions extends Required<
  Omit<BertOptions, 'checkpoint' | 'lora' | 'dropout' | 'validation' | 'scratch' | 'resume'>
> {
  readonly checkpoint: CheckpointSource | undefined;
  readonly scratch: ScratchEncoder;
  readonly lora: Lora | undefined;
  readonly dropout: number | undefined;
  readonly validation: TextRows | undefined;
  readonly resume: string | undefined;
}

/** Fills in the defaults, and refuses values that make no sense. */
export const completeBertOptions = (options: BertOptions): CompleteBertOptions => {
  const { checkpoint, dropout, validation, resume } = options;
  const lora = options.lora && { rank: 8, alpha: 16, ...options.lora };
  const fromScratch = checkpoint === undefined;
  const scratch = { layers: 2, hiddenSize: 128, heads: 2, vocabularySize: 8000, ...options.scratch };
  const complete: CompleteBertOptions = {
    epochs: fromScratch ? 10 : 3,
    batchSize: 32,
    accumulate: 1,
    learningRate: fromScratch || lora ? 5e-4 : 2e-5,
    warmUp: 0.1,
    weightDecay: 0.01,
    clipNorm: 1,
    layerDecay: 1,
    freeze: {},
    maxLength: 128,
    classWeight: {},
    patience: 2,
    threads: 1,
    ...options,
    checkpoint,
    scratch,
    lora,
    dropout,
    validation,
    resume,
  };
  for (const name of ['epochs', 'batchSize', 'accumulate', 'patience', 'threads'] as const) requireWhole(name, complete[name], 1);
  requireWhole('seed', complete.seed, 0);
  requireWhole('maxLength', complete.maxLength, 3);
  requireWhole('freeze.layers', complete.freeze.layers ?? 0, 0);
  for (const [name, value] of Object.entries(scratch)) requireWhole(`scratch.${name}`, value, name === 'vocabularySize' ? 100 : 1);
  requireWithin('learningRate', complete.learningRate, { least: 1e-12, most: 1 });
  requireWithin('warmUp', complete.warmUp, { least: 0, most: 1 });
  requireWithin('weightDecay', complete.weightDecay, { least: 0, most: 10 });
  requireWithin('clipNorm', complete.clipNorm, { least: 1e-6, most: 1e6 });
  requireWithin('layerDecay', complete.layerDecay, { least: 0.01, most: 1 });
  if (dropout !== undefined) requireWithin('dropout', dropout, { least: 0, most: 0.95 });
  if (lora) {
    requireWhole('lora.rank', lora.rank, 1);
    requireWithin('lora.alpha', lora.alpha, { least: 1e-3, most: 1e4 });
  }
  if (fromScratch && (lora || complete.freeze.embeddings || complete.freeze.layers)) {
    throw invalid('Without a checkpoint there is nothing to keep: leave out freeze and lora, or name a checkpoint', 'bad_option', {
      name: lora ? 'lora' : 'freeze',
    });
  }
  if (scratch.hiddenSize % scratch.heads !== 0) {
    throw invalid(`scratch.hiddenSize ${scratch.hiddenSize} cannot be divided among ${scratch.heads} heads`, 'bad_option', {
      name: 'scratch.hiddenSize',
    });
  }
  return complete;
};
