import type { TermKind } from './count-terms.ts';
import { createPairTable } from './pair-table.ts';
import { createSymbols } from './symbols.ts';

/** The terms a model knows, sorted by code unit: a term's place is its column. */
export interface Vocabulary {
  readonly kind: TermKind;
  readonly terms: readonly string[];
  /** Calls back with the column of each known term in the text, as often as it occurs. */
  readonly scan: (text: string, onTerm: (column: number) => void) => void;
}

export const wordsAndPairs: TermKind = { analyzer: 'word', ngrams: [1, 2] };

/** RangeError where a term is not of the kind's form or not in order. */
export const createVocabulary = (terms: readonly string[], kind: TermKind = wordsAndPairs): Vocabulary => {
  const [least, most] = kind.ngrams;
  const symbols = createSymbols(kind.analyzer);
  const paths = terms.map((term, column) => {
    if (column > 0 && terms[column - 1]! >= term) throw new RangeError(`Term ${column} of the vocabulary is out of order or there twice`);
    const path = symbols.parse(term);
    const isLong = path.length >= least || (kind.analyzer === 'char_wb' && path.length > 0);
    if (!isLong || path.length > most || path.map(symbols.text).join(symbols.separator) !== term) {
      throw new RangeError(`Term ${column} of the vocabulary is not ${least} to ${most} ${symbols.name} in lower case`);
    }
    return path;
  });
  const firstPair = symbols.size;
  const pairs = createPairTable();
  const nodes = paths.map((path) => path.reduce((node, symbol) => firstPair + pairs.add(node, symbol)));
  // A gram may be known only as the beginning of a longer one.
  const columns = new Int32Array(firstPair + pairs.size).fill(-1);
  nodes.forEach((node, column) => (columns[node] = column));

  /** By length: the gram of so many symbols that ends at the symbol that was read last, or -1. */
  const grams = new Int32Array(most + 1);
  return {
    kind,
    terms,
    scan: (text, onTerm) => {
      grams.fill(-1);
      symbols.find(text, (symbol) => {
        for (let length = most; length > 1; length--) {
          const pair = symbol < 0 || grams[length - 1]! < 0 ? -1 : pairs.find(grams[length - 1]!, symbol);
          grams[length] = pair < 0 ? -1 : firstPair + pair;
        }
        grams[1] = symbol;
        for (let length = 1; length <= most; length++) {
          const column = grams[length]! < 0 ? -1 : columns[grams[length]!]!;
          if (column >= 0) onTerm(column);
        }
      });
    },
  };
};
