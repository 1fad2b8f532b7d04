import type { Pace } from '../training-pace.ts';
import { createIntList } from './int-list.ts';
import { createPairTable } from './pair-table.ts';
import { type Analyzer, createSymbols } from './symbols.ts';

/** Which stretches of a text are terms. */
export interface TermKind {
  readonly analyzer: Analyzer;
  /** The least and the greatest number of symbols in a term. */
  readonly ngrams: readonly [least: number, most: number];
}

export interface TermCount {
  readonly term: string;
  /** Texts that hold it, and occurrences in all of them. */
  readonly texts: number;
  readonly occurrences: number;
  /** What the term is called in the corpus. */
  readonly node: number;
}

/** In how many texts a term must be at least and at most. */
export interface TextBounds {
  readonly least: number;
  readonly most: number;
}

/** The grams that occur often enough, by where they begin. */
export interface Grams {
  readonly terms: readonly TermCount[];
  /** Nodes are whole numbers below this. */
  readonly nodes: number;
  /** Calls back with the node of each frequent gram of a text, by its last symbol and, of those that end together, the shortest first. */
  readonly scan: (text: number, onNode: (node: number) => void) => void;
}

/** Takes texts as numbers of their symbols: each is read once, and grams are counted, and rows made, from the numbers. */
export const createCorpus = (kind: TermKind) => {
  const symbols = createSymbols(kind.analyzer);
  const stream = createIntList();
  /** Where each text ends in the stream. */
  const ends = createIntList();
  return {
    add: (text: string): void => {
      symbols.read(text, stream.push);
      ends.push(stream.length);
    },
    /** How many different symbols came by, rare ones too. */
    symbols: (): number => symbols.size,
    /** Shortens the corpus to what is frequent: to be called once, when all texts are there. */
    grams: async (bounds: TextBounds, pace: Pace, way: readonly [number, number]): Promise<Grams> => {
      const counted = await countGrams({
        first: stream.view(),
        symbols: symbols.size,
        ends: ends.view(),
        most: kind.ngrams[1],
        bounds,
        pace,
        way,
      });
      const nodes = symbols.size + counted.table.size;
      const textOf = (node: number): string => {
        if (node < symbols.size) return symbols.text(node);
        const pair = node - symbols.size;
        return textOf(counted.table.first(pair)) + symbols.separator + symbols.text(counted.table.second(pair));
      };
      const terms: TermCount[] = [];
      for (let node = 0; node < nodes; node++) {
        const texts = counted.tally.texts(node);
        if (texts < bounds.least || texts > bounds.most) continue;
        const term = textOf(node);
        if (isTerm(kind, counted.lengthOf(node), term)) terms.push({ term, texts, occurrences: counted.tally.occurrences(node), node });
      }
      // Code units, not a locale: the order is part of the package.
      terms.sort((a, b) => (a.term < b.term ? -1 : 1));
      return { terms, nodes, scan: counted.scan };
    },
  };
};

/** Within words, one that is too short for the shortest gram is a term as a whole: only such a gram has a blank at both ends. */
const isTerm = ({ analyzer, ngrams: [least] }: TermKind, length: number, term: string): boolean =>
  length >= least || (analyzer === 'char_wb' && length > 1 && term.startsWith(' ') && term.endsWith(' '));

interface Counting {
  /** The symbols of all texts; those that are too rare are struck out. */
  first: Int32Array;
  symbols: number;
  ends: Int32Array;
  most: number;
  bounds: TextBounds;
  pace: Pace;
  way: readonly [number, number];
}

/**
 * A gram is a shorter gram and one more symbol, and its number that of the pair. It is no more frequent than the two grams that are
 * shorter by one, so where one of them is rare it need not be counted (Agrawal and Srikant 1994, "Fast algorithms for mining association
 * rules"): one length after another, each over all texts.
 */
const countGrams = async ({ first, symbols, ends, most, bounds, pace, way: [from, to] }: Counting) => {
  const tally = createTally();
  const table = createPairTable();
  const levels = [first];
  const nodesUpTo: number[] = [];
  const beginOf = (text: number): number => (text === 0 ? 0 : ends[text - 1]!);
  for (let length = 1; length <= most; length++) {
    const shorter = levels.at(-1)!;
    const grams = length === 1 ? first : new Int32Array(first.length).fill(-1);
    const stretch = [from + ((to - from) * (length - 1)) / most, from + ((to - from) * length) / most] as const;
    await pace.each(ends.length, stretch, (text) => {
      const [begin, last] = [beginOf(text), ends[text]! - length];
      if (length === 1) for (let at = begin; at <= last; at++) tally.see(grams[at]!, text);
      else
        for (let at = begin; at <= last; at++) {
          if (shorter[at]! < 0 || shorter[at + 1]! < 0) continue;
          const node = symbols + table.add(shorter[at]!, first[at + length - 1]!);
          grams[at] = node;
          tally.see(node, text);
        }
      return ends[text]! - begin + 1;
    });
    for (let at = 0; at < grams.length; at++) if (grams[at]! >= 0 && tally.texts(grams[at]!) < bounds.least) grams[at] = -1;
    if (length > 1) levels.push(grams);
    nodesUpTo.push(symbols + table.size);
  }
  return {
    tally,
    table,
    lengthOf: (node: number): number => nodesUpTo.findIndex((count) => node < count) + 1,
    scan: (text: number, onNode: (node: number) => void): void => {
      const begin = beginOf(text);
      for (let end = begin; end < ends[text]!; end++) {
        for (let length = 1, at = end; length <= most && at >= begin; length++, at--) {
          const node = levels[length - 1]![at]!;
          if (node >= 0) onNode(node);
        }
      }
    },
  };
};

/** Counts in how many texts, and how often, each node was seen. */
const createTally = () => {
  let texts = new Int32Array(1 << 10);
  let occurrences = new Int32Array(1 << 10);
  let last = new Int32Array(1 << 10).fill(-1);
  const grow = (node: number): void => {
    const length = 2 ** Math.ceil(Math.log2(node + 1));
    const larger = (numbers: Int32Array<ArrayBuffer>, empty: number): Int32Array<ArrayBuffer> => {
      const made = new Int32Array(length).fill(empty);
      made.set(numbers);
      return made;
    };
    [texts, occurrences, last] = [larger(texts, 0), larger(occurrences, 0), larger(last, -1)];
  };
  return {
    texts: (node: number): number => (node < texts.length ? texts[node]! : 0),
    occurrences: (node: number): number => occurrences[node]!,
    see: (node: number, text: number): void => {
      if (node < 0) return;
      if (node >= texts.length) grow(node);
      occurrences[node]! += 1;
      if (last[node] === text) return;
      last[node] = text;
      texts[node]! += 1;
    },
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
