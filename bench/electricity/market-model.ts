import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createTableWriter } from '@boucle/data';
import { trainTextClassifier } from '@boucle/models';
import { referenceBins } from '@boucle/statistics';
import { cellOf, type Reference } from '../../packages/server/src/monitoring/columns/column-reference.ts';
import { buildReference } from '../../packages/server/src/monitoring/reference/build-reference.ts';
import type { MarketRow } from './read-rows.ts';

export interface Said {
  readonly label: string;
  readonly score: number;
}
export interface MarketModel {
  readonly id: string;
  readonly predict: (rows: readonly MarketRow[]) => Promise<Said[]>;
  /** As monitoring makes it of the rows that the model was trained and evaluated on. */
  readonly reference: Reference;
  readonly labels: readonly string[];
}
export const heldOut = 1000;
export const watchedColumns = (row: MarketRow): string[] => [...Object.keys(row.values), 'prediction', 'confidence'];

/** Learns from all but the newest thousand rows, and is evaluated on those. */
export const trainOn = async (rows: readonly MarketRow[], folder: string): Promise<MarketModel> => {
  const [learned, kept] = [rows.slice(0, -heldOut), rows.slice(-heldOut)];
  const write = writerOf(learned);
  const classifier = await trainTextClassifier(
    { texts: learned.map(write), labels: learned.map(({ label }) => label) },
    { approach: 'logistic-regression', seed: 1 },
  );
  const predict = async (some: readonly MarketRow[]): Promise<Said[]> =>
    (await classifier.predict(some.map(write))).map(({ label, score }) => ({ label, score }));
  const said = await predict(kept);
  const numbers = Object.keys(learned[0]!.values);
  const [training, evaluation] = [
    await tableOf(
      folder,
      [...numbers.map((name) => ({ name, type: 'float' as const })), { name: 'class', type: 'text' }],
      learned.map(({ values, label }) => ({ ...values, class: label })),
    ),
    await tableOf(
      folder,
      [
        { name: 'label', type: 'text' },
        { name: 'score', type: 'float' },
        { name: 'actual', type: 'text' },
      ],
      kept.map(({ label }, i) => ({ ...said[i]!, actual: label })),
    ),
  ];
  const reference = await buildReference({ training, evaluation, columns: watchedColumns(learned[0]!) });
  return { id: randomUUID(), predict, reference, labels: classifier.labels };
};

/** The text classifier learns from words: each number becomes the word of its decile in the rows that are learned from. */
const writerOf = (learned: readonly MarketRow[]): ((row: MarketRow) => string) => {
  const edges = Object.keys(learned[0]!.values).map(
    (name) => [name, referenceBins(learned.map(({ values }) => values[name]!)).edges] as const,
  );
  return ({ values }) => edges.map(([name, at]) => `${name}${cellOf(at, values[name]!)}`).join(' ');
};

const tableOf = async (
  folder: string,
  columns: readonly { name: string; type: 'text' | 'float' }[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<string> => {
  const file = path.join(folder, `${randomUUID()}.parquet`);
  const writer = await createTableWriter(file, { columns: columns.map(({ name, type }) => ({ name, type: { type } })) });
  await writer.append(rows.map((row, i) => ({ _row: i.toString(16).padStart(32, '0'), ...row })));
  await writer.finish();
  return file;
};
