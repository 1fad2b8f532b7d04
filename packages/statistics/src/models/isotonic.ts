/** A non-decreasing function: straight between its points, level beyond the ends. */
export interface IsotonicModel {
  readonly kind: 'isotonic';
  /** Strictly rising scores. */
  readonly scores: readonly number[];
  /** Non-decreasing values at those scores. */
  readonly values: readonly number[];
}

export interface IsotonicRows {
  readonly scores: ArrayLike<number>;
  /** What the score is to predict: for calibration 1 where the event occurred, else 0. */
  readonly outcomes: ArrayLike<number>;
  /** How many rows each row stands for; without it, one each. */
  readonly weights?: ArrayLike<number>;
}

/**
 * The non-decreasing function with the least Σ w (y - f(x))², by pooling adjacent violators; equal scores are averaged first.
 * Only the ends of level stretches are kept. Values are in the unit of the outcomes.
 * Source: Ayer, Brunk, Ewing, Reid, Silverman 1955; Zadrozny and Elkan 2002, section 3.2, for probabilities.
 * RangeError for no rows, unequal lengths, numbers that are not finite, or weights that are not positive.
 */
export const fitIsotonic = ({ scores, outcomes, weights }: IsotonicRows): IsotonicModel => {
  const n = scores.length;
  if (n === 0) throw new RangeError('Isotonic regression needs at least one row');
  if (outcomes.length !== n || (weights && weights.length !== n)) {
    throw new RangeError(`${n} scores, ${outcomes.length} outcomes and ${weights?.length ?? n} weights; there must be as many of each`);
  }
  for (let i = 0; i < n; i++) {
    const weight = weights?.[i] ?? 1;
    if (!Number.isFinite(scores[i]) || !Number.isFinite(outcomes[i]) || !(weight > 0 && weight < Infinity)) {
      throw new RangeError(`Row ${i} has a score or outcome that is not finite, or a weight that is not positive`);
    }
  }
  return linesOf(pool(averageTies({ scores, outcomes, ...(weights && { weights }) })));
};

/** The value at a score. RangeError for a score that is not finite. */
export const applyIsotonic = ({ scores, values }: IsotonicModel, score: number): number => {
  if (!Number.isFinite(score)) throw new RangeError(`A score is a finite number, not ${score}`);
  const last = scores.length - 1;
  if (score <= scores[0]!) return values[0]!;
  if (score >= scores[last]!) return values[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (scores[middle]! <= score) low = middle;
    else high = middle;
  }
  // Halved where the whole width is beyond what a double holds.
  const unit = scores[high]! - scores[low]! < Infinity ? 1 : 0.5;
  const share = (unit * score - unit * scores[low]!) / (unit * scores[high]! - unit * scores[low]!);
  return Math.min(values[high]!, values[low]! + (values[high]! - values[low]!) * share);
};

/** Neighbouring scores with one common value. */
interface Block {
  readonly from: number;
  to: number;
  weight: number;
  sum: number;
}

const averageTies = ({ scores, outcomes, weights }: IsotonicRows): Block[] => {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: Block[] = [];
  for (const i of order) {
    const weight = weights?.[i] ?? 1;
    const before = blocks.at(-1);
    if (before !== undefined && before.to === scores[i]) {
      before.weight += weight;
      before.sum += weight * outcomes[i]!;
    } else blocks.push({ from: scores[i]!, to: scores[i]!, weight, sum: weight * outcomes[i]! });
  }
  return blocks;
};

const valueOf = ({ sum, weight }: Block): number => sum / weight;

const pool = (blocks: readonly Block[]): Block[] => {
  const pooled: Block[] = [];
  for (const block of blocks) {
    const next = { ...block };
    let before = pooled.at(-1);
    let start = next.from;
    while (before && valueOf(before) >= valueOf(next)) {
      next.weight += before.weight;
      next.sum += before.sum;
      start = before.from;
      pooled.pop();
      before = pooled.at(-1);
    }
    pooled.push({ ...next, from: start });
  }
  return pooled;
};

const linesOf = (blocks: readonly Block[]): IsotonicModel => {
  const points = blocks.flatMap((block) =>
    (block.from === block.to ? [block.from] : [block.from, block.to]).map((x) => [x, valueOf(block)] as const),
  );
  return { kind: 'isotonic', scores: points.map(([x]) => x), values: points.map(([, y]) => y) };
};
