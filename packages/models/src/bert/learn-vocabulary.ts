import { Tokenizer } from '@huggingface/tokenizers';
import { specialTokens, wordPieceFiles, type WordPieceSettings } from './word-piece.ts';

/**
 * A WordPiece vocabulary of a corpus, at most `size` tokens: every character, alone and as a continuation, so that no word is unknown
 * for long, then the most frequent words that occur at least twice. A rarer word becomes the longest known beginning and what is left,
 * piece by piece. Simpler than learning pieces (Schuster and Nakajima 2012), and for a corpus that is learned from scratch as good.
 */
export const learnVocabulary = (texts: Iterable<string>, size: number, settings: WordPieceSettings): string[] => {
  const words = countWords(texts, settings);
  const characters = new Map<string, number>();
  for (const [word, count] of words) for (const character of word) characters.set(character, (characters.get(character) ?? 0) + count);
  const alone = mostFrequent(characters, Math.floor((size - specialTokens.length) / 4));
  const pieces = [...specialTokens, ...alone, ...alone.map((character) => `##${character}`)];
  const repeated = new Map([...words].filter(([word, count]) => count > 1 && word.length <= 100 && !characters.has(word)));
  return [...pieces, ...mostFrequent(repeated, size - pieces.length)];
};

const countWords = (texts: Iterable<string>, settings: WordPieceSettings): Map<string, number> => {
  const { tokenizer, settings: options } = wordPieceFiles(specialTokens, settings);
  const { normalizer, pre_tokenizer: splitter } = new Tokenizer(tokenizer as object, options as object);
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of splitter!.pre_tokenize(normalizer!.normalize(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
};

/** Of equally frequent ones the first by code unit. */
const mostFrequent = (counts: ReadonlyMap<string, number>, limit: number): string[] =>
  [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([term]) => term);
