import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Column } from '@boucle/contract';
import { makeTweets } from '../../examples/sentiment/tweets.ts';

export const bigTableColumns: readonly Column[] = [
  { name: 'id', type: { type: 'int' } },
  { name: 'created', type: { type: 'timestamp' } },
  { name: 'airline', type: { type: 'text' } },
  { name: 'text', type: { type: 'text' } },
  { name: 'score', type: { type: 'float' } },
  { name: 'answered', type: { type: 'bool' } },
];
type Row = readonly [id: number, created: number, airline: string, text: string, score: number, answered: boolean];

const begin = Date.parse('2026-01-01T00:00:00Z');

/** Rows of several types; their texts come again, and nothing else of them does. Moments are microseconds since 1970. */
export function* bigTable(count: number): Generator<Row> {
  const tweets = [...makeTweets({ seed: 3, count: 5000 })];
  for (let i = 0; i < count; i++) {
    const { airline, text } = tweets[i % tweets.length]!;
    yield [i, (begin + i * 1000) * 1000, airline, `${text} #${i}`, (i % 1000) / 7, i % 3 === 0];
  }
}

export const writeBigCsv = async (file: string, count: number): Promise<void> => {
  function* lines(): Generator<string> {
    yield `${bigTableColumns.map(({ name }) => name).join(',')}\n`;
    for (const [id, created, airline, text, score, answered] of bigTable(count))
      yield `${id},${new Date(created / 1000).toISOString()},${airline},"${text.replaceAll('"', '""')}",${score},${answered}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
};
