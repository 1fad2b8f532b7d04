import { invalid } from '@boucle/contract';
import { buildInference, buildTraining, crossEntropy, initialWeights } from '../autodiff/index.ts';
import { shuffle } from '../linear/random.ts';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import { createSession } from '../onnx/run.ts';
import type { TrainedText } from '../trained-text.ts';
import { classWeights, requireValidationRows, validationOf } from '../training/classification.ts';
import { fit, type Validation } from '../training/fit.ts';
import { createLoader } from '../training/loader.ts';
import { adam } from '../training/optimizers.ts';
import { createStream } from '../training/random-stream.ts';
import { createTrainer } from '../training/trainer.ts';
import type { TrainingHooks } from '../training-pace.ts';
import { labelsOf, type TextRows } from '../training-rows.ts';
import { padWords } from './batches.ts';
import { createBilstmClassifier, logitsOf } from './bilstm-classifier.ts';
import { type Architecture, defineBilstm, embeddingName } from './bilstm-model.ts';
import { type BilstmOptions, type CompleteBilstmOptions, completeBilstmOptions } from './bilstm-options.ts';
import { saveBilstm } from './bilstm-package.ts';
import { readWordVectors, type WordVectors } from './embeddings-file.ts';
import { learnWords, special, type WordIds } from './word-ids.ts';

/** Trains word vectors, a bidirectional LSTM and a linear classifier on its pooled states (Graves and Schmidhuber 2005). */
export const trainBilstm = async (rows: TextRows, options: BilstmOptions, hooks: TrainingHooks = {}): Promise<TrainedText> => {
  const complete = completeBilstmOptions(options);
  const labels = labelsOf(rows);
  const { training, validation } = partRows(rows, labels, complete);
  const wordIds = learnWords(training.texts, complete);
  const vectors = await vectorsFor(wordIds, complete);
  const { hiddenSize, pooling, maxLength } = complete;
  const embeddingSize = vectors?.size ?? complete.embeddingSize ?? 100;
  const architecture: Architecture = { words: wordIds.words.length, embeddingSize, hiddenSize, pooling, classes: labels.length };
  hooks.log?.(
    `${wordIds.words.length} words, ${vectors ? `${vectors.vectors.size} with given vectors, ` : ''}${training.texts.length} rows to train, ${validation?.texts.length ?? 0} to validate`,
  );
  const encode = encoder(wordIds, labels, maxLength);
  const weights = await learn({
    architecture,
    vectors,
    training: encode(training),
    validation: validation && encode(validation),
    labels,
    options: complete,
    hooks,
  });

  const model = buildInference(defineBilstm(architecture), weights);
  const session = await createSession(encodeOnnx(model), { threads: complete.threads });
  const trained = { labels, wordIds, maxLength, session, architecture, model };
  return { ...createBilstmClassifier(trained), save: (folder, about) => saveBilstm(folder, trained, about) };
};

/** Rows as numbers. */
interface EncodedRows {
  readonly words: readonly (readonly number[])[];
  /** Places in the list of labels. */
  readonly labels: readonly number[];
}

const encoder = (wordIds: WordIds, labels: readonly string[], maxLength: number) => {
  const places = new Map(labels.map((label, place) => [label, place]));
  return (rows: TextRows): EncodedRows => ({
    words: rows.texts.map((text) => wordIds.encode(text, maxLength)),
    labels: rows.labels.map((label) => places.get(label)!),
  });
};

interface Learning {
  readonly architecture: Architecture;
  readonly vectors: WordVectorsByPlace | undefined;
  readonly training: EncodedRows;
  readonly validation: EncodedRows | undefined;
  readonly labels: readonly string[];
  readonly options: CompleteBilstmOptions;
  readonly hooks: TrainingHooks;
}
type WordVectorsByPlace = WordVectors & { readonly words: readonly string[] };

