import { Type, defineStep, table } from '@boucle/project';

/** Handles and links say nothing about the sentiment. */
const bare = (text: string): string =>
  text
    .replaceAll(/@\w+|https?:\S+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Negative or not, which is what the airline wants to know. */
export const clean = defineStep(import.meta, 'clean', {
  inputs: { rows: table({ text: Type.String(), label: Type.String() }) },
  outputs: { rows: table({ text: Type.String(), label: Type.Enum(['negative', 'other']) }) },
  run: async ({ rows }, { out }) => {
    for await (const batch of rows.batches()) {
      const cleaned = batch.map(({ _row, text, label }) => ({
        _row,
        text: bare(text),
        label: label === 'negative' ? ('negative' as const) : ('other' as const),
      }));
      await out.rows.append(cleaned.filter(({ text }) => text.length >= 3));
    }
  },
});
