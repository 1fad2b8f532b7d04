import { bootstrap, brier, type Estimate, logLoss, meanEstimate, notEstimable, type ProbabilityForecast } from '@boucle/statistics';
import { type Metric, metric } from './metric.ts';

/** How good probabilities are: what they cost where they are wrong, and whether they come true as often as they say. */
export const probabilityMetrics = (forecast: ProbabilityForecast, confidence: number): Metric[] => [
  metric('log_loss', { ...meanOf(rowLosses(forecast), 'mean of −ln p, Student', confidence), value: logLoss(forecast) }),
  metric('brier', { ...meanOf(rowBrier(forecast), 'Brier score, Student', confidence), value: brier(forecast) }),
  metric('ece', calibrationError(forecast, confidence)),
];

/** −ln of the probability that each row's label was given, at most 36; see `logLoss`. */
export const rowLosses = ({ actual, probabilities, labels }: ProbabilityForecast): Float64Array => {
  const column = new Map(labels.map((label, i) => [label, i]));
  return Float64Array.from(actual, (label, row) => -Math.log(Math.max(Number.EPSILON, probabilities[row]![column.get(label)!]!)));
};

const rowBrier = ({ actual, probabilities, labels }: ProbabilityForecast): Float64Array =>
  Float64Array.from(actual, (label, row) => {
    const squares = probabilities[row]!.reduce((sum, p, i) => sum + (p - (labels[i] === label ? 1 : 0)) ** 2, 0);
    return labels.length === 2 ? squares / 2 : squares;
  });

const meanOf = (losses: Float64Array, method: string, confidence: number): Estimate => meanEstimate(losses, { method, confidence, low: 0 });

const bins = 15;
/** Rows drawn for an interval, over all its replicates: some seconds. */
const draws = 50_000_000;
/** Fewer the more rows there are, for then each says more. */
export const replicatesFor = (rows: number): number => Math.max(200, Math.min(1000, Math.floor(draws / Math.max(1, rows))));

/**
 * The expected calibration error of the label that is said: Σ nᵦ/n |share right - mean probability| over 15 bins of equal width. Chance alone
 * makes it positive, and so does a bootstrap's draw of rows, which BCa corrects for. Without unit, in [0, 1].
 * Source: Guo, Pleiss, Sun, Weinberger 2017.
 */
const calibrationError = ({ actual, probabilities, labels }: ProbabilityForecast, confidence: number): Estimate => {
  const rows = actual.length;
  if (rows === 0) return notEstimable('expected calibration error', [0], 'there are no rows');
  const gaps = new Float64Array(rows);
  const binOf = new Uint8Array(rows);
  for (const [row, given] of probabilities.entries()) {
    const best = Math.max(...given);
    binOf[row] = Math.min(bins - 1, Math.floor(best * bins));
    gaps[row] = (labels[given.indexOf(best)] === actual[row] ? 1 : 0) - best;
  }
  const sums = new Float64Array(bins);
  const error = (drawn: Uint32Array): number => {
    sums.fill(0);
    for (const row of drawn) sums[binOf[row]!]! += gaps[row]!;
    return sums.reduce((sum, gap) => sum + Math.abs(gap), 0) / drawn.length;
  };
  const { method, ...estimate } = bootstrap(error, { rows, confidence, replicates: replicatesFor(rows) });
  return { ...estimate, method: `expected calibration error, ${bins} bins, ${method}` };
};
