import { type Static, Type } from 'typebox';
import type { Cell, SliceColumns } from '@boucle/models';
import { withDefault } from '../param.ts';
import { model, type OnDisk, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { wholeTableOf } from '../whole-table.ts';
import { Report, predictions } from './report.ts';
import { labelledTexts } from './rows.ts';

const names = Type.Array(Type.String());

/** Predicts rows whose labels are known, keeps every prediction, and says how good they are, and where they are not. */
export const evaluate = defineStep(import.meta, 'evaluate', {
  inputs: { model: model('text-classification'), data: labelledTexts },
  params: {
    /** The label that is looked for, where one is: it adds the metrics that rank rows by it. */
    positive: withDefault(Type.String(), ''),
    /** Further columns of the data to look for weak slices in; the text's length, negation and the like are looked at anyhow. */
    sliceBy: withDefault(names, []),
    /** Columns whose values are groups that ought to be treated alike; they need `positive`. */
    fairFor: withDefault(names, []),
  },
  outputs: { report: value(Report), predictions },
  run: async ({ model: given, data, positive, sliceBy, fairFor }, { out, metric }) => {
    const { loadModel } = await import('@boucle/models');
    const { judge } = await import('./judge.ts');
    const { detailsOf } = await import('./details.ts');
    const classifier = await loadModel(given.path);
    const texts: string[] = [];
    const actual: string[] = [];
    const predicted: string[] = [];
    const probabilities: number[][] = [];
    for await (const batch of data.batches()) {
      const said = await classifier.predict({ text: batch.map(({ text }) => text) });
      const [labels, scores] = [said['label'] as string[], said['score'] as number[]];
      texts.push(...batch.map(({ text }) => text));
      actual.push(...batch.map(({ label }) => label));
      predicted.push(...labels);
      probabilities.push(...(said['probabilities'] as number[][]));
      await out.predictions.append(batch.map(({ _row, label }, i) => ({ _row, label: labels[i]!, score: scores[i]!, actual: label })));
    }
    await classifier.close();
    const columns = { text: texts, ...(await readColumns(data, [...new Set([...sliceBy, ...fairFor])])) };
    const judged = judge({ actual, predicted, probabilities, labels: classifier.labels, positive, columns, fairFor });
    const { evaluation, ...shown } = judged;
    for (const [name, value] of Object.entries(shown.metrics)) metric(name, value);
    const { digest } = await wholeTableOf(out.predictions).finish();
    out.report.set({ ...shown, details: detailsOf(evaluation), digest } satisfies Static<typeof Report>);
  },
});

/** Columns that the step's input does not declare, since most data do without them. */
const readColumns = async ({ path }: OnDisk, columns: readonly string[]): Promise<SliceColumns> => {
  if (columns.length === 0) return {};
  const { openTable } = await import('@boucle/data');
  const { invalid } = await import('@boucle/contract');
  const opened = await openTable(path);
  try {
    const missing = columns.find((name) => !opened.schema.columns.some((column) => column.name === name));
    if (missing !== undefined) throw invalid(`The data have no column "${missing}" to slice by`, 'column_missing', { column: missing });
    const read: Record<string, Cell[]> = Object.fromEntries(columns.map((name) => [name, []]));
    for await (const batch of opened.batches(undefined, [...columns])) {
      for (const row of batch) for (const name of columns) read[name]!.push(cellOf(row[name]));
    }
    return read;
  } finally {
    await opened.close();
  }
};

/** Whatever is no plain value is told apart by its text. */
const cellOf = (value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? Number(value) : JSON.stringify(value);
};
