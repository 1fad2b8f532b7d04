import { invalid } from '@boucle/contract';
import type { OnnxModel } from '../onnx/model.ts';
import type { Predictor } from '../package/approach.ts';
import type { PackageAbout } from '../package/save-package.ts';
import { createPace, type Pace, type TrainingHooks } from '../training-pace.ts';
import { encodeColumn, learnFeatures, type TableFeature } from './table-columns.ts';
import type { TabularCore, TabularModel } from './tabular-core.ts';
import { type FeatureImportance, tabularImportance, tabularPredictor } from './tabular-model.ts';
import { tabularOnnx } from './tabular-onnx.ts';
import { completeLinearOptions, completeTreeOptions, type TabularOptions } from './tabular-options.ts';
import { saveTabular } from './tabular-package.ts';
import { labelsOfTarget, learnTarget, type Target } from './target.ts';
import { type LabelledTable, trainForest } from './train-forest.ts';
import { trainLinear } from './train-linear.ts';

/** `target` is what is to be predicted, and not among the columns. */
export interface TabularRows extends LabelledTable {
  /** Looked at after each round of trees, never learned from. */
  readonly validation?: LabelledTable | undefined;
}

export interface TrainedTabular extends Predictor {
  readonly labels: readonly string[];
  readonly features: readonly TableFeature[];
  readonly importance: readonly FeatureImportance[];
  /** A graph of ONNX's own operators, from a named input for each column to the outputs of the signature. */
  readonly onnx: () => OnnxModel;
  /** Writes the package into a new or empty folder. The same training writes the same bytes. */
  readonly save: (folder: string, about: PackageAbout) => Promise<void>;
}

/** Learns to predict one column of a table from others: a label, or a number. */
export const trainTabular = async (rows: TabularRows, options: TabularOptions, hooks: TrainingHooks = {}): Promise<TrainedTabular> => {
  const { task } = options;
  if (task !== 'tabular-classification' && task !== 'regression') {
    throw invalid(`There is no task ${JSON.stringify(task)} for tables; use tabular-classification or regression`, 'bad_option', {
      name: 'task',
    });
  }
  const target = learnTarget(rows.target, task === 'regression' ? [] : labelsOfTarget(rows.target));
  const features = learnFeatures(rows.columns, rows.target.length, options.kinds);
  const { labels } = target;
  const pace = createPace(hooks);
  hooks.log?.(`${rows.target.length} rows, ${features.length} columns${labels.length > 0 ? `, ${labels.length} labels` : ''}`);
  const core = await learn(options, { rows, features, target, hooks, pace });
  pace.reach(1);
  return trained({ task, features, labels, core });
};

interface Learning {
  readonly rows: TabularRows;
  readonly features: readonly TableFeature[];
  readonly target: Target;
  readonly hooks: TrainingHooks;
  readonly pace: Pace;
}

const learn = async (options: TabularOptions, learning: Learning): Promise<TabularCore> => {
  switch (options.approach) {
    case 'boosted-trees':
      return { kind: 'forest', forest: await trainForest({ ...learning, options: completeTreeOptions(options) }) };
    case 'linear': {
      const columns = learning.features.map((feature) => encodeColumn(feature, learning.rows.columns[feature.name]!));
      return { kind: 'linear', linear: await trainLinear({ ...learning, columns, options: completeLinearOptions(options) }) };
    }
    default:
      throw invalid(
        `There is no approach ${JSON.stringify((options as { approach: unknown }).approach)} for tables; use boosted-trees or linear`,
        'unknown_approach',
      );
  }
};

const trained = (model: TabularModel): TrainedTabular => ({
  ...tabularPredictor(model),
  labels: model.labels,
  features: model.features,
  importance: tabularImportance(model),
  onnx: () => tabularOnnx(model),
  save: (folder, about) => saveTabular(folder, model, about),
});
