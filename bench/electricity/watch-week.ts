import type { Prediction } from '@boucle/contract';
import { createPartCounts, type PartForm } from '../../packages/server/src/monitoring/columns/part-counts.ts';
import { judgeWindow } from '../../packages/server/src/monitoring/judge/judge-window.ts';
import type { Judgement } from '../../packages/server/src/monitoring/judge/window-facts.ts';
import { type MarketModel, type Said, watchedColumns } from './market-model.ts';
import { type MarketRow, rowsADay } from './read-rows.ts';

export const windowRows = 7 * rowsADay;
const falseAlarms = '1 a month';

/** A week as monitoring sees it once its labels came: what was asked and answered is counted, and judged by what ships. */
export const judgeWeek = (model: MarketModel, rows: readonly MarketRow[], said: readonly Said[]): Judgement['result'] => {
  const key = { variant: 'main', mode: 'live', modelVersionId: model.id, slice: null } as const;
  const columns = watchedColumns(rows[0]!).map((name) => ({ name, kind: name === 'prediction' ? 'category' : 'number' }) as const);
  const part = createPartCounts(key, { reference: model.reference, columns, dictionaries: new Map() });
  const pairs = new Map<string, [string, string, number]>();
  for (const [i, { values, label: actual }] of rows.entries()) {
    const { label, score } = said[i]!;
    part.add({ row: 0, outcome: 'ok', latencyMs: 1, inputs: values, outputs: { label, score } } as unknown as Prediction);
    const pair = pairs.get(`${label} ${actual}`) ?? [label, actual, 0];
    pair[2]++;
    pairs.set(`${label} ${actual}`, pair);
  }
  const parts: PartForm[] = [part.form()];
  return judgeWindow(
    {
      from: new Date(rows[0]!.time).toISOString(),
      to: new Date(rows[0]!.time + windowRows * 1_800_000).toISOString(),
      version: 1,
      parts,
      carried: [],
      labels: [{ ...key, pairs: [...pairs.values()] }],
      before: null,
    },
    { [model.id]: model.reference },
    {
      drift: { falseAlarms, columns: columns.map(({ name }) => name), material: 0.05 },
      // A price that nobody has seen before is no fault of the data.
      quality: { missing: 0.05, unseen: 1, outOfRange: 1 },
      kpis: [],
    },
  ).result;
};
