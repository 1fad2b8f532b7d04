import type { Prediction } from '@boucle/contract';
import { createRandom, type Random } from '@boucle/statistics';
import type { Reference } from '../../packages/server/src/monitoring/columns/column-reference.ts';
import { createPartCounts, type PartForm } from '../../packages/server/src/monitoring/columns/part-counts.ts';
import { judgeWindow } from '../../packages/server/src/monitoring/judge/judge-window.ts';
import { startTable } from '../ground/table.ts';
import { categoryLaw, type Law, numberLaws } from './samples.ts';
import { referenceOf } from './watched-column.ts';

const referenceRows = 10_000;
const hourMs = 3_600_000;
const monthHours = 30.436_875 * 24;
/** Twenty columns: what is usual of each, and where its values come from. */
const columns: readonly { readonly name: string; readonly law: Law }[] = Array.from({ length: 20 }, (_, i) => ({
  name: `column ${i + 1}`,
  law: i < 12 ? numberLaws[i % 3]! : categoryLaw([2, 3, 5, 20][i % 4]!),
}));
const key = { variant: 'main', mode: 'live', modelVersionId: 'version', slice: null } as const;
const policy = {
  drift: { falseAlarms: '1 a month', columns: columns.map(({ name }) => name), material: 0 },
  quality: { missing: 1, unseen: 1, outOfRange: 1 },
  kpis: [],
};

/** Twenty unchanged columns under a monthly budget, window after window through the shipped judge: how many alarms a month that gives. */
export const spendBudget = async (): Promise<void> => {
  console.log(
    `\nBudget: 20 unchanged columns, "1 a month" for all of them together, any column significant is an alarm; a reference of ${referenceRows} rows, drawn anew each month.\nThe first verdict on a window spends half of its share, for later ones, when something comes late, have the rest: 0.5 are expected here.\n`,
  );
  const row = startTable([
    'windows of   ',
    'rows in each',
    'months',
    'windows',
    'alarms a month: at most',
    'seen       ',
    'at 5 % a column it would be',
  ]);
  for (const { hours, rows, months } of [
    { hours: 24, rows: 500, months: 120 },
    { hours: 6, rows: 300, months: 12 },
  ]) {
    const found = { windows: 0, alarms: 0, single: 0 };
    for (let month = 0; month < months; month++) spendMonth(found, { hours, rows, month });
    const perMonth = found.alarms / months;
    row([
      `${hours} hours`,
      String(rows),
      String(months),
      String(found.windows),
      '1',
      `${perMonth.toFixed(2)} ± ${((2 * Math.sqrt(found.alarms)) / months).toFixed(2)}`,
      (found.single / months).toFixed(1),
    ]);
    await Promise.resolve();
  }
};

const spendMonth = (
  found: { windows: number; alarms: number; single: number },
  { hours, rows, month }: { hours: number; rows: number; month: number },
): void => {
  const random = createRandom(1 + month);
  const reference: Reference = {
    columns: Object.fromEntries(columns.map(({ name, law }) => [name, referenceOf(law, law.draw(random, referenceRows))])),
    lacking: {},
    errors: null,
    labels: [],
    calibration: null,
  };
  for (let at = 0; at + hours <= monthHours; at += hours) {
    const { result } = judgeWindow(
      {
        from: new Date(at * hourMs).toISOString(),
        to: new Date((at + hours) * hourMs).toISOString(),
        version: 1,
        parts: [windowOf(random, reference, rows)],
        carried: [],
        labels: [],
        before: null,
      },
      { [key.modelVersionId]: reference },
      policy,
    );
    found.windows++;
    if (result.columns.some(({ significant }) => significant)) found.alarms++;
    if (result.columns.some(({ pValue }) => pValue !== null && pValue <= 0.05)) found.single++;
  }
};

const windowOf = (random: Random, reference: Reference, rows: number): PartForm => {
  const kinds = columns.map(({ name, law }) => ({ name, kind: law.kind === 'num' ? 'number' : 'category' }) as const);
  const part = createPartCounts(key, { reference, columns: kinds, dictionaries: new Map() });
  const values = columns.map(({ name, law }) => ({ name, kind: law.kind, drawn: law.draw(random, rows) }));
  for (let i = 0; i < rows; i++) {
    const inputs = Object.fromEntries(values.map(({ name, kind, drawn }) => [name, kind === 'num' ? drawn[i]! : String(drawn[i])]));
    part.add({ row: 0, outcome: 'ok', latencyMs: 1, inputs, outputs: {} } as Prediction);
  }
  return part.form();
};
