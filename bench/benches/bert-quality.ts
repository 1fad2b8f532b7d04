import { parseArgs } from 'node:util';
import { miniLm } from '../training/mini-lm.ts';
import { runOurs, runPeer } from '../training/peer.ts';
import { airlineSplit, type Rows, type SplitRows, sst2Split } from '../training/sentiment-rows.ts';
import { printTable } from '../ground/table.ts';

interface NumberedRows {
  readonly texts: readonly string[];
  readonly labels: readonly number[];
}
export interface QualityTask {
  readonly train: NumberedRows;
  readonly test: NumberedRows;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly warmUp: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly maxLength: number;
  readonly threads: number;
}
interface Quality {
  readonly accuracy: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const settings = { batchSize: 32, learningRate: 5e-5, warmUp: 0.1, weightDecay: 0.01, clipNorm: 1, maxLength: 64 };

/** MiniLM fine-tuned on two data sets by us and in PyTorch, with the same settings: the accuracy on rows apart. */
export const bertQuality = async (): Promise<void> => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      epochs: { type: 'string', default: '3' },
      rows: { type: 'string', default: '1000000' },
      data: { type: 'string', default: 'sst2,airline' },
      threads: { type: 'string', default: '1' },
    },
  });
  const seeds = values.seeds.split(',').map(Number);
  const folder = miniLm();
  for (const name of values.data.split(',')) {
    const { train, test } = numbered(await (name === 'sst2' ? sst2Split() : airlineSplit()), Number(values.rows));
    console.log(`\n${name}: ${train.texts.length} rows to train on, ${test.texts.length} to test, ${values.epochs} epochs`);
    const lines: (readonly [seed: string, ours: Quality, theirs: Quality])[] = [];
    for (const seed of seeds) {
      const task: QualityTask = { ...settings, train, test, seed, epochs: Number(values.epochs), threads: Number(values.threads) };
      const input = JSON.stringify(task);
      const ours = await runOurs<Quality>('training/bert-quality', [folder], { input });
      const theirs = await runPeer<Quality>('bert_quality.py', [folder], { threads: task.threads, input });
      lines.push([`seed ${seed}`, ours, theirs]);
    }
    const mean = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((sum, line) => sum + of(line), 0) / lines.length;
    const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
    printTable(
      ['accuracy', 'Boucle', 'PyTorch', 'CPU s: Boucle', 'PyTorch'],
      [
        ...lines.map(([seed, ours, theirs]) => [
          seed,
          percent(ours.accuracy),
          percent(theirs.accuracy),
          ours.cpuSeconds.toFixed(0),
          theirs.cpuSeconds.toFixed(0),
        ]),
        ['mean', percent(mean(([, ours]) => ours.accuracy)), percent(mean(([, , theirs]) => theirs.accuracy)), '', ''],
      ],
    );
  }
};

/** Labels as numbers, in their order; and no more rows to train on than asked for. */
const numbered = ({ train, test }: SplitRows, rows: number): { train: NumberedRows; test: NumberedRows } => {
  const names = [...new Set(train.labels)].sort();
  const numbers = ({ texts, labels }: Rows, most: number): NumberedRows => ({
    texts: texts.slice(0, most),
    labels: labels.slice(0, most).map((label) => names.indexOf(label)),
  });
  return { train: numbers(train, rows), test: numbers(test, Infinity) };
};
