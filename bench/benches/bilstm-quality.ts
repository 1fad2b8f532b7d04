import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { learnWords } from '../../packages/models/src/lstm/word-ids.ts';
import { printTable } from '../ground/table.ts';
import { runOurs, runPeer } from '../training/peer.ts';
import { fieldsOf, read, type Rows } from '../training/sentiment-rows.ts';

/** What both sides are asked: texts for ours, and for PyTorch the numbers that ours gives their words. */
export interface BilstmTask {
  readonly train: NumberedRows;
  readonly validation: NumberedRows;
  readonly test: NumberedRows;
  /** With `<pad>` and `<unk>`. */
  readonly words: number;
  readonly seed: number;
  readonly settings: typeof settings;
}
interface NumberedRows extends Rows {
  readonly ids: readonly (readonly number[])[];
}
interface Quality {
  readonly accuracy: number;
  readonly epochs: number;
  readonly cpuSeconds: number;
}

const settings = {
  embeddingSize: 100,
  hiddenSize: 64,
  pooling: 'max',
  dropout: 0.4,
  batchSize: 32,
  learningRate: 0.001,
  clipNorm: 5,
  epochs: 12,
  patience: 3,
  minCount: 2,
  maxWords: 30_000,
  maxLength: 128,
} as const;

/** The same BiLSTM on two data sets, by us and in PyTorch: the accuracy on rows apart, where training stopped, and what it cost. */
export const bilstmQuality = async (): Promise<void> => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { seeds: { type: 'string', default: '1,2,3' }, data: { type: 'string', default: 'sst2,airline' } },
  });
  for (const name of values.data.split(',')) {
    const parts = name === 'sst2' ? await sst2() : await airline();
    const wordIds = learnWords(parts.train.texts, settings);
    const numbered = (rows: Rows): NumberedRows => ({ ...rows, ids: rows.texts.map((text) => wordIds.encode(text, settings.maxLength)) });
    const [train, validation, test] = [numbered(parts.train), numbered(parts.validation), numbered(parts.test)];
    console.log(
      `\n${name}: ${train.texts.length} rows to train on, ${validation.texts.length} to stop by, ${test.texts.length} to test, ${wordIds.words.length} words`,
    );
    const lines: [seed: string, ours: Quality, theirs: Quality][] = [];
    for (const seed of values.seeds.split(',').map(Number)) {
      const input = JSON.stringify({ train, validation, test, words: wordIds.words.length, seed, settings } satisfies BilstmTask);
      const ours = await runOurs<Quality>('training/bilstm-quality', [], { input });
      lines.push([`seed ${seed}`, ours, await runPeer<Quality>('bilstm_quality.py', [], { input })]);
    }
    print(lines);
  }
};

const print = (lines: readonly (readonly [seed: string, ours: Quality, theirs: Quality])[]): void => {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const mean = (side: 1 | 2): string => percent(lines.reduce((sum, line) => sum + line[side].accuracy, 0) / lines.length);
  const cells = ({ accuracy, epochs, cpuSeconds }: Quality): string[] => [percent(accuracy), `${epochs}`, cpuSeconds.toFixed(1)];
  printTable(
    ['', 'Boucle', 'epochs', 'CPU s', 'PyTorch', 'epochs', 'CPU s'],
    [...lines.map(([seed, ours, theirs]) => [seed, ...cells(ours), ...cells(theirs)]), ['mean', mean(1), '', '', mean(2), '', '']],
  );
};

interface Parts {
  readonly train: Rows;
  readonly validation: Rows;
  readonly test: Rows;
}

const sst2 = async (): Promise<Parts> => {
  const part = async (name: string): Promise<Rows> => {
    const lines = (await read(`sst2-${name}.tsv`))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    return { texts: lines.map(([text]) => text!), labels: lines.map(([, label]) => label!.trim()) };
  };
  return { train: await part('train'), validation: await part('dev'), test: await part('test') };
};

/** Negative or not. A hash of the tweet's id decides the side, so that a tweet that is there twice stays on one; 20 of 100 test, 8 more validate. */
const airline = async (): Promise<Parts> => {
  const [head = [], ...lines] = fieldsOf(await read('airline-tweets.csv'));
  const [id, text, label] = ['tweet_id', 'text', 'airline_sentiment'].map((name) => head.indexOf(name)) as [number, number, number];
  const side = (line: readonly string[]): number =>
    Number.parseInt(createHash('sha256').update(line[id]!).digest('hex').slice(0, 8), 16) % 100;
  const some = (from: number, to: number): Rows => {
    const those = lines.filter((line) => side(line) >= from && side(line) < to);
    return { texts: those.map((line) => line[text]!), labels: those.map((line) => (line[label] === 'negative' ? 'negative' : 'other')) };
  };
  return { train: some(28, 100), validation: some(20, 28), test: some(0, 20) };
};
