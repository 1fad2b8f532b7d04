import { setImmediate } from 'node:timers/promises';
import type { Session } from '../onnx/run.ts';
import type { ExplainedClassifier } from '../package/text-predictor.ts';
import { padded } from './batches.ts';
import { inputNames } from './encoder.ts';
import { createBertExplainer, type ExplainedBert } from './explain-bert.ts';
import { predictionOf } from '../prediction.ts';

export interface BertClassifierParts extends Omit<ExplainedBert, 'openModel'> {
  /** The exported model, loaded. */
  readonly session: Session;
  /** Without it, the classifier cannot say why. */
  readonly openModel?: ExplainedBert['openModel'];
}

/** Bounds on one run: it blocks its thread, and attention takes memory by the square of the length. */
const mostRows = 64;
const mostTokens = 4096;

/** The one way to predict: the trainer and what is loaded from its package both go through here. */
export const createBertClassifier = (parts: BertClassifierParts): ExplainedClassifier => {
  const { labels, tokenizer, maxLength, session, openModel } = parts;
  const explainer = openModel && createBertExplainer({ ...parts, openModel });
  return {
    labels,
    predict: async (texts) => {
      const rows = texts.map((text) => tokenizer.encode(text, maxLength));
      return (await logitsOf(session, rows, tokenizer.padId)).map((logits) => predictionOf(labels, logits));
    },
    ...(explainer && { explain: explainer.explain }),
    close: async () => {
      await session.close();
      await explainer?.close();
    },
  };
};

/** Logits of ids, in the order of the rows. */
export const logitsOf = async (session: Session, rows: readonly (readonly number[])[], padId: number): Promise<Float32Array[]> => {
  const logits = Array.from<Float32Array>({ length: rows.length });
  for (const places of runsOf(rows)) {
    const batch = padded(
      places.map((place) => rows[place]!),
      { padId },
    );
    const shape = [places.length, batch.length];
    const outputs = await session.run({
      [inputNames.ids]: { type: 'int64', shape, data: batch.ids },
      [inputNames.mask]: { type: 'int64', shape, data: batch.mask },
    });
    const values = (outputs['logits']?.data ?? new Float32Array()) as Float32Array;
    const classes = values.length / places.length;
    for (const [i, place] of places.entries()) logits[place] = values.subarray(i * classes, (i + 1) * classes);
    await setImmediate();
  }
  return logits;
};

/** Texts of like length share a run: places of rows by rising length, as many in a run as the bounds allow. */
const runsOf = (rows: readonly (readonly number[])[]): number[][] => {
  const runs: number[][] = [];
  for (const place of [...rows.keys()].sort((a, b) => rows[a]!.length - rows[b]!.length)) {
    const run = runs.at(-1);
    if (run && run.length < mostRows && (run.length + 1) * rows[place]!.length <= mostTokens) run.push(place);
    else runs.push([place]);
  }
  return runs;
};
