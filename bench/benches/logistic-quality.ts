import { type TextRows, trainTextClassifier } from '@boucle/models';
import { printTable } from '../ground/table.ts';
import { runPeer } from '../training/peer.ts';
import { airlineNegativity, airlineSplit, sst2Split } from '../training/sentiment-rows.ts';

interface Setting {
  readonly analyzer: 'word' | 'char' | 'char_wb';
  readonly ngrams: readonly [number, number];
  readonly C: number;
  readonly penalty: 'l1' | 'l2';
  readonly multiclass: 'one-vs-rest' | 'softmax';
}
const usual: Setting = { analyzer: 'word', ngrams: [1, 2], C: 1, penalty: 'l2', multiclass: 'one-vs-rest' };
const settings: readonly Setting[] = [
  usual,
  { ...usual, C: 10 },
  { ...usual, penalty: 'l1', C: 3 },
  { ...usual, multiclass: 'softmax', C: 3 },
  { ...usual, analyzer: 'char', ngrams: [2, 5] },
  { ...usual, analyzer: 'char_wb', ngrams: [2, 5] },
];

/** Accuracy on test rows of two public sets, ours and scikit-learn's with the same terms, in at least two texts each. */
export const logisticQuality = async (): Promise<void> => {
  const sets = {
    'SST-2, two labels': await sst2Split(),
    'airline tweets, negative or not': await airlineNegativity(),
    'airline tweets, three labels': await airlineSplit(),
  };
  for (const [name, { train, test }] of Object.entries(sets)) {
    const theirs = await runPeer<Answer[]>('logistic_quality.py', [], { input: JSON.stringify({ train, test, settings }) });
    const rows: string[][] = [];
    for (const [i, setting] of settings.entries()) {
      const ours = await answer(train, test, setting);
      const { terms, accuracy } = theirs[i]!;
      const points = 100 * (ours.accuracy - accuracy);
      rows.push([nameOf(setting), `${ours.terms}`, `${terms}`, percent(ours.accuracy), percent(accuracy), points.toFixed(2)]);
    }
    console.log(`\n${name}: ${train.texts.length} rows to learn from, ${test.texts.length} to judge by`);
    printTable(['', 'terms', 'scikit-learn', 'accuracy', 'scikit-learn', 'points between'], rows);
  }
};

interface Answer {
  readonly terms: number;
  readonly accuracy: number;
}

const answer = async (train: TextRows, test: TextRows, setting: Setting): Promise<Answer> => {
  let terms = 0;
  const log = (line: string): void => {
    terms ||= Number(/^\d+/.exec(line)?.[0]);
  };
  const { predict } = await trainTextClassifier(train, { approach: 'logistic-regression', seed: 1, ...setting }, { log });
  const hits = (await predict(test.texts)).filter(({ label }, row) => label === test.labels[row]).length;
  return { terms, accuracy: hits / test.texts.length };
};

const nameOf = ({ analyzer, ngrams, C, penalty, multiclass }: Setting): string =>
  `${analyzer} ${ngrams.join(' to ')}, C ${C}, ${penalty.toUpperCase()}, ${multiclass}`;
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
