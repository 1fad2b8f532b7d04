import {
  type Adjusted,
  type Compared,
  countDisagreement,
  delongTest,
  holm,
  mcnemar,
  pairedBootstrap,
  pairedPermutation,
  type TestResult,
} from '@boucle/statistics';
import { macroF1 } from './averages.ts';
import { replicatesFor, rowLosses } from './probability-metrics.ts';

/** What one model said of the rows. */
export interface Candidate {
  readonly name: string;
  readonly predicted: readonly string[];
  /** In the order of the labels. */
  readonly probabilities?: readonly (readonly number[])[];
}
export interface ComparedRows {
  readonly actual: readonly string[];
  readonly labels: readonly string[];
  readonly positive?: string;
  readonly candidates: readonly Candidate[];
  /** The chance of any false difference, over all pairs of models. */
  readonly level?: number;
  readonly seed?: number;
}
/** A test with the p value that all pairs of models allow it; none where it could not be carried out. */
export type AdjustedTest = TestResult & { readonly adjusted?: Adjusted };

/** Two models on the same rows, first minus second. */
export interface PairComparison {
  readonly first: string;
  readonly second: string;
  /** Of error rates. */
  readonly mcnemar: AdjustedTest;
  /** Of macro F1; its interval holds for all pairs together. */
  readonly f1Macro: Compared;
  /** Of areas under the ROC curve of the positive label, or of the second of two. */
  readonly delong?: AdjustedTest;
  /** Of mean −ln p, in nats. */
  readonly logLoss?: AdjustedTest;
}

/**
 * Every pair of models on the same rows: McNemar's exact test, a paired bootstrap of macro F1, DeLong's test, a paired permutation of losses.
 * Each kind of test is one family over the pairs: Holm for p values, and for the bootstrap intervals at the level over the number of pairs.
 * Source: Dror, Baumer, Shlomov, Reichart 2018 on which test to use when; Holm 1979.
 * RangeError for unequal lengths, fewer than two models, or two of one name.
 */
export const compareClassifiers = (rows: ComparedRows): PairComparison[] => {
  const { candidates, level = 0.05 } = rows;
  if (candidates.length < 2 || new Set(candidates.map(({ name }) => name)).size < candidates.length)
    throw new RangeError('A comparison takes two models or more, each under a name of its own');
  const odd = candidates.find(({ predicted }) => predicted.length !== rows.actual.length);
  if (odd) throw new RangeError(`"${odd.name}" has ${odd.predicted.length} predictions for ${rows.actual.length} rows; give the same rows`);
  const pairs = candidates.flatMap((first, i) => candidates.slice(i + 1).map((second) => ({ first, second })));
  const adjust = (tests: readonly TestResult[]): AdjustedTest[] => {
    const adjusted = holm(
      tests.flatMap((one) => (one.testable ? [one.pValue] : [])),
      level,
    );
    let at = 0;
    return tests.map((one) => (one.testable ? { ...one, adjusted: adjusted[at++]! } : one));
  };
  const confidence = 1 - level / pairs.length;
  const errors = adjust(pairs.map((pair) => errorTest(rows, pair, confidence)));
  const areas = optional(
    pairs.map((pair) => areaTest(rows, pair, confidence)),
    adjust,
  );
  const losses = optional(
    pairs.map((pair) => lossTest(rows, pair)),
    adjust,
  );
  return pairs.map(({ first, second }, i) => ({
    first: first.name,
    second: second.name,
    mcnemar: errors[i]!,
    f1Macro: f1Difference(rows, { first, second }, confidence),
    ...(areas && { delong: areas[i]! }),
    ...(losses && { logLoss: losses[i]! }),
  }));
};

interface Pair {
  readonly first: Candidate;
  readonly second: Candidate;
}

/** All pairs have the test, or none is shown. */
const optional = (
  tests: readonly (TestResult | undefined)[],
  adjust: (tests: readonly TestResult[]) => AdjustedTest[],
): AdjustedTest[] | undefined => (tests.every((one) => one !== undefined) ? adjust(tests) : undefined);

const errorTest = ({ actual }: ComparedRows, { first, second }: Pair, confidence: number): TestResult => {
  const right = ({ predicted }: Candidate): boolean[] => predicted.map((label, row) => label === actual[row]);
  return mcnemar(countDisagreement(right(first), right(second)), { confidence });
};

const areaTest = ({ actual, labels, positive }: ComparedRows, { first, second }: Pair, confidence: number): TestResult | undefined => {
  const label = positive ?? (labels.length === 2 ? labels[1]! : undefined);
  if (label === undefined || !first.probabilities || !second.probabilities) return undefined;
  const column = labels.indexOf(label);
  const scores = (probabilities: readonly (readonly number[])[]): number[] => probabilities.map((row) => row[column]!);
  return delongTest(
    { positive: actual.map((is) => is === label), first: scores(first.probabilities), second: scores(second.probabilities) },
    confidence,
  );
};

const lossTest = ({ actual, labels, seed = 0 }: ComparedRows, { first, second }: Pair): TestResult | undefined => {
  if (!first.probabilities || !second.probabilities || actual.some((label) => !labels.includes(label))) return undefined;
  const [one, other] = [first.probabilities, second.probabilities].map((probabilities) => rowLosses({ actual, probabilities, labels }));
  return pairedPermutation(
    one!.map((loss, row) => loss - other![row]!),
    { seed, draws: replicatesFor(actual.length) * 5 - 1 },
  );
};

const f1Difference = ({ actual, labels, seed = 0 }: ComparedRows, pair: Pair, confidence: number): Compared => {
  const all = [...new Set([...labels, ...actual, ...pair.first.predicted, ...pair.second.predicted])];
  const place = new Map(all.map((label, i) => [label, i]));
  const f1Of = ({ predicted }: Candidate) => {
    const cells = Uint32Array.from(actual, (label, row) => place.get(label)! * all.length + place.get(predicted[row]!)!);
    return (rows: Uint32Array): number | null => {
      const counts = all.map(() => all.map(() => 0));
      for (const row of rows) counts[Math.floor(cells[row]! / all.length)]![cells[row]! % all.length]! += 1;
      return macroF1(counts);
    };
  };
  const rows = actual.length;
  return pairedBootstrap(
    { first: f1Of(pair.first), second: f1Of(pair.second) },
    { rows, confidence, seed, replicates: replicatesFor(rows) },
  );
};
