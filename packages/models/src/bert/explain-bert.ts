import { createNeuralExplainer, storedWeights } from '../explain/neural-text.ts';
import { tokenSpans } from '../explain/token-spans.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { padded } from './batches.ts';
import type { BertConfig } from './config.ts';
import { defineBertClassifier, inputNames, wordsTag, wordTable } from './encoder.ts';
import type { BertTokenizer } from './tokenizer.ts';

export interface ExplainedBert {
  readonly labels: readonly string[];
  readonly config: BertConfig;
  readonly tokenizer: BertTokenizer;
  readonly maxLength: number;
  readonly threads: number;
  /** What is served. It is asked for at the first question: its weights are needed a second time. */
  readonly openModel: () => OnnxModel;
}

/** Explains by integrated gradients with respect to the words, from a text of [PAD] between [CLS] and [SEP]. */
export const createBertExplainer = ({ labels, config, tokenizer, maxLength, threads, openModel }: ExplainedBert) =>
  createNeuralExplainer(() => ({
    labels,
    model: defineBertClassifier(config, { classes: labels.length }),
    tag: wordsTag,
    weights: storedWeights(openModel()),
    table: wordTable,
    padId: tokenizer.padId,
    read: (text) => {
      const idsOf = (part: string): readonly number[] => tokenizer.encode(part, config.maxPositions).slice(1, -1);
      return tokenSpans({ text, ids: tokenizer.encode(text, maxLength), added: [1, 1], idsOf });
    },
    inputs: (ids, rows) => {
      const { ids: data, mask } = padded(
        Array.from({ length: rows }, () => ids),
        { padId: tokenizer.padId },
      );
      const shape = [rows, ids.length];
      return { [inputNames.ids]: { type: 'int64', shape, data }, [inputNames.mask]: { type: 'int64', shape, data: mask } };
    },
    threads,
  }));
