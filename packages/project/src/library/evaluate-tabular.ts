import { type Static, Type } from 'typebox';
import type { Cell } from '@boucle/models';
import { withDefault } from '../param.ts';
import { model, table, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { wholeTableOf } from '../whole-table.ts';
import { Report, predictions } from './report.ts';

/** The most important column first: how much worse the mean loss gets, in nats, when its values change rows. */
const Importance = Type.Array(
  Type.Object({
    column: Type.String(),
    increase: Type.Number(),
    interval: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]),
  }),
);

/** Predicts rows of a table whose labels are known, and says how good that is, where it is not, and what each column is worth. */
export const evaluateTabular = defineStep(import.meta, 'evaluate-tabular', {
  inputs: { model: model('tabular-classification'), data: table({}) },
  params: {
    /** The column that holds the labels. */
    target: Type.String(),
    positive: withDefault(Type.String(), ''),
    /** Columns that the model reads whose values are groups that ought to be treated alike; they need `positive`. */
    fairFor: withDefault(Type.Array(Type.String()), []),
    /** How often each column is shuffled for its importance. */
    repeats: withDefault(Type.Integer({ minimum: 2 }), 10),
    seed: withDefault(Type.Integer({ minimum: 0 }), 0),
  },
  outputs: { report: value(Report), predictions, importance: value(Importance) },
  run: async ({ model: given, data, target, positive, fairFor, repeats, seed }, { out, metric }) => {
    const { loadModel, permutationImportance } = await import('@boucle/models');
    const { logLoss } = await import('@boucle/statistics');
    const { judge } = await import('./judge.ts');
    const { detailsOf } = await import('./details.ts');
    const classifier = await loadModel(given.path);
    const columns: Record<string, Cell[]> = Object.fromEntries(classifier.signature.inputs.map(({ name }) => [name, []]));
    const rows: string[] = [];
    const actual: string[] = [];
    for await (const batch of data.batches()) {
      for (const row of batch as readonly ({ _row: string } & Record<string, unknown>)[]) {
        for (const name of [target, ...Object.keys(columns)]) await requireColumn(row, name);
        for (const [name, cells] of Object.entries(columns)) cells.push(cellOf(row[name]));
        rows.push(row._row);
        actual.push(String(row[target]));
      }
    }
    const said = await classifier.predict(columns);
    const [predicted, scores, probabilities] = [said['label'], said['score'], said['probabilities']] as [string[], number[], number[][]];
    const { labels } = classifier;
    const { evaluation, ...shown } = judge({ actual, predicted, probabilities, labels, positive, columns, fairFor });
    for (const [name, measured] of Object.entries(shown.metrics)) metric(name, measured);
    const lossOf = async (changed: typeof columns): Promise<number> => {
      const answer = await classifier.predict(changed);
      return logLoss({ actual, probabilities: answer['probabilities'] as number[][], labels }) ?? 0;
    };
    const importance = actual.every((label) => labels.includes(label))
      ? await permutationImportance({ columns, lossOf: (changed) => lossOf(changed as typeof columns), repeats, seed })
      : [];
    await classifier.close();
    await out.predictions.append(rows.map((_row, i) => ({ _row, label: predicted[i]!, score: scores[i]!, actual: actual[i]! })));
    const { digest } = await wholeTableOf(out.predictions).finish();
    out.report.set({ ...shown, details: detailsOf(evaluation), digest } satisfies Static<typeof Report>);
    out.importance.set(
      importance.map(({ column, increase: { value: mean, interval } }) => ({
        column,
        increase: mean!,
        interval: interval && [interval.low, interval.high],
      })),
    );
  },
});

const requireColumn = async (row: Readonly<Record<string, unknown>>, name: string): Promise<void> => {
  if (Object.hasOwn(row, name)) return;
  const { invalid } = await import('@boucle/contract');
  throw invalid(`There is no column "${name}"; there are ${Object.keys(row).join(', ')}`, 'unknown_column', { column: name });
};

const cellOf = (cell: unknown): Cell =>
  typeof cell === 'bigint' ? Number(cell) : cell === undefined || cell !== cell ? null : (cell as Cell);
