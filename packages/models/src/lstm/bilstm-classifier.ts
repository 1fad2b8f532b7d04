import { setImmediate } from 'node:timers/promises';
import { predictionOf } from '../prediction.ts';
import type { Session } from '../onnx/run.ts';
import type { TextClassifier, TextPrediction } from '../text-classifier.ts';
import { padWords } from './batches.ts';
import type { WordIds } from './word-ids.ts';

export interface BilstmClassifierParts {
  readonly labels: readonly string[];
  readonly wordIds: WordIds;
  /** In words; what comes after is not read. */
  readonly maxLength: number;
  /** The exported model, loaded. */
  readonly session: Session;
}

/** A run blocks its thread, so it is not longer than it needs to be to be efficient. */
const mostRows = 64;

/** Logits of word numbers, in the order of the rows. Rows of like length share a run. */
export const logitsOf = async (session: Session, rows: readonly (readonly number[])[]): Promise<Float32Array[]> => {
  const logits = Array.from<Float32Array>({ length: rows.length });
  const byLength = [...rows.keys()].sort((a, b) => rows[a]!.length - rows[b]!.length || a - b);
  for (let from = 0; from < byLength.length; from += mostRows) {
    const places = byLength.slice(from, from + mostRows);
    const length = rows[places.at(-1)!]!.length;
    const { ids, lengths } = padWords(
      places.map((place) => rows[place]!),
      { length },
    );
    const outputs = await session.run({
      ids: { type: 'int64', shape: [places.length, length], data: ids },
      lengths: { type: 'int64', shape: [places.length], data: lengths },
    });
    const values = outputs['logits']!.data as Float32Array;
    const classes = values.length / places.length;
    for (const [i, place] of places.entries()) logits[place] = values.subarray(i * classes, (i + 1) * classes);
    await setImmediate();
  }
  return logits;
};

/** The one way to predict: the trainer and what is loaded from its package both go through here. */
export const createBilstmClassifier = ({ labels, wordIds, maxLength, session }: BilstmClassifierParts): TextClassifier => ({
  labels,
  close: session.close,
  predict: async (texts): Promise<TextPrediction[]> => {
    const rows = texts.map((text) => wordIds.encode(text, maxLength));
    return (await logitsOf(session, rows)).map((logits) => predictionOf(labels, logits));
  },
});
