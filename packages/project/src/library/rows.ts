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
