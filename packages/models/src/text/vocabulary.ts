import { createPairTable } from './pair-table.ts';
import { scanWords } from './scan-words.ts';
import { createWordTable } from './word-table.ts';

/** The terms a model knows, a word or two words with a blank between, sorted by code unit: a term's place is its column. */
export interface Vocabulary {
  readonly terms: readonly string[];
  /** Calls back with the column of each known term in the text, as often as it occurs. */
  readonly scan: (text: string, onTerm: (column: number) => void) => void;
}

/** RangeError where a term is not of that form or not in order. */
export const createVocabulary = (terms: readonly string[]): Vocabulary => {
  const words = createWordTable();
  const pairs = createPairTable();
  const columnOfWord: number[] = [];
  const columnOfPair: number[] = [];

  terms.forEach((term, column) => {
    if (column > 0 && terms[column - 1]! >= term) throw new RangeError(`Term ${column} of the vocabulary is out of order or there twice`);
    const ids: number[] = [];
    const parts: string[] = [];
    scanWords(term, (word) => {
      parts.push(word.text.slice(word.start, word.end));
      ids.push(words.add(word));
    });
    const [first, second, third] = ids;
    if (first === undefined || third !== undefined || parts.join(' ') !== term) {
      throw new RangeError(`Term ${column} of the vocabulary is not one or two words in lower case`);
    }
    if (second === undefined) columnOfWord[first] = column;
    else columnOfPair[pairs.add(first, second)] = column;
  });
  // A word may be known only as half of a pair.
  const wordColumns = Int32Array.from({ length: words.size }, (_, id) => columnOfWord[id] ?? -1);
  const pairColumns = Int32Array.from(columnOfPair);

  return {
    terms,
    scan: (text, onTerm) => {
      let before = -1;
      scanWords(text, (word) => {
        const id = words.find(word);
        if (id !== -1) {
          if (wordColumns[id] !== -1) onTerm(wordColumns[id]!);
          const pair = before === -1 ? -1 : pairs.find(before, id);
          if (pair !== -1) onTerm(pairColumns[pair]!);
        }
        before = id;
      });
    },
  };
};
