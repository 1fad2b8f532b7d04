import type { Table } from '../../port.ts';

/** What a model said of each row, by the row's identity, and what the row is. */
export type PredictionsByRow = ReadonlyMap<string, { readonly predicted: string; readonly actual: string }>;

export const readPredictions = async (data: Table<{ label: string; score: number; actual: string }>): Promise<PredictionsByRow> => {
  const all = new Map<string, { predicted: string; actual: string }>();
  for await (const batch of data.batches()) {
    for (const { _row, label, actual } of batch) all.set(_row, { predicted: label, actual });
  }
  return all;
};
