import { Type } from 'typebox';
import { type Handle, type Table, table } from '../port.ts';

/** What a text classifier learns from, and is judged on. */
export const labelledTexts = table({ text: Type.String(), label: Type.String() });

/** A step that leaves rows as they are lets their type through. */
export type Same<Row> = Handle<Table<Row>>;

export interface LabelledTexts {
  readonly rows: string[];
  readonly texts: string[];
  readonly labels: string[];
}
export const readLabelledTexts = async (data: Table<{ text: string; label: string }>): Promise<LabelledTexts> => {
  const all: LabelledTexts = { rows: [], texts: [], labels: [] };
  for await (const batch of data.batches()) {
    for (const { _row, text, label } of batch) {
      all.rows.push(_row);
      all.texts.push(text);
      all.labels.push(label);
    }
  }
  return all;
};

/** So many of the rows, drawn by chance and left in their order; fewer are always among more. */
export const someOf = async (all: LabelledTexts, { rows, seed }: { rows: number; seed: number }): Promise<LabelledTexts> => {
  if (rows >= all.rows.length) return all;
  const { createRandom } = await import('@boucle/statistics');
  const drawn = createRandom(seed)
    .shuffle([...all.rows.keys()])
    .slice(0, rows)
    .sort((a, b) => a - b);
  const those = (column: readonly string[]): string[] => drawn.map((i) => column[i]!);
  return { rows: those(all.rows), texts: those(all.texts), labels: those(all.labels) };
};
