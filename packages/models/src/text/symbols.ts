import { scanWords } from './scan-words.ts';
import { createWordTable } from './word-table.ts';

/** What terms are made of: words; characters, across words; or characters within words, a blank before and after each (scikit-learn's names). */
export const analyzers = ['word', 'char', 'char_wb'] as const;
export type Analyzer = (typeof analyzers)[number];

/** Comes instead of a symbol's number where a symbol is not known, and where no term may reach across. */
export const unknown = -1;
export const boundary = -2;

/** Numbers the symbols of texts 0, 1, 2 … in the order of their coming. */
export interface Symbols {
  readonly size: number;
  /** Calls back with each symbol's number; new symbols get one. */
  readonly read: (text: string, onSymbol: (symbol: number) => void) => void;
  /** The same, with `unknown` for new ones. */
  readonly find: (text: string, onSymbol: (symbol: number) => void) => void;
  /** The symbols that a term is written with. */
  readonly parse: (term: string) => number[];
  readonly text: (symbol: number) => string;
  /** What stands between two symbols of a term. */
  readonly separator: '' | ' ';
  /** What they are called, as more than one. */
  readonly name: string;
}

export const createSymbols = (analyzer: Analyzer): Symbols => (analyzer === 'word' ? wordSymbols() : characterSymbols(analyzer));

const wordSymbols = (): Symbols => {
  const words = createWordTable();
  const read: Symbols['read'] = (text, onSymbol) => scanWords(text, (word) => onSymbol(words.add(word)));
  return {
    get size() {
      return words.size;
    },
    read,
    find: (text, onSymbol) => scanWords(text, (word) => onSymbol(words.find(word))),
    parse: (term) => {
      const path: number[] = [];
      read(term, (symbol) => path.push(symbol));
      return path;
    },
    text: words.text,
    separator: ' ',
    name: 'words',
  };
};

const characterSymbols = (analyzer: 'char' | 'char_wb'): Symbols => {
  const points: number[] = [];
  /** By code point; most texts need the first few hundred only. */
  const low = new Int32Array(1 << 10).fill(unknown);
  const high = new Map<number, number>();
  const find = (point: number): number => (point < low.length ? low[point]! : (high.get(point) ?? unknown));
  const add = (point: number): number => {
    const held = find(point);
    if (held !== unknown) return held;
    if (point < low.length) low[point] = points.length;
    else high.set(point, points.length);
    return points.push(point) - 1;
  };
  const scan = analyzer === 'char' ? scanCharacters : scanWithinWords;
  return {
    get size() {
      return points.length;
    },
    read: (text, onSymbol) => scan(text, (point) => onSymbol(point === boundary ? boundary : add(point))),
    find: (text, onSymbol) => scan(text, (point) => onSymbol(point === boundary ? boundary : find(point))),
    parse: (term) => Array.from(term, (character) => add(character.codePointAt(0)!)),
    text: (symbol) => String.fromCodePoint(points[symbol]!),
    separator: '',
    name: 'characters',
  };
};

/** What Python's `str.isspace` calls white space; JavaScript's \s differs at both ends of the list. */
const isBlank = (point: number): boolean =>
  point < 0x80
    ? point === 32 || (point >= 9 && point <= 13) || (point >= 0x1c && point <= 0x1f)
    : point === 0x85 ||
      point === 0xa0 ||
      point === 0x1680 ||
      (point >= 0x2000 && point <= 0x200a) ||
      point === 0x2028 ||
      point === 0x2029 ||
      point === 0x202f ||
      point === 0x205f ||
      point === 0x3000;

const blank = 32;
/** Half a surrogate pair is no character, and no UTF-8: U+FFFD stands for it. */
const normal = (text: string): string => text.toLowerCase().toWellFormed();

/** Two or more blanks count as one; a single one stays what it is, a line break too. */
const scanCharacters = (text: string, onPoint: (point: number) => void): void => {
  const lower = normal(text);
  let held = unknown;
  for (let at = 0; at < lower.length; at++) {
    const point = lower.codePointAt(at)!;
    if (point > 0xffff) at++;
    if (isBlank(point)) held = held === unknown ? point : blank;
    else {
      if (held !== unknown) onPoint(held);
      held = unknown;
      onPoint(point);
    }
  }
  if (held !== unknown) onPoint(held);
};

const scanWithinWords = (text: string, onPoint: (point: number) => void): void => {
  const lower = normal(text);
  let inWord = false;
  const endWord = (): void => {
    onPoint(blank);
    onPoint(boundary);
    inWord = false;
  };
  for (let at = 0; at < lower.length; at++) {
    const point = lower.codePointAt(at)!;
    if (point > 0xffff) at++;
    if (!isBlank(point)) {
      if (!inWord) onPoint(blank);
      inWord = true;
      onPoint(point);
    } else if (inWord) endWord();
  }
  if (inWord) endWord();
};
