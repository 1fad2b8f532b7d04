import { createNeuralExplainer, storedWeights } from '../explain/neural-text.ts';
import { tokenSpans } from '../explain/token-spans.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { padWords } from './batches.ts';
import { type Architecture, defineBilstm, embeddedTag, embeddingName } from './bilstm-model.ts';
import { padding, type WordIds } from './word-ids.ts';

export interface ExplainedBilstm {
  readonly labels: readonly string[];
  readonly architecture: Architecture;
  readonly wordIds: WordIds;
  readonly maxLength: number;
  readonly threads: number;
  /** What is served. */
  readonly openModel: () => OnnxModel;
}

/** Explains by integrated gradients with respect to the word vectors, from a text of as many paddings. */
export const createBilstmExplainer = ({ labels, architecture, wordIds, maxLength, threads, openModel }: ExplainedBilstm) =>
  createNeuralExplainer(() => ({
    labels,
    model: defineBilstm(architecture),
    tag: embeddedTag,
    weights: storedWeights(openModel()),
    table: embeddingName,
    padId: padding,
    read: (text) => {
      const idsOf = (part: string): number[] => wordIds.encode(part, maxLength);
      return tokenSpans({ text, ids: idsOf(text), added: [0, 0], idsOf });
    },
    inputs: (row, rows) => {
      const { ids, lengths } = padWords(
        Array.from({ length: rows }, () => row),
        { length: row.length },
      );
      return {
        ids: { type: 'int64', shape: [rows, row.length], data: ids },
        lengths: { type: 'int64', shape: [rows], data: lengths },
      };
    },
    threads,
  }));
