import { createPairTable } from './pair-table.ts';
import { scanWords } from './scan-words.ts';
import { createWordTable } from './word-table.ts';

export interface TermCount {
  readonly term: string;
  /** Texts that hold it, and occurrences in all of them. */
  readonly texts: number;
  readonly occurrences: number;
}

/** Counts in how many texts, and how often, each number was seen. */
const createTally = () => {
  const texts: number[] = [];
  const occurrences: number[] = [];
  const last: number[] = [];
  return {
    texts,
    see: (id: number, text: number): void => {
      if (id === texts.length) {
        texts.push(0);
        occurrences.push(0);
        last.push(-1);
      }
      occurrences[id]! += 1;
      if (last[id] === text) return;
      last[id] = text;
      texts[id]! += 1;
    },
    count: (id: number, term: string): TermCount => ({ term, texts: texts[id]!, occurrences: occurrences[id]! }),
  };
};

/** Words and pairs of neighbouring words that occur in at least `minDf` texts, sorted by code unit. Feed texts, then take the terms. */
export const createTermCounter = (minDf: number) => {
  const words = createWordTable();
  const wordTally = createTally();
  let stream = new Int32Array(1 << 12);
  let length = 0;
  /** Where each text's words end in the stream. */
  const ends: number[] = [];

  const push = (id: number): void => {
    if (length === stream.length) {
      const larger = new Int32Array(length * 2);
      larger.set(stream);
      stream = larger;
    }
    stream[length++] = id;
  };

  /** A pair is no more frequent than its words, so pairs with a rare word need not be counted. */
  const countPairs = (): TermCount[] => {
    const pairs = createPairTable();
    const tally = createTally();
    let at = 0;
    ends.forEach((end, text) => {
      for (at++; at < end; at++) {
        const [first, second] = [stream[at - 1]!, stream[at]!];
        if (wordTally.texts[first]! >= minDf && wordTally.texts[second]! >= minDf) tally.see(pairs.add(first, second), text);
      }
      at = end;
    });
    return keep(tally, (id) => `${words.text(pairs.first(id))} ${words.text(pairs.second(id))}`);
  };

  const keep = (tally: ReturnType<typeof createTally>, termOf: (id: number) => string): TermCount[] => {
    const kept: TermCount[] = [];
    tally.texts.forEach((texts, id) => {
      if (texts >= minDf) kept.push(tally.count(id, termOf(id)));
    });
    return kept;
  };

  return {
    add: (text: string): void => {
      scanWords(text, (word) => {
        const id = words.add(word);
        wordTally.see(id, ends.length);
        push(id);
      });
      ends.push(length);
    },
    /** How many different words came by, rare ones too. */
    words: (): number => words.size,
    terms: (): TermCount[] => [...keep(wordTally, words.text), ...countPairs()].sort((a, b) => (a.term < b.term ? -1 : 1)),
  };
};

/** The most frequent terms, in their old order. Of equally frequent ones the first stay. */
export const mostFrequent = (terms: readonly TermCount[], count: number): readonly TermCount[] => {
  if (terms.length <= count) return terms;
  const ranks = terms.map((_, i) => i).sort((a, b) => terms[b]!.occurrences - terms[a]!.occurrences || a - b);
  return ranks
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((i) => terms[i]!);
};
