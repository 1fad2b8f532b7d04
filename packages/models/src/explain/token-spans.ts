import { type Span, wordsOf } from './words.ts';

/** A text as a model reads it, and for each token the word that it is of; undefined for what is added, such as [CLS]. */
export interface TokenSpans {
  readonly ids: readonly number[];
  readonly spans: readonly (Span | undefined)[];
}

interface Reading {
  readonly text: string;
  /** What the model is fed. */
  readonly ids: readonly number[];
  /** How many of the first and the last ids stand for no part of the text. */
  readonly added: readonly [before: number, after: number];
  /** The ids of a part of the text by itself, without what is added. */
  readonly idsOf: (part: string) => readonly number[];
}

/**
 * Finds the words that tokens are of, for tokenisers that say no places: a tokeniser that never joins words reads each word alone as it does
 * within the text. Where the words of `wordsOf` are not its words, what stands between white space is taken for one.
 */
export const tokenSpans = ({ text, ids, added: [before, after], idsOf }: Reading): TokenSpans => {
  const own = ids.slice(before, ids.length - after);
  const coarse = (): Span[] => Array.from(text.matchAll(/\S+/gu), ({ 0: word, index }) => [index, index + word.length]);
  const spans =
    spansBy(wordsOf(text), { text, own, idsOf }) ?? spansBy(coarse(), { text, own, idsOf }) ?? own.map((): Span => [0, text.length]);
  const none = (count: number): undefined[] => Array.from({ length: count }, () => undefined);
  return { ids, spans: [...none(before), ...spans, ...none(after)] };
};

/** Undefined where the parts, read one by one, are not what the text is. The text may have been cut. */
const spansBy = (
  parts: readonly Span[],
  { text, own, idsOf }: Pick<Reading, 'text' | 'idsOf'> & { own: readonly number[] },
): Span[] | undefined => {
  const spans: Span[] = [];
  for (const span of parts) {
    if (spans.length >= own.length) break;
    for (const id of idsOf(text.slice(...span))) {
      if (spans.length < own.length && own[spans.length] !== id) return undefined;
      spans.push(span);
    }
  }
  return spans.length < own.length ? undefined : spans.slice(0, own.length);
};
