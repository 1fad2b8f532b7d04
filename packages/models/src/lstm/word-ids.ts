import { invalid } from '@boucle/contract';
import { longestWord, readWords } from './words.ts';

/** Numbers of words: 0 fills up, 1 is every word that is not known. */
export interface WordIds {
  /** By number. */
  readonly words: readonly string[];
  /** Never empty: a text without words is one that is not known. */
  readonly encode: (text: string, most: number) => number[];
}

export const padding = 0;
const unknown = 1;
/** By number. */
export const special = ['<pad>', '<unk>'] as const;

/** RangeError for lists that `learnWords` cannot have made. */
export const createWordIds = (words: readonly string[]): WordIds => {
  const ids = new Map(words.map((word, id) => [word, id]));
  if (!special.every((word, id) => words[id] === word)) throw new RangeError('the words do not begin with <pad> and <unk>');
  if (ids.size < words.length) throw new RangeError('a word is there twice');
  return {
    words,
    encode: (text, most) => {
      // `<pad>` and `<unk>` cannot be read from a text: `<` is a sign by itself.
      const encoded = readWords(text, most).map((word) => ids.get(word) ?? unknown);
      return encoded.length === 0 ? [unknown] : encoded;
    },
  };
};

/** The words that occur often enough, the most frequent first; of equally frequent ones by code unit. */
export const learnWords = (
  texts: Iterable<string>,
  { minCount, maxWords, maxLength }: { minCount: number; maxWords: number; maxLength: number },
): WordIds => {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of readWords(text, maxLength)) if (word.length <= longestWord) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (counts.size === 0) throw invalid('No text holds a word; check that this is the text column', 'empty_vocabulary');
  const frequent = [...counts].filter(([, count]) => count >= minCount);
  if (frequent.length === 0) {
    throw invalid(`None of ${counts.size} words occurs ${minCount} times; lower minCount or bring more rows`, 'empty_vocabulary', {
      minCount,
    });
  }
  frequent.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return createWordIds([...special, ...frequent.slice(0, maxWords).map(([word]) => word)]);
};
