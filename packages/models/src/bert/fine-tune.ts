import { setImmediate } from 'node:timers/promises';
import { buildTraining, crossEntropy, initialWeights, type Model } from '../autodiff/index.ts';
import { classWeights, validationOf } from '../training/classification.ts';
import { fit, type Validation } from '../training/fit.ts';
import { createLoader, type RowBatch } from '../training/loader.ts';
import { adamW } from '../training/optimizers.ts';
import { linear } from '../training/schedules.ts';
import { type Batch, createTrainer } from '../training/trainer.ts';
import type { TrainingHooks } from '../training-pace.ts';
import type { TextRows } from '../training-rows.ts';
import { padded } from './batches.ts';
import { logitsOf } from './bert-classifier.ts';
import type { CompleteBertOptions } from './bert-options.ts';
import { defineBertClassifier, inputNames } from './encoder.ts';
import { loadExported, servedModel } from './export-bert.ts';
import type { EncoderStart } from './start-encoder.ts';
import { isTrained, updateOf } from './update-rules.ts';

export interface FineTuning {
  readonly rows: TextRows;
  readonly labels: readonly string[];
  readonly start: EncoderStart;
  readonly maxLength: number;
  readonly options: CompleteBertOptions;
  readonly hooks: TrainingHooks;
}

/** The weights that were learned, adapters still apart. */
export const fineTune = async (task: FineTuning): Promise<ReadonlyMap<string, Float32Array>> => {
  const { rows, labels, start, options, hooks } = task;
  const { config } = start;
  const model = defineBertClassifier(config, { classes: labels.length, dropout: options.dropout, lora: options.lora });
  const loss = crossEntropy({ classWeights: classWeights(labels, rows.labels, options.classWeight) });
  const ids = await encodeAll(rows.texts, task);
  const validate = options.validation && (await validator(options.validation, task));
  const loader = createLoader({ lengths: ids.map((row) => row.length), batchSize: options.batchSize, seed: options.seed, buckets: 4 });
  const updates = options.epochs * Math.ceil(loader.epoch(0).length / options.accumulate);

  const first = withFirstValues(model, await start.readWeights(), options.seed);
  const trainer = await createTrainer({
    programs: (dims) => buildTraining(model, { dims, loss, trainable: (name) => isTrained(name, options) }),
    weights: first,
    optimizer: adamW({ lr: options.learningRate, weightDecay: options.weightDecay }),
    schedule: linear({ warmUp: Math.round(options.warmUp * updates), total: updates }),
    clipNorm: options.clipNorm,
    seed: options.seed,
    threads: options.threads,
    parameter: (name) => updateOf(name, config, options),
    bounds: { [inputNames.ids]: config.vocabularySize, labels: labels.length },
  });
  letGo(first);
  try {
    await fit({
      trainer,
      loader,
      batch: batchesOf(ids, task),
      epochs: options.epochs,
      accumulate: options.accumulate,
      hooks,
      ...(validate && { validate, patience: options.patience }),
      ...(options.resume !== undefined && { checkpoint: { folder: options.resume, every: 200 } }),
    });
    return trainer.weights();
  } finally {
    await trainer.close();
  }
};

/** What a checkpoint does not know begins by chance: the classifier, adapters, sometimes the pooler, or all. */
const withFirstValues = (model: Model, known: Map<string, Float32Array>, seed: number): Map<string, Float32Array> => {
  const params = Object.fromEntries(Object.entries(model.params).filter(([name]) => !known.has(name)));
  for (const [name, values] of initialWeights({ params }, seed)) known.set(name, values);
  return known;
};

/** The trainer has copied them. Their memory is given back now: the collector would not come by before the end. */
const letGo = (weights: Map<string, Float32Array>): void => {
  for (const { buffer } of weights.values()) (buffer as ArrayBuffer).transfer(0);
  weights.clear();
};

const encodeAll = async (texts: readonly string[], { start, maxLength, hooks }: FineTuning): Promise<(readonly number[])[]> => {
  const rows: (readonly number[])[] = [];
  for (const text of texts) {
    rows.push(start.tokenizer.encode(text, maxLength));
    if (rows.length % 500 > 0) continue;
    await setImmediate();
    hooks.signal?.throwIfAborted();
  }
  return rows;
};

const batchesOf = (ids: readonly (readonly number[])[], { rows, labels, start }: FineTuning) => {
  const classOf = new Map(labels.map((label, i) => [label, BigInt(i)]));
  const classes = rows.labels.map((label) => classOf.get(label)!);
  return ({ rows: places, length }: RowBatch, batchSize: number): Batch => {
    const filled = padded(
      places.map((place) => ids[place]!),
      { padId: start.tokenizer.padId, length, count: batchSize },
    );
    const targets = new BigInt64Array(batchSize);
    places.forEach((place, i) => (targets[i] = classes[place]!));
    const rowWeights = new Float32Array(batchSize).fill(1, 0, places.length);
    return {
      dims: { batch: batchSize, length },
      inputs: { [inputNames.ids]: filled.ids, [inputNames.mask]: filled.mask, labels: targets, rowWeights },
    };
  };
};

/** Judges by the model as it will be served. */
const validator = async (
  rows: TextRows,
  task: FineTuning,
): Promise<(weights: ReadonlyMap<string, Float32Array>) => Promise<Validation>> => {
  const { labels, start, options } = task;
  const ids = await encodeAll(rows.texts, task);
  const classes = rows.labels.map((label) => labels.indexOf(label));
  return async (weights) => {
    const model = servedModel(weights, { config: start.config, classes: labels.length, lora: options.lora });
    const session = await loadExported(model, options.threads);
    return validationOf(await logitsOf(session, ids, start.tokenizer.padId).finally(session.close), classes);
  };
};
