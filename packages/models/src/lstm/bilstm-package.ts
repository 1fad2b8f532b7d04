import type { OnnxModel } from '../onnx/model.ts';
import { readOnnx } from '../onnx/read-onnx.ts';
import { writeOnnx } from '../onnx/write-onnx.ts';
import type { Approach, PackageFiles } from '../package/approach.ts';
import { damaged, fileLimits } from '../package/package-file.ts';
import { openOnnx } from '../package/open-onnx.ts';
import { type PackageAbout, savePackage } from '../package/save-package.ts';
import { textPredictor } from '../package/text-predictor.ts';
import { type BilstmClassifierParts, createBilstmClassifier } from './bilstm-classifier.ts';
import type { Architecture } from './bilstm-model.ts';
import { createBilstmExplainer } from './explain-bilstm.ts';
import { createWordIds, type WordIds } from './word-ids.ts';

export interface TrainedBilstm extends BilstmClassifierParts {
  readonly architecture: Architecture;
  readonly model: OnnxModel;
}

/** With `architecture` and the weights in model.onnx, which are called as in bilstm-model.ts, the network can be built again. */
export const saveBilstm = (folder: string, trained: TrainedBilstm, about: PackageAbout): Promise<void> => {
  const { labels, wordIds, maxLength, architecture, model } = trained;
  return savePackage(
    folder,
    {
      task: 'text-classification',
      approach: 'bilstm',
      labels,
      config: { maxLength, architecture },
      files: {
        model: { name: 'model.onnx', content: (path) => writeOnnx(path, model) },
        vocabulary: { name: 'vocabulary.txt', content: `${wordIds.words.join('\n')}\n`, limit: fileLimits.vocabulary },
      },
      predictor: textPredictor(createBilstmClassifier(trained)),
    },
    about,
  );
};

export const bilstmPackage: Approach = {
  tolerance: 1e-4,
  load: async (files, { labels, config, threads }) => {
    const { maxLength, architecture } = config as Partial<Pick<TrainedBilstm, 'maxLength' | 'architecture'>>;
    if (typeof maxLength !== 'number' || !Number.isSafeInteger(maxLength) || maxLength < 1) {
      throw damaged('MLmodel does not say how many words of a text are read');
    }
    const wordIds = await readWordIds(files);
    if (architecture?.words !== wordIds.words.length || architecture.classes !== labels.length) {
      throw damaged('the network was made for another vocabulary or other labels');
    }
    const session = await openOnnx(files, { threads });
    const classifier = createBilstmClassifier({ labels, wordIds, maxLength, session });
    const path = await files.path('model');
    const explainer = createBilstmExplainer({ labels, architecture, wordIds, maxLength, threads, openModel: () => readOnnx(path) });
    const close = async (): Promise<void> => void (await Promise.all([classifier.close(), explainer.close()]));
    return textPredictor({ ...classifier, explain: explainer.explain, close });
  },
};

const readWordIds = async (files: PackageFiles): Promise<WordIds> => {
  const text = await files.text('vocabulary', fileLimits.vocabulary);
  if (!text.endsWith('\n')) throw damaged('the vocabulary ends in the middle');
  try {
    return createWordIds(text.slice(0, -1).split('\n'));
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : 'the vocabulary is unreadable', cause);
  }
};
