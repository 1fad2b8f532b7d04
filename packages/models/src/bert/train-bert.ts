import type { TrainedText } from '../trained-text.ts';
import { requireValidationRows } from '../training/classification.ts';
import type { TrainingHooks } from '../training-pace.ts';
import { labelsOf, type TextRows } from '../training-rows.ts';
import { createBertClassifier } from './bert-classifier.ts';
import { type BertOptions, completeBertOptions } from './bert-options.ts';
import { saveBert } from './bert-package.ts';
import { loadExported, servedModel } from './export-bert.ts';
import { fineTune } from './fine-tune.ts';
import { startEncoder } from './start-encoder.ts';

/** Fine-tunes a BERT encoder with a linear classifier on it (Devlin et al. 2019, section 4.1), or trains a small one from scratch. */
export const trainBert = async (rows: TextRows, options: BertOptions, hooks: TrainingHooks = {}): Promise<TrainedText> => {
  const complete = completeBertOptions(options);
  const labels = labelsOf(rows);
  if (complete.validation) requireValidationRows(complete.validation, labels);
  const start = await startEncoder(rows.texts, complete, hooks);
  const { config, tokenizer } = start;
  const maxLength = Math.min(complete.maxLength, config.maxPositions);

  const weights = await fineTune({ rows, labels, start, maxLength, options: complete, hooks });
  const model = servedModel(weights, { config, classes: labels.length, lora: complete.lora });
  const session = await loadExported(model, complete.threads);
  const parts = { labels, config, tokenizer, maxLength, threads: complete.threads, model, session, openModel: () => model };
  return { ...createBertClassifier(parts), save: (folder, about) => saveBert(folder, parts, about) };
};