const learn = async (learning: Learning): Promise<ReadonlyMap<string, Float32Array>> => {
  const { architecture, training, validation, labels, options, hooks } = learning;
  const { seed, dropout, batchSize, epochs, patience, learningRate, clipNorm, freezeEmbeddings, threads, checkpoint } = options;
  const model = defineBilstm(architecture, dropout);
  const loss = crossEntropy({
    classWeights: classWeights(
      labels,
      training.labels.map((place) => labels[place]!),
      options.classWeight,
    ),
  });
  const trainer = await createTrainer({
    programs: (dims) => buildTraining(model, { dims, loss, trainable: (name) => !(freezeEmbeddings && name === embeddingName) }),
    weights: firstWeights(learning),
    optimizer: adam({ lr: learningRate }),
    clipNorm,
    seed,
    threads,
    bounds: { ids: architecture.words, labels: labels.length },
  });
  try {
    const lengths = training.words.map((words) => words.length);
    await fit({
      trainer,
      loader: createLoader({ lengths, batchSize, seed }),
      batch: ({ rows, length }, count) => ({
        dims: { batch: count, length },
        inputs: {
          ...padWords(
            rows.map((row) => training.words[row]!),
            { length, count },
          ),
          labels: BigInt64Array.from({ length: count }, (_, i) => BigInt(i < rows.length ? training.labels[rows[i]!]! : 0)),
          rowWeights: new Float32Array(count).fill(1, 0, rows.length),
        },
      }),
      epochs,
      patience,
      hooks,
      ...(validation && { validate: validator(learning, validation) }),
      ...(checkpoint !== undefined && { checkpoint: { folder: checkpoint, every: 200 } }),
    });
    return trainer.weights();
  } finally {
    await trainer.close();
  }
};

/** Judges by the model as it will be served. */
const validator =
  ({ architecture, options }: Learning, { words, labels }: EncodedRows) =>
  async (weights: ReadonlyMap<string, Float32Array>): Promise<Validation> => {
    const session = await createSession(encodeOnnx(buildInference(defineBilstm(architecture), weights)), { threads: options.threads });
    return validationOf(await logitsOf(session, words).finally(session.close), labels);
  };

/** At random, with the vectors that were given in their rows; padding says nothing, nor do unknown words until training holds some. */
const firstWeights = ({ architecture, vectors, options }: Learning): Map<string, Float32Array> => {
  const weights = initialWeights(defineBilstm(architecture), options.seed);
  const table = weights.get(embeddingName)!;
  table.fill(0, 0, special.length * architecture.embeddingSize);
  for (const [id, word] of vectors?.words.entries() ?? []) {
    const vector = vectors!.vectors.get(word);
    if (vector) table.set(vector, id * architecture.embeddingSize);
  }
  return weights;
};

const vectorsFor = async (
  { words }: WordIds,
  { embeddings, embeddingSize }: CompleteBilstmOptions,
): Promise<WordVectorsByPlace | undefined> => {
  if (embeddings === undefined) return undefined;
  const wanted = new Set(words);
  const read = await readWordVectors(embeddings, (word) => wanted.has(word));
  if (embeddingSize !== undefined && embeddingSize !== read.size) {
    throw invalid(`The embeddings have ${read.size} numbers for a word, embeddingSize says ${embeddingSize}; leave it out`, 'bad_option', {
      name: 'embeddingSize',
    });
  }
  return { ...read, words };
};

const partRows = (
  rows: TextRows,
  labels: readonly string[],
  { validation, seed }: CompleteBilstmOptions,
): { training: TextRows; validation: TextRows | undefined } => {
  if (validation) {
    requireValidationRows(validation, labels);
    return { training: rows, validation };
  }
  const order = Int32Array.from(rows.texts.keys());
  shuffle(order, createStream(seed, [streamOfParting, 0]));
  const held = new Set(order.subarray(0, Math.floor(order.length / 10)));
  const take = (isHeld: boolean): TextRows => ({
    texts: rows.texts.filter((_, row) => held.has(row) === isHeld),
    labels: rows.labels.filter((_, row) => held.has(row) === isHeld),
  });
  return { training: take(false), validation: held.size > 0 ? take(true) : undefined };
};

/** Tells the numbers that part rows from others of the same seed. */
const streamOfParting = 0x9a27;
