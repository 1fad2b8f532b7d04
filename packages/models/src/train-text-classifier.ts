import { setImmediate } from 'node:timers/promises';
import { AppError, type Columns, invalid } from '@boucle/contract';
import { createLogisticSolver, type LogisticProblem } from './linear/logistic-solver.ts';
import { createMatrixBuilder, type SparseMatrix } from './linear/sparse-matrix.ts';
import { saveTextPackage } from './package/save-text-package.ts';
import { createTextClassifier, type TextClassifier, type TextClassifierParts, vectorsFor } from './text-classifier.ts';
import { createTermCounter, mostFrequent, type TermCount } from './text/count-terms.ts';
import { createVectoriser, inverseFrequency } from './text/vectoriser.ts';
import { createVocabulary } from './text/vocabulary.ts';
import { type CompleteOptions, completeOptions, type TextTrainingOptions, weightsOfLabels } from './training-options.ts';
import { labelsOf, type TextRows } from './training-rows.ts';

export interface TrainingHooks {
  /** Training stops at the next pause and throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Done out of total, both whole numbers, and never less than before. */
  readonly progress?: (done: number, total: number) => void;
  /** `train_loss`: with two labels at each epoch, with more at each label, as its solution is found. */
  readonly metric?: (name: string, value: number, step: number) => void;
  readonly log?: (line: string) => void;
}

export interface TrainedText extends TextClassifier {
  /** Writes the package into a new or empty folder. The same training writes the same bytes. */
  save(folder: string, about: { readonly inputExample: Columns; readonly requirements?: readonly string[] }): Promise<void>;
}

/** Learns to tell the labels of texts apart: TF-IDF of words and pairs of words, and logistic regression, one label against the rest. */
export const trainTextClassifier = async (
  rows: TextRows,
  options: TextTrainingOptions,
  hooks: TrainingHooks = {},
): Promise<TrainedText> => {
  const complete = completeOptions(options);
  const labels = labelsOf(rows);
  const pace = createPace(hooks);
  const terms = await learnTerms(rows.texts, complete, pace);
  refuseTooLarge(terms.length, labels.length);
  hooks.log?.(`${terms.length} terms from ${rows.texts.length} texts, ${labels.length} labels`);

  const vocabulary = createVocabulary(terms.map(({ term }) => term));
  const idf = Float64Array.from(terms, ({ texts }) => inverseFrequency(rows.texts.length, texts));
  const { sublinearTf } = complete;
  const vectorise = createVectoriser({ vocabulary, idf, sublinear: sublinearTf });
  const builder = createMatrixBuilder(rows.texts.length, terms.length);
  await pace.each(rows.texts, [0.2, 0.4], (text) => builder.add(vectorise(text)));

  const solution = await solve({ rows, labels, matrix: builder.matrix(), options: complete, hooks, pace });
  pace.reach(1);
  const parts: TextClassifierParts = { labels, vocabulary, sublinearTf, idf, ...solution };
  const classifier = createTextClassifier(parts);
  return { ...classifier, save: (folder, about) => saveTextPackage(folder, { parts, classifier, ...about }) };
};

/** Where training is, and the pauses in which it hears the signal and others have their turn. */
const createPace = ({ signal, progress }: TrainingHooks) => {
  const total = 1000;
  let done = -1;
  const reach = (share: number): void => {
    const now = Math.floor(share * total);
    if (now <= done) return;
    done = now;
    progress?.(done, total);
  };
  const pause = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  signal?.throwIfAborted();
  reach(0);
  return {
    reach,
    pause,
    each: async (texts: readonly string[], [from, to]: readonly [number, number], use: (text: string) => void): Promise<void> => {
      let characters = 0;
      for (const [i, text] of texts.entries()) {
        use(text);
        characters += text.length + 1;
        if (characters < 200_000) continue;
        characters = 0;
        reach(from + ((to - from) * i) / texts.length);
        await pause();
      }
    },
  };
};
type Pace = ReturnType<typeof createPace>;

