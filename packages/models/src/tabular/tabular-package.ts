import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { Approach } from '../package/approach.ts';
import { damaged, fileLimits } from '../package/package-file.ts';
import { type PackageAbout, savePackage } from '../package/save-package.ts';
import { checkModel } from './check-model.ts';
import type { TabularModel } from './tabular-core.ts';
import { tabularPredictor } from './tabular-model.ts';
import { tabularOnnx } from './tabular-onnx.ts';

export const saveTabular = (folder: string, model: TabularModel, about: PackageAbout): Promise<void> =>
  savePackage(
    folder,
    {
      task: model.task,
      approach: model.core.kind === 'forest' ? 'boosted-trees' : 'linear',
      ...(model.task !== 'regression' && { labels: model.labels }),
      config: {},
      files: {
        features: { name: 'features.json', content: `${JSON.stringify(model.features)}\n`, limit: fileLimits.labels },
        core: { name: 'core.json', content: `${JSON.stringify(model.core)}\n`, limit: fileLimits.weights },
        onnx: { name: 'model.onnx', content: encodeOnnx(tabularOnnx(model)), limit: fileLimits.weights },
      },
      predictor: tabularPredictor(model),
    },
    about,
  );

/** All in float64 and in one order, hence to the bit on every machine. */
const approach = (kind: TabularModel['core']['kind']): Approach => ({
  tolerance: 0,
  load: async (files, { task, labels }) => {
    if (task === 'text-classification') throw damaged('this approach is for tables, not for texts');
    const features = await files.json('features', fileLimits.labels);
    const core = await files.json('core', fileLimits.weights);
    return tabularPredictor(checkModel({ task, labels, features, core }, kind));
  },
});

export const boostedTreesPackage = approach('forest');
export const linearPackage = approach('linear');
