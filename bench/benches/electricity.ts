import path from 'node:path';
import { existsSync } from 'node:fs';
import { type Estimated, type Followed, followMarket, gate, policy } from '../electricity/follow-market.ts';
import { heldOut } from '../electricity/market-model.ts';
import { type MarketRow, readRows, rowsADay } from '../electricity/read-rows.ts';
import { windowRows } from '../electricity/watch-week.ts';
import { inScratch } from '../ground/scratch.ts';
import { printTable } from '../ground/table.ts';

const first = 5000;
const variable = 'ELECTRICITY_CSV';

/** A market that changes: a model that stays as it is, and one that is trained again whenever drift is found and the guards let it. */
export const electricity = (): Promise<void> =>
  inScratch(async (folder) => {
    const file = path.resolve(process.env[variable] ?? 'electricity.csv');
    if (!existsSync(file)) throw new Error(`There is no ${file}: name the file of the electricity market data in ${variable}`);
    const rows = readRows(file);
    console.log(
      [
        `${rows.length} half hours in the order of time. Each number is turned into the word of its decile in the rows that are learned from, for what learns is the text classifier.`,
        `Either model begins with the first ${first} rows, the newest ${heldOut} of them kept to evaluate on; labels are known a day late; windows of ${windowRows / rowsADay} days, judged when their labels are there.`,
        `Trained again on the newest ${first} labelled rows: on ${policy.on.join(', ')} at a budget of 1 false alarm a month; cooldown ${policy.cooldown}, at most ${policy.budget}, ${policy.labels!.minimum} new labels;`,
        `the new version takes over if its accuracy is no worse than the old one's by ${gate.margin} on ${heldOut} rows that neither has learned from.\n`,
      ].join('\n'),
    );
    const frozen = await followMarket(rows, { first, folder, isFrozen: true });
    const trained = await followMarket(rows, { first, folder, isFrozen: false });
    printAccuracy(rows, { frozen, trained });
    console.log();
    printTable(
      ['', 'windows', 'with drift', 'of the errors', 'retrained', 'taken over', 'refused'],
      [verdicts('frozen', frozen), verdicts('trained again', trained)],
    );
    console.log();
    const still = ({ isConceptDrift }: Estimated): boolean => !isConceptDrift;
    printTable(
      ['accuracy estimated without labels', 'windows', 'mean error', 'truth inside band', 'not refuted by labels'],
      [
        estimated('frozen', frozen.estimates),
        estimated('frozen, errors not drifting', frozen.estimates.filter(still)),
        estimated('trained again', trained.estimates),
        estimated('trained again, errors not drifting', trained.estimates.filter(still)),
      ],
    );
  });

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const printAccuracy = (rows: readonly MarketRow[], { frozen, trained }: Readonly<Record<'frozen' | 'trained', Followed>>): void => {
  const share = (from: number, to: number, isRight: (row: number) => boolean): string => {
    const some = Array.from({ length: to - from }, (_, i) => Number(isRight(from + i)));
    return percent(mean(some));
  };
  const right =
    ({ said }: Followed) =>
    (row: number) =>
      said[row - first]!.label === rows[row]!.label;
  const same = (back: number) => (row: number) => rows[row - back]!.label === rows[row]!.label;
  const cells = (from: number, to: number): string[] => [
    share(from, to, right(frozen)),
    share(from, to, right(trained)),
    share(from, to, same(rowsADay)),
    share(from, to, same(1)),
    String(trained.retrainings.filter((row) => row >= from && row < to).length),
  ];
  const table: string[][] = [];
  for (let from = first; from < rows.length; from += 5000) {
    const to = Math.min(rows.length, from + 5000);
    table.push([`${from} to ${to - 1}`, ...cells(from, to)]);
  }
  table.push(['all', ...cells(first, rows.length)]);
  printTable(
    ['accuracy in rows', 'frozen', 'trained again', 'same as a day before', 'same as before, known at once', 'retrainings'],
    table,
  );
};

const verdicts = (name: string, { windows, drifted, conceptDrifted, retrainings, passed, refused }: Followed): string[] => [
  name,
  String(windows),
  String(drifted),
  String(conceptDrifted),
  String(retrainings.length),
  String(passed),
  Object.entries(refused)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ') || '–',
];
const estimated = (name: string, estimates: readonly Estimated[]): string[] => [
  name,
  String(estimates.length),
  percent(mean(estimates.map(({ estimate, actual }) => Math.abs(estimate - actual)))),
  percent(mean(estimates.map(({ isInside }) => Number(isInside)))),
  percent(mean(estimates.map(({ heldUp }) => Number(heldUp)))),
];
