import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Rows {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
}
export interface SplitRows {
  readonly train: Rows;
  readonly test: Rows;
}

/** Where the data sets lie, which are not part of the project: `airline-tweets.csv`, `sst2-train.tsv` and `sst2-test.tsv`. */
const folder = process.env['SENTIMENT_DATA'] ?? path.join(import.meta.dirname, '../../../shared/data');
export const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

/** The Twitter US Airline Sentiment data set: negative, neutral or positive. Of a tweet that is there twice, the first. */
export const airlineTweets = async (): Promise<Rows> => {
  const [head = [], ...lines] = fieldsOf(await read('airline-tweets.csv'));
  const [id, text, label] = ['tweet_id', 'text', 'airline_sentiment'].map((name) => head.indexOf(name)) as [number, number, number];
  const byId = new Map(lines.toReversed().map((fields) => [fields[id]!, fields]));
  const unique = [...byId.values()].toReversed();
  return { texts: unique.map((fields) => fields[text]!), labels: unique.map((fields) => fields[label]!) };
};

/** Every fifth tweet is for the test. */
export const airlineSplit = async (): Promise<SplitRows> => {
  const { texts, labels } = await airlineTweets();
  const some = (isIn: (row: number) => boolean): Rows => ({
    texts: texts.filter((_, row) => isIn(row)),
    labels: labels.filter((_, row) => isIn(row)),
  });
  return { train: some((row) => row % 5 > 0), test: some((row) => row % 5 === 0) };
};

/** Negative or not, every row of the file. Which are for the test is told by their ids, so that repeated ones stay together. */
export const airlineNegativity = async (): Promise<SplitRows> => {
  const [head = [], ...lines] = fieldsOf(await read('airline-tweets.csv'));
  const [id, text, label] = ['tweet_id', 'text', 'airline_sentiment'].map((name) => head.indexOf(name)) as [number, number, number];
  const isTest = (fields: readonly string[]): boolean =>
    Number.parseInt(createHash('sha256').update(fields[id]!).digest('hex').slice(0, 8), 16) % 100 < 20;
  const some = (chosen: readonly (readonly string[])[]): Rows => ({
    texts: chosen.map((fields) => fields[text]!),
    labels: chosen.map((fields) => (fields[label] === 'negative' ? 'negative' : 'other')),
  });
  return { train: some(lines.filter((fields) => !isTest(fields))), test: some(lines.filter(isTest)) };
};

/** The Stanford Sentiment Treebank with two labels, sentences only. */
export const sst2Split = async (): Promise<SplitRows> => ({ train: await sst2('train'), test: await sst2('test') });

const sst2 = async (part: string): Promise<Rows> => {
  const lines = (await read(`sst2-${part}.tsv`)).trimEnd().split('\n');
  return { texts: lines.map((line) => line.split('\t')[0]!), labels: lines.map((line) => line.split('\t')[1]!.trim()) };
};

/** RFC 4180. */
export const fieldsOf = (csv: string): string[][] => {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',') rows.push([]);
  }
  return rows.filter((fields) => fields.length > 1);
};
