import type { OnnxModel } from '../onnx/model.ts';
import { readOnnx } from '../onnx/read-onnx.ts';
import { writeOnnx } from '../onnx/write-onnx.ts';
import type { Approach } from '../package/approach.ts';
import { openOnnx } from '../package/open-onnx.ts';
import { damaged } from '../package/package-file.ts';
import { type PackageAbout, savePackage } from '../package/save-package.ts';
import { textPredictor } from '../package/text-predictor.ts';
import { type BertClassifierParts, createBertClassifier } from './bert-classifier.ts';
import { readBertConfig, writeBertConfig } from './config.ts';
import { createBertTokenizer } from './tokenizer.ts';

const tokenizerLimit = 256 << 20;

export interface TrainedBert extends BertClassifierParts {
  readonly model: OnnxModel;
}

/** `encoder` is a `config.json` as Hugging Face has it: with it and the weights, which are called as `parameters.ts` says, the model can be rebuilt. */
export const saveBert = (folder: string, trained: TrainedBert, about: PackageAbout): Promise<void> => {
  const { labels, tokenizer, maxLength, config, model } = trained;
  return savePackage(
    folder,
    {
      task: 'text-classification',
      approach: 'bert',
      labels,
      config: { maxLength, encoder: writeBertConfig(config) },
      files: {
        model: { name: 'model.onnx', content: (path) => writeOnnx(path, model) },
        tokenizer: { name: 'tokenizer.json', content: JSON.stringify(tokenizer.files.tokenizer), limit: tokenizerLimit },
        tokenizerConfig: { name: 'tokenizer_config.json', content: JSON.stringify(tokenizer.files.settings), limit: tokenizerLimit },
      },
      libraries: ['@huggingface/tokenizers'],
      predictor: textPredictor(createBertClassifier(trained)),
    },
    about,
  );
};

export const bertPackage: Approach = {
  tolerance: 1e-4,
  load: async (files, { labels, config, threads }) => {
    const maxLength = config['maxLength'];
    const encoder = await soundly(() => readBertConfig(config['encoder']));
    if (typeof maxLength !== 'number' || !Number.isInteger(maxLength) || maxLength < 3 || maxLength > encoder.maxPositions) {
      throw damaged('MLmodel does not say how many tokens of a text are read');
    }
    const [content, settings] = [await files.json('tokenizer', tokenizerLimit), await files.json('tokenizerConfig', tokenizerLimit)];
    const tokenizer = await soundly(() => createBertTokenizer({ tokenizer: content, settings }));
    if (tokenizer.vocabularySize > encoder.vocabularySize) throw damaged('the tokeniser has more ids than the model');
    const session = await openOnnx(files, { threads });
    const path = await files.path('model');
    const parts = { labels, config: encoder, tokenizer, maxLength, threads, session };
    const classifier = createBertClassifier({ ...parts, openModel: () => readOnnx(path) });
    try {
      await soundly(() => classifier.predict(['']));
      return textPredictor(classifier);
    } catch (error) {
      await classifier.close();
      throw error;
    }
  },
};

const soundly = async <T>(read: () => T): Promise<Awaited<T>> => {
  try {
    return await read();
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : 'something in it is unreadable', cause);
  }
};
