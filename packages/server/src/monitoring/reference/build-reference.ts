import { type TableFile, openTable } from '@boucle/data';
import { createRandom, fitIsotonic } from '@boucle/statistics';
import type { Calibration, ColumnReference, Reference } from '../columns/column-reference.ts';
import { answered, notEvaluatedHere, notTrainedHere } from './lacking.ts';
import { categoryReference, type CollectedColumn, collectNumbers, collectTexts, numberReference } from './collect-column.ts';

export interface ReferenceFiles {
  readonly training: string | null;
  /** `_row`, `label`, `score`, `actual`. */
  readonly evaluation: string | null;
  readonly columns: readonly string[];
}
/** More rows than this make no test sharper, only slower. */
const mostRows = 200_000;
const seed = 0;
const batchRows = 2048;
const fewCalibrated = 50;
const fewOfLabel = 200;
const numeric = new Set(['int', 'float', 'decimal']);

/** What windows are compared with, from the tables that a model was trained and judged on. Each is read in batches, twice at most. */
export const buildReference = async ({ training, evaluation, columns }: ReferenceFiles): Promise<Reference> => {
  const found: Record<string, ColumnReference> = {};
  const lacking: Record<string, string> = {};
  const take = (name: string, reference: ColumnReference | string): void => {
    if (typeof reference === 'string') lacking[name] = reference;
    else found[name] = reference;
  };
  const inputs = columns.filter((name) => !answered.has(name));
  if (training !== null) for (const [name, reference] of Object.entries(await inputsOf(training, inputs))) take(name, reference);
  else for (const name of inputs) lacking[name] = notTrainedHere;
  if (evaluation === null) {
    for (const name of columns.filter((one) => answered.has(one))) lacking[name] = notEvaluatedHere;
    return { columns: found, lacking, errors: null, labels: [], calibration: null };
  }
  const { labels, scores, right, actual } = await evaluated(evaluation);
  const source = { source: 'evaluation', missing: 0 } as const;
  take('prediction', labels.length < 2 ? tooFew : categoryReference(countsOf(labels), source));
  take('confidence', scores.length < 2 ? tooFew : numberReference(Float64Array.from(scores.filter(Number.isFinite)), source));
  return {
    columns: found,
    lacking,
    errors: { rows: right.length, wrong: right.filter((isRight) => !isRight).length },
    labels: [...new Set([...labels, ...actual])].sort(),
    calibration: calibrate({ labels, scores, right }),
  };
};
const tooFew = 'the evaluation has one row or none, which nothing can be compared with';

const inputsOf = async (file: string, names: readonly string[]): Promise<Record<string, ColumnReference | string>> => {
  const table = await openTable(file);
  try {
    const known = table.schema.columns.filter(({ name }) => names.includes(name));
    const collected = new Map<string, CollectedColumn>(
      known.map(({ name, type }) => [name, numeric.has(type.type) ? collectNumbers('training') : collectTexts('training', seed)]),
    );
    await readInto(table, collected, 'first');
    const unfinished = new Map([...collected].filter(([, column]) => column.wantsMore()));
    if (unfinished.size > 0) await readInto(table, unfinished, 'second');
    const lost = names.filter((name) => !collected.has(name)).map((name) => [name, `the training rows have no column ${name}`] as const);
    return Object.fromEntries([...[...collected].map(([name, column]) => [name, column.finish()] as const), ...lost]);
  } finally {
    await table.close();
  }
};

/** The same rows each time: of a long table an even sample. */
const readInto = async (table: TableFile, columns: ReadonlyMap<string, CollectedColumn>, pass: 'first' | 'second'): Promise<void> => {
  const share = mostRows / table.rows;
  const random = createRandom(seed);
  for await (const batch of table.batches(batchRows, [...columns.keys()])) {
    for (const row of batch) {
      if (share < 1 && random.uniform() >= share) continue;
      for (const [name, column] of columns) column[pass](row[name]);
    }
  }
};

interface Evaluated {
  readonly labels: string[];
  readonly scores: number[];
  readonly right: boolean[];
}
const evaluated = async (file: string): Promise<Evaluated & { actual: string[] }> => {
  const table = await openTable(file);
  try {
    const read: Evaluated & { actual: string[] } = { labels: [], scores: [], right: [], actual: [] };
    const share = mostRows / table.rows;
    const random = createRandom(seed);
    for await (const batch of table.batches(batchRows, ['label', 'score', 'actual'])) {
      for (const { label, score, actual } of batch) {
        if (share < 1 && random.uniform() >= share) continue;
        read.labels.push(String(label));
        read.scores.push(Number(score));
        read.right.push(label === actual);
        read.actual.push(String(actual));
      }
    }
    return read;
  } finally {
    await table.close();
  }
};

const calibrate = ({ labels, scores, right }: Evaluated): Calibration | null => {
  const rows = labels.map((label, i) => ({ label, score: scores[i]!, isRight: right[i]! })).filter(({ score }) => Number.isFinite(score));
  if (rows.length < fewCalibrated) return null;
  const fit = (some: typeof rows) =>
    fitIsotonic({ scores: some.map(({ score }) => score), outcomes: some.map(({ isRight }) => Number(isRight)) });
  const byLabel = Map.groupBy(rows, ({ label }) => label);
  const frequent = [...byLabel].filter(([, some]) => some.length >= fewOfLabel);
  return { pooled: fit(rows), byLabel: Object.fromEntries(frequent.map(([label, some]) => [label, fit(some)])) };
};

const countsOf = (values: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
