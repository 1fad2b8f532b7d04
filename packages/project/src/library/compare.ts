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
    const { scoreBy } = await import('./score.ts');
    const { texts, labels } = await readLabelledTexts(data);
    const values: number[] = [];
    const scores: number[] = [];
    for (const { path } of candidates) {
      const classifier = await loadModel(path);
      const columns = await classifier.predict({ text: texts });
      await classifier.close();
      const said = { label: columns['label'] as string[], probabilities: columns['probabilities'] as number[][] };
      const { value: found, score } = scoreBy({ actual: labels, said, labels: classifier.labels, by, of });
      values.push(found);
      scores.push(score);
      progress(values.length, candidates.length);
    }
    if (values.length === 0) throw invalid('There is no candidate to choose from', 'no_candidates');
    const best = scores.indexOf(Math.max(...scores));
    log(`Candidate ${best + 1} of ${values.length} is best by ${by}`);
    await cp(candidates[best]!.path, out.best.path, { recursive: true });
    out.report.set({ metric: by, values, best, rows: labels.length });
  },
});
