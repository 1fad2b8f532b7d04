import { AppError } from '@boucle/contract';
import type { JudgedRow } from './gate-metric.ts';

const mostRows = 1_000_000;

/** What an evaluation wrote: `_row`, `actual`, `label`, `score`. Rows without a label cannot be judged and are left out. */
export const readPredictions = async (pages: AsyncIterable<readonly Readonly<Record<string, unknown>>[]>): Promise<JudgedRow[]> => {
  const rows: JudgedRow[] = [];
  for await (const page of pages) {
    if (rows.length + page.length > mostRows) {
      throw new AppError('too_large', `Gates compare at most ${mostRows} predictions: evaluate on a sample of the test side`, {
        reason: 'too_many_predictions',
      });
    }
    for (const { _row: row, actual, label, score } of page) {
      if (typeof row !== 'string' || typeof actual !== 'string' || typeof label !== 'string') continue;
      rows.push({ row, actual, label, score: typeof score === 'number' ? score : null });
    }
  }
  return rows;
};
