import { createHash } from 'node:crypto';
import { shuffle } from '../linear/random.ts';
import { bucketLengths, bucketOf } from './length-buckets.ts';
import { createStream } from './random-stream.ts';

/** Some rows, padded to one length. There are fewer than the batch size in one batch of an epoch at most, which is filled up. */
export interface RowBatch {
  readonly rows: readonly number[];
  readonly length: number;
}

export interface Loader {
  /** Of all that the order depends on: a checkpoint in the middle of an epoch is of use with the same order only. */
  readonly digest: string;
  readonly batchSize: number;
  /** Every row once, in an order that the seed and the number of the epoch determine. */
  readonly epoch: (number: number) => RowBatch[];
}

interface LoaderOptions {
  /** Of each row. */
  readonly lengths: readonly number[];
  readonly batchSize: number;
  readonly seed: number;
  /** Rows of like length go together; a program is made for each of so few lengths. Default 8. */
  readonly buckets?: number;
}

export const createLoader = ({ lengths, batchSize, seed, buckets: most = 8 }: LoaderOptions): Loader => {
  const buckets = bucketLengths(lengths, most);
  const bucketOfRow = lengths.map((length) => bucketOf(length, buckets));
  return {
    digest: createHash('sha256')
      .update(JSON.stringify([lengths, batchSize, seed, buckets]))
      .digest('hex'),
    batchSize,
    epoch: (number) => {
      const random = createStream(seed, [streamOfShuffles, number]);
      const order = Int32Array.from(lengths.keys());
      shuffle(order, random);
      const byBucket: number[][] = buckets.map(() => []);
      for (const row of order) byBucket[bucketOfRow[row]!]!.push(row);

      const batches: RowBatch[] = [];
      let left: number[] = [];
      for (const [i, rows] of byBucket.entries()) {
        // What does not fill a batch is padded a little more, in the next bucket; so one batch at most is short.
        const all = [...left, ...rows];
        const full = i === buckets.length - 1 ? all.length : all.length - (all.length % batchSize);
        for (let from = 0; from < full; from += batchSize) {
          batches.push({ rows: all.slice(from, Math.min(from + batchSize, full)), length: buckets[i]! });
        }
        left = all.slice(full);
      }
      const places = Int32Array.from(batches.keys());
      shuffle(places, random);
      return [...places].map((place) => batches[place]!);
    },
  };
};

/** Tells the loader's numbers from others of the same seed. */
const streamOfShuffles = 0x10ade5;
