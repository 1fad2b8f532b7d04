import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeTweets } from '../../examples/sentiment/tweets.ts';
import { compare, type Contender, type Figures } from '../ground/compare.ts';
import { inScratch } from '../ground/scratch.ts';
import { runOurs, runPeer } from '../training/peer.ts';

/** From a file of tweets to a classifier: words and pairs of words in two texts or more, TF-IDF, logistic regression with C = 1. */
export const logistic = (): Promise<void> =>
  inScratch(async (folder) => {
    for (const [count, rounds] of [
      [100_000, 3],
      [1_000_000, 1],
    ] as const) {
      const file = path.join(folder, `${count}.jsonl`);
      await writeTweets(file, count);
      for (const labels of ['three', 'two'] as const) {
        console.log(`\n${count.toLocaleString('en')} made-up tweets, ${labels} labels`);
        await compare(contenders(file, labels), rounds);
      }
    }
  });

const writeTweets = async (file: string, count: number): Promise<void> => {
  const lines = function* () {
    for (const { text, sentiment } of makeTweets({ seed: 1, count })) yield `${JSON.stringify({ text, sentiment })}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
};

const contenders = (file: string, labels: 'three' | 'two'): Contender[] => [
  { name: 'Boucle', measure: () => runOurs<Figures>('train-logistic', [file, labels]) },
  { name: 'scikit-learn', measure: () => runPeer<Figures>('logistic.py', [file, labels, '1']) },
];
