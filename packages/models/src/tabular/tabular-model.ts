import type { Columns, Signature, TensorSpec } from '@boucle/contract';
import { checkInput } from '../check-input.ts';
import { probabilitiesOf } from '../linear/probabilities.ts';
import type { Predictor } from '../package/approach.ts';
import { createForestScorer, forestImportance } from '../trees/forest.ts';
import { explainTabular } from './explain-tabular.ts';
import { createLinearScorer } from './linear-design.ts';
import { type CellColumn, encodeColumn } from './table-columns.ts';
import type { TabularModel } from './tabular-core.ts';

/** How scores become an answer: as they are; for two labels by the logistic function; for more by softmax (trees), or one against the rest (linear). */
export type Link = 'identity' | 'logistic' | 'softmax' | 'one-vs-rest';
export const linkOf = ({ task, labels, core }: TabularModel): Link =>
  task === 'regression' ? 'identity' : labels.length === 2 ? 'logistic' : core.kind === 'forest' ? 'softmax' : 'one-vs-rest';

/** Scores per row. */
export const outputsFor = (labels: readonly string[]): number => (labels.length <= 2 ? 1 : labels.length);

/** Every feature may be missing: null. Numbers are rounded to float32, which is what was learned from. */
export const tabularSignature = ({ features, labels, task }: Omit<TabularModel, 'core'>): Signature => ({
  inputs: features.map(({ name, kind }) => ({ name, datatype: datatypes[kind], shape: [-1], nullable: true })),
  outputs: task === 'regression' ? [valueSpec] : [{ name: 'label', datatype: 'BYTES', shape: [-1] }, ...scoreSpecs(labels.length)],
});
const datatypes = { number: 'FP64', boolean: 'BOOL', category: 'BYTES' } as const;
const valueSpec: TensorSpec = { name: 'value', datatype: 'FP64', shape: [-1] };
const scoreSpecs = (labels: number): TensorSpec[] => [
  { name: 'score', datatype: 'FP64', shape: [-1] },
  { name: 'probabilities', datatype: 'FP64', shape: [-1, labels] },
];

/** The one way to predict: the trainer and what is loaded from its package both go through here, hence agree to the bit. */
export const tabularPredictor = (model: TabularModel): Predictor => {
  const signature = tabularSignature(model);
  const { features, labels, core } = model;
  const link = linkOf(model);
  const score = core.kind === 'forest' ? createForestScorer(core.forest) : createLinearScorer(core.linear);
  const outputs = outputsFor(labels);
  const answer = (columns: Columns): Columns => {
    const rows = checkInput(signature, columns);
    const encoded = features.map((feature) => encodeColumn(feature, columns[feature.name] as CellColumn));
    const scores = score(encoded, rows);
    if (link === 'identity') return { value: Array.from(scores) };
    const probabilities = Array.from({ length: rows }, (_, row) =>
      probabilitiesOf(scores.subarray(row * outputs, (row + 1) * outputs), link === 'softmax' ? link : 'one-vs-rest'),
    );
    const best = probabilities.map(indexOfMost);
    return { label: best.map((i) => labels[i]!), score: best.map((i, row) => probabilities[row]![i]!), probabilities };
  };
  return {
    signature,
    predict: async (columns) => answer(columns),
    explain: async (columns, options) => {
      const answered = answer(columns);
      const predicted = (answered['label'] ?? answered['value']!.map(() => null)) as readonly (string | null)[];
      return explainTabular(model, { columns, rows: predicted.length, predicted }, options);
    },
    close: async () => {},
  };
};

/** Of equal ones the first. */
const indexOfMost = (values: readonly number[]): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
};

export interface FeatureImportance {
  readonly feature: string;
  /** By how much its splits lowered the loss in training (trees), or the summed sizes of its weights on standardised columns (linear). */
  readonly gain: number;
  /** In how many splits it was asked; trees only. */
  readonly splits?: number;
}

/** In the order of the features. It tells what the model uses, not what the world is like: of two features that say the same one may get all. */
export const tabularImportance = ({ features, core }: TabularModel): FeatureImportance[] => {
  if (core.kind === 'forest') {
    const { gain, splits } = forestImportance(core.forest, features.length);
    return features.map(({ name }, i) => ({ feature: name, gain: gain[i]!, splits: splits[i]! }));
  }
  const { design, weights, biases } = core.linear;
  return features.map(({ name }, i) => {
    const part = design.parts[i]!;
    const end = part.kind === 'one-hot' ? part.begin + part.width : part.begin + 2;
    const own = weights.slice(part.begin * biases.length, end * biases.length);
    return { feature: name, gain: own.reduce((sum, weight) => sum + Math.abs(weight), 0) };
  });
};
