import { Type, defineStep, table, withDefault } from '@boucle/project';

/** Handles and links say nothing about mood. */
export const bare = (text: string): string =>
  text
    .replaceAll(/@\w+|https?:\S+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

export const clean = defineStep(import.meta, 'clean', {
  inputs: { tweets: table({ text: Type.String(), mood: Type.Enum(['negative', 'neutral', 'positive']) }) },
  params: { minLength: withDefault(Type.Integer(), 3) },
  outputs: { tweets: table({ text: Type.String(), label: Type.Enum(['negative', 'other']) }) },
  run: async ({ tweets, minLength }, { out, progress }) => {
    let done = 0;
    for await (const rows of tweets.batches()) {
      const cleaned = rows.map(({ _row, text, mood }) => ({
        _row,
        text: bare(text),
        label: mood === 'negative' ? ('negative' as const) : ('other' as const),
      }));
      await out.tweets.append(cleaned.filter(({ text }) => text.length >= minLength));
      progress((done += rows.length));
    }
  },
});
