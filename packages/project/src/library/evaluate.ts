import { type Static, Type } from 'typebox';
import { withDefault } from '../param.ts';
import { model, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { wholeTableOf } from '../whole-table.ts';
import { Report, predictions } from './report.ts';
import { labelledTexts } from './rows.ts';

/** Predicts rows whose labels are known, keeps every prediction, and says how good they are. */
export const evaluate = defineStep(import.meta, 'evaluate', {
  inputs: { model: model('text-classification'), data: labelledTexts },
  /** The label that is looked for, where one is: it adds the metrics that rank rows by it. */
  params: { positive: withDefault(Type.String(), '') },
  outputs: { report: value(Report), predictions },
  run: async ({ model: given, data, positive }, { out, metric }) => {
    const { loadModel } = await import('@boucle/models');
    const { judge } = await import('./judge.ts');
    const classifier = await loadModel(given.path);
    const actual: string[] = [];
    const predicted: string[] = [];
    const probabilities: number[][] = [];
    for await (const batch of data.batches()) {
      const said = classifier.predict({ text: batch.map(({ text }) => text) });
      const [labels, scores] = [said['label'] as string[], said['score'] as number[]];
      actual.push(...batch.map(({ label }) => label));
      predicted.push(...labels);
      probabilities.push(...(said['probabilities'] as number[][]));
      await out.predictions.append(batch.map(({ _row, label }, i) => ({ _row, label: labels[i]!, score: scores[i]!, actual: label })));
    }
    const judged = judge({ actual, predicted, probabilities, labels: classifier.labels, positive });
    for (const [name, value] of Object.entries(judged.metrics)) metric(name, value);
    const { digest } = await wholeTableOf(out.predictions).finish();
    out.report.set({ ...judged, digest } satisfies Static<typeof Report>);
  },
});
