import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { model } from '../port.ts';
import { defineStep } from '../step.ts';
import { labelledTexts, readLabelledTexts } from './rows.ts';

/** Learns to tell labels of texts apart. Trained on `train`; `validation` is only looked at, for what is chosen by it. */
export const trainText = defineStep(import.meta, 'train-text', {
  inputs: { train: labelledTexts, validation: labelledTexts },
  params: {
    approach: Type.Enum(['logistic-regression']),
    seed: Type.Integer({ minimum: 0 }),
    C: withDefault(Type.Number({ exclusiveMinimum: 0 }), 1),
    minDf: withDefault(Type.Integer({ minimum: 1 }), 2),
    classWeight: withDefault(Type.Enum(['none', 'balanced']), 'none'),
  },
  outputs: { model: model('text-classification') },
  run: async ({ train, validation, classWeight, ...options }, { out, ...hooks }) => {
    const { trainTextClassifier } = await import('@boucle/models');
    const { classificationMetrics } = await import('@boucle/statistics');
    const { texts, labels } = await readLabelledTexts(train);
    const trained = await trainTextClassifier({ texts, labels }, { ...options, ...(classWeight === 'balanced' && { classWeight }) }, hooks);

    const seen = await readLabelledTexts(validation);
    const { accuracy, macro } = classificationMetrics({
      actual: seen.labels,
      predicted: trained.predict(seen.texts).map(({ label }) => label),
      labels: [...new Set([...trained.labels, ...seen.labels])],
    });
    if (accuracy.value !== null) hooks.metric('validation_accuracy', accuracy.value);
    if (macro.f1 !== null) hooks.metric('validation_f1_macro', macro.f1);
    await trained.save(out.model.path, { inputExample: { text: texts.slice(0, 5) } });
  },
});
