import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BertConfig, writeBertConfig } from '../config.ts';
import { encoderParameters } from '../parameters.ts';
import { specialTokens } from '../word-piece.ts';
import { type TensorToWrite, writeSafetensors } from './write-safetensors.ts';

/** A BERT so small that a test can train it: 2 layers of width 8. */
export const tinyConfig: BertConfig = {
  vocabularySize: 40,
  hiddenSize: 8,
  layers: 2,
  heads: 2,
  intermediateSize: 16,
  activation: 'gelu',
  layerNormEps: 1e-12,
  maxPositions: 16,
  typeVocabularySize: 2,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  padId: 0,
};

const words = ['the', 'flight', 'crew', 'bag', 'late', 'lost', 'great', 'thanks', 'never', 'again', 'un', '##happy', '##s', '!', '.', ','];
export const tinyVocabulary = [...specialTokens, ...words];

/** The tensors of a checkpoint by Hugging Face's names, with values that any language can compute: sines of large strides. */
export const tinyTensors = (config: BertConfig): Map<string, TensorToWrite> =>
  new Map(
    encoderParameters(config).map(({ stored, shape, transposed, start }, k) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const data = Float32Array.from(
        { length: count },
        (_, i) => 0.4 * Math.sin(12.9898 * (i + 1) + 78.233 * k) + (start === 'ones' ? 1 : 0),
      );
      return [stored, { dtype: 'F32', shape: transposed ? shape.toReversed() : shape, data }];
    }),
  );

/** Writes a whole checkpoint with a `vocab.txt` into an empty folder. */
export const writeTinyCheckpoint = async (
  folder: string,
  config: BertConfig = tinyConfig,
  tensors = tinyTensors(config),
): Promise<void> => {
  await writeFile(join(folder, 'config.json'), JSON.stringify(writeBertConfig(config)));
  await writeFile(join(folder, 'vocab.txt'), tinyVocabulary.join('\n') + '\n');
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
};
