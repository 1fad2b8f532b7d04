import { cp } from 'node:fs/promises';
import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { many, model, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { labelledTexts, readLabelledTexts } from './rows.ts';

const text = model('text-classification');
const Comparison = Type.Object({
  metric: Type.String(),
  /** In the order in which the candidates were given. */
  values: Type.Array(Type.Number()),
  best: Type.Integer(),
  rows: Type.Integer(),
});

/** Picks the candidate that is best by one metric on rows that none of them learned from. The first wins a tie. */
export const compare = defineStep(import.meta, 'compare', {
  inputs: { candidates: many(text), data: labelledTexts },
  params: { by: Type.String(), of: withDefault(Type.String(), '') },
  outputs: { best: text, report: value(Comparison) },
  run: async ({ candidates, data, by, of }, { out, progress, log }) => {
    const { loadModel } = await import('@boucle/models');
    const { invalid } = await import('@boucle/contract');
    const { judge } = await import('./judge.ts');
    const { texts, labels } = await readLabelledTexts(data);
    const values: number[] = [];
    for (const { path } of candidates) {
      const classifier = await loadModel(path);
      const said = classifier.predict({ text: texts });
      const { metrics } = judge({
        actual: labels,
        predicted: said['label'] as string[],
        probabilities: said['probabilities'] as number[][],
        labels: classifier.labels,
        positive: of,
      });
      const found = metrics[of ? `${by}_${of}` : by] ?? metrics[by];
      if (found === undefined) {
        throw invalid(
          `There is no metric "${by}"${of && ` of "${of}"`} on these rows; there are ${Object.keys(metrics).join(', ')}`,
          'unknown_metric',
        );
      }
      values.push(lowerIsBetter.has(by) ? -found : found);
      progress(values.length, candidates.length);
    }
    if (values.length === 0) throw invalid('There is no candidate to choose from', 'no_candidates');
    const best = values.indexOf(Math.max(...values));
    log(`Candidate ${best + 1} of ${values.length} is best by ${by}`);
    await cp(candidates[best]!.path, out.best.path, { recursive: true });
    out.report.set({ metric: by, values: values.map((v) => (lowerIsBetter.has(by) ? -v : v)), best, rows: labels.length });
  },
});

const lowerIsBetter = new Set(['log_loss', 'brier']);
