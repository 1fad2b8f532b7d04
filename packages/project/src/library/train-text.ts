import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { model } from '../port.ts';
import { defineStep } from '../step.ts';
import { labelledTexts, readLabelledTexts } from './rows.ts';
import { SettingsOf } from './search-outcome.ts';

const count = Type.Integer({ minimum: 1 });
const share = Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 });
const all = Type.Literal('all');

/** Learns to tell labels of texts apart. Trained on `train`; `validation` tells neural approaches when to stop, and is looked at by the others. */
export const trainText = defineStep(import.meta, 'train-text', {
  inputs: { train: labelledTexts, validation: labelledTexts },
  params: {
    approach: Type.Enum(['logistic-regression', 'bilstm', 'bert']),
    seed: Type.Integer({ minimum: 0 }),
    classWeight: withDefault(Type.Enum(['none', 'balanced']), 'none'),
    /** Of the logistic regression, as are those that follow; `chooseC` chooses it by cross-validation instead. */
    C: withDefault(Type.Number({ exclusiveMinimum: 0 }), 1),
    chooseC: withDefault(Type.Enum(['none', 'log-loss', 'accuracy']), 'none'),
    penalty: withDefault(Type.Enum(['l2', 'l1']), 'l2'),
    multiclass: withDefault(Type.Enum(['one-vs-rest', 'softmax']), 'one-vs-rest'),
    calibration: withDefault(Type.Enum(['none', 'platt', 'isotonic']), 'none'),
    /** For `chooseC` and `calibration`. */
    folds: withDefault(Type.Integer({ minimum: 2 }), 5),
    /** What its terms are: n-grams of words or characters, and in how many texts they are, as a number or a share of them. */
    analyzer: withDefault(Type.Enum(['word', 'char', 'char_wb']), 'word'),
    ngrams: withDefault(Type.Array(Type.Integer({ minimum: 1, maximum: 20 }), { minItems: 2, maxItems: 2 }), [1, 2]),
    minDf: withDefault(Type.Union([count, share]), 2),
    maxDf: withDefault(Type.Union([count, share, all]), 'all'),
    maxFeatures: withDefault(Type.Union([count, all]), 'all'),
    sublinearTf: withDefault(Type.Boolean(), false),
    /** Options of the other approaches, as `trainTextClassifier` names them. */
    settings: withDefault(SettingsOf, {}),
  },
  outputs: { model: model('text-classification') },
  run: async ({ train, validation, approach, seed, classWeight, settings, ...logistic }, { out, ...hooks }) => {
    const { trainTextClassifier } = await import('@boucle/models');
    const { classificationMetrics } = await import('@boucle/statistics');
    const { texts, labels } = await readLabelledTexts(train);
    const seen = await readLabelledTexts(validation);
    const common = { seed, ...(classWeight === 'balanced' && { classWeight }) };
    const options =
      approach === 'logistic-regression'
        ? { approach, ...common, ...optionsOf(logistic), ...settings }
        : { approach, ...common, validation: seen, ...settings };
    const trained = await trainTextClassifier({ texts, labels }, options, hooks);

    const { accuracy, macro } = classificationMetrics({
      actual: seen.labels,
      predicted: (await trained.predict(seen.texts)).map(({ label }) => label),
      labels: [...new Set([...trained.labels, ...seen.labels])],
    });
    if (accuracy.value !== null) hooks.metric('validation_accuracy', accuracy.value);
    if (macro.f1 !== null) hooks.metric('validation_f1_macro', macro.f1);
    await trained.save(out.model.path, { inputExample: { text: texts.slice(0, 5) } });
    await trained.close();
  },
});

interface Logistic {
  readonly C: number;
  readonly chooseC: 'none' | 'log-loss' | 'accuracy';
  readonly calibration: 'none' | 'platt' | 'isotonic';
  readonly ngrams: readonly number[];
  readonly maxDf: number | 'all';
  readonly maxFeatures: number | 'all';
}
/** What a default stands for is left to the trainer. */
const optionsOf = <L extends Logistic>({ C, chooseC, calibration, ngrams, maxDf, maxFeatures, ...others }: L) => ({
  ...others,
  ngrams: ngrams as [number, number],
  ...(chooseC === 'none' ? { C } : { chooseC: { by: chooseC } }),
  ...(calibration !== 'none' && { calibration }),
  ...(maxDf !== 'all' && { maxDf }),
  ...(maxFeatures !== 'all' && { maxFeatures }),
});