const learnTerms = async (texts: readonly string[], { minDf, maxFeatures }: CompleteOptions, pace: Pace): Promise<readonly TermCount[]> => {
  const counter = createTermCounter(minDf);
  await pace.each(texts, [0, 0.2], counter.add);
  if (counter.words() === 0) {
    throw invalid('No text holds a word of two letters or digits; check that this is the text column', 'empty_vocabulary');
  }
  const terms = mostFrequent(counter.terms(), maxFeatures);
  if (terms.length === 0) {
    throw invalid(`None of ${counter.words()} words occurs in ${minDf} texts; lower minDf or bring more rows`, 'empty_vocabulary', {
      minDf,
    });
  }
  return terms;
};

/** 400 MB of weights. */
const maxWeights = 50_000_000;
const refuseTooLarge = (terms: number, labels: number): void => {
  const vectors = vectorsFor(labels);
  if (terms * vectors <= maxWeights) return;
  const most = Math.floor(maxWeights / vectors);
  throw new AppError(
    'too_large',
    `${terms} terms for ${labels} labels are too many weights; set maxFeatures to ${most} or less, or raise minDf`,
    {
      reason: 'too_many_weights',
      details: { terms, labels, maxFeatures: most },
    },
  );
};

interface Solving {
  rows: TextRows;
  labels: readonly string[];
  matrix: SparseMatrix;
  options: CompleteOptions;
  hooks: TrainingHooks;
  pace: Pace;
}

/** One problem per weight vector: its label against the others. */
const solve = async (solving: Solving): Promise<Pick<TextClassifierParts, 'weights' | 'biases'>> => {
  const { rows, labels, matrix, options, hooks } = solving;
  const vectors = vectorsFor(labels.length);
  const weights = new Float64Array(matrix.width * vectors);
  const biases = new Float64Array(vectors);
  const costs = costsOf(rows.labels, options);
  for (let vector = 0; vector < vectors; vector++) {
    const label = labels.length === 2 ? labels[1]! : labels[vector]!;
    const sides = Int8Array.from(rows.labels, (other) => (other === label ? 1 : -1));
    const onLoss = (loss: number, epoch: number): void => {
      if (vectors === 1) hooks.metric?.('train_loss', loss, epoch);
    };
    const solver = await converge({
      ...solving,
      problem: { matrix, sides, costs, seed: options.seed },
      part: [vector / vectors, 1 / vectors],
      label,
      onLoss,
    });
    if (vectors > 1) hooks.metric?.('train_loss', solver.loss, vector + 1);
    for (let column = 0; column < matrix.width; column++) weights[column * vectors + vector] = solver.weights[column]!;
    biases[vector] = solver.bias;
  }
  return { weights, biases };
};

const costsOf = (labels: readonly string[], options: CompleteOptions): Float64Array => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const weights = weightsOfLabels(options, counts);
  return Float64Array.from(labels, (label) => options.C * weights.get(label)!);
};

interface Converging extends Solving {
  problem: LogisticProblem;
  label: string;
  /** Where this problem begins among all, and its share. */
  part: readonly [number, number];
  onLoss: (loss: number, epoch: number) => void;
}

const converge = async ({ problem, label, part: [begin, share], onLoss, options: { eps, maxEpochs }, hooks, pace }: Converging) => {
  const solver = createLogisticSolver(problem);
  let first = 0;
  for (let epoch = 1; ; epoch++) {
    const { violation, loss } = solver.sweep();
    first ||= violation;
    onLoss(loss, epoch);
    const found = violation < eps;
    if (found || epoch === maxEpochs) {
      hooks.log?.(
        `${JSON.stringify(label)}: ${epoch} epochs, loss ${loss.toPrecision(4)}${found ? '' : `, stopped by maxEpochs at a slope of ${violation.toPrecision(2)}`}`,
      );
      return { weights: solver.weights, bias: solver.bias(), loss };
    }
    // Slopes shrink by about the same factor with each epoch.
    const way = Math.log(first / violation) / Math.log(first / eps);
    pace.reach(0.4 + 0.6 * (begin + share * Math.min(0.95, Math.max(0, way))));
    await pace.pause();
  }
};
