import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildInference, type Model } from '../../packages/models/src/autodiff/index.ts';
import { padded } from '../../packages/models/src/bert/batches.ts';
import { type Checkpoint, openCheckpoint } from '../../packages/models/src/bert/checkpoint.ts';
import { defineBertClassifier, defineBertEncoder, inputNames } from '../../packages/models/src/bert/encoder.ts';
import { classifierBySines } from '../../packages/models/src/bert/testing/classifier-by-sines.ts';
import { createBertTokenizer } from '../../packages/models/src/bert/tokenizer.ts';
import { readVocabulary, wordPieceFiles, wordPieceSettings } from '../../packages/models/src/bert/word-piece.ts';
import { encodeOnnx } from '../../packages/models/src/onnx/encode-onnx.ts';
import { createSession } from '../../packages/models/src/onnx/run.ts';
import { inScratch } from '../ground/scratch.ts';
import { miniLm } from '../training/mini-lm.ts';
import { runPeer } from '../training/peer.ts';
import { airlineTweets } from '../training/sentiment-rows.ts';

const [count, few, maxLength] = [5000, 200, 128];

/** MiniLM through our graph and through transformers: ids of 5,000 tweets, last states and logits of 200. */
export const bertEqual = (): Promise<void> =>
  inScratch(async (folder) => {
    const texts = (await airlineTweets()).texts.slice(0, count);
    const checkpoint = await openCheckpoint(miniLm());
    const input = JSON.stringify({ texts, few, maxLength });
    const { ids } = await runPeer<{ ids: number[][] }>('bert_equal.py', [checkpoint.folder, folder], { input });

    const fromVocabulary = await vocabularyTokenizer(checkpoint.folder);
    const differing = (encode: (text: string, maxLength: number) => readonly number[]): number =>
      texts.filter((text, i) => String(encode(text, maxLength)) !== String(ids[i])).length;
    console.log(
      `ids of ${texts.length} tweets that differ: ${differing(checkpoint.tokenizer.encode)} by tokenizer.json, ${differing(fromVocabulary.encode)} by vocab.txt`,
    );

    const { config } = checkpoint;
    const { weights } = await checkpoint.readWeights();
    for (const [name, value] of classifierBySines(config.hiddenSize)) weights.set(name, value);
    for (const [file, model] of [
      ['hidden', defineBertEncoder(config)],
      ['logits', defineBertClassifier(config, { classes: 3 })],
    ] as const) {
      const wanted = floats(await readFile(path.join(folder, `${file}.bin`)));
      const found = await outputs(checkpoint, { model, weights, texts: texts.slice(0, few) });
      const off = wanted.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - found[i]!)),
        found.length === wanted.length ? 0 : Infinity,
      );
      console.log(
        `${file} of ${few} tweets, ${wanted.length} numbers: at most ${off.toExponential(1)} apart; the limit is 1e-4${off <= 1e-4 ? '' : ': NOT KEPT'}`,
      );
    }
  });

const vocabularyTokenizer = async (folder: string) => {
  const [vocabulary, settings] = await Promise.all(
    ['vocab.txt', 'tokenizer_config.json'].map((name) => readFile(path.join(folder, name), 'utf8')),
  );
  return createBertTokenizer(wordPieceFiles(readVocabulary(vocabulary!), wordPieceSettings(JSON.parse(settings!))));
};

const floats = (bytes: Buffer): Float32Array => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

interface Asked {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly texts: readonly string[];
}

/** Text after text, without what was filled up; sixteen share a run. */
const outputs = async ({ tokenizer }: Checkpoint, { model, weights, texts }: Asked): Promise<number[]> => {
  const session = await createSession(encodeOnnx(buildInference(model, weights)));
  const rows = texts.map((text) => tokenizer.encode(text, maxLength));
  const all: number[] = [];
  for (let from = 0; from < rows.length; from += 16) {
    const some = rows.slice(from, from + 16);
    const { length, ids, mask } = padded(some, { padId: tokenizer.padId });
    const shape = [some.length, length];
    const { logits } = await session.run({
      [inputNames.ids]: { type: 'int64', shape, data: ids },
      [inputNames.mask]: { type: 'int64', shape, data: mask },
    });
    const values = logits!.data as Float32Array;
    const perText = values.length / some.length;
    const isByToken = logits!.shape.length === 3;
    some.forEach((row, i) => {
      const start = i * perText;
      for (let at = start; at < start + (isByToken ? (perText / length) * row.length : perText); at++) all.push(values[at]!);
    });
  }
  await session.close();
  return all;
};
