import { createFrequentSketch, type FrequentForm, frequentSketchFrom } from '@boucle/statistics';
import type { TextMeasure, TextReference, Vocabulary } from './column-reference.ts';
import { type Counts, createNumberCounts, mergeNumbers, type NumberForm } from './number-counts.ts';
import { measuredLetters, wordsOf } from './words.ts';

/** What was counted of a column of texts: the numbers that are compared, and in how many texts each word stood. */
export interface TextForm {
  readonly kind: 'text';
  readonly rows: number;
  readonly missing: number;
  readonly wrong: number;
  readonly measures: Readonly<Partial<Record<TextMeasure, NumberForm>>>;
  /** By place in the vocabulary, those that occurred; the place, then the count. */
  readonly known: readonly (readonly [place: number, documents: number])[];
  readonly unknown: FrequentForm;
}
/** Only the frequent ones of the vocabulary are followed word by word: a word is evidence, not an alarm. */
export const followedWords = 4000;
const unknownSize = 256;
const wordLetters = 60;

/** Looked up for each word of each text, so made once per vocabulary. */
export interface Dictionary {
  readonly places: ReadonlyMap<string, number>;
  /** In bits, by place; the last is that of a word which is not in it. */
  readonly surprises: Float64Array;
}
export const dictionaryOf = ({ words, counts, occurrences }: Vocabulary): Dictionary => {
  const total = occurrences + (words.length + 1) / 2;
  const surprises = Float64Array.from([...counts, 0], (count) => -Math.log2((count + 0.5) / total));
  return { places: new Map(words.map((word, place) => [word, place])), surprises };
};

export interface TextNumbers {
  readonly length: number;
  /** Null for a text without words. */
  readonly newWords: number | null;
  readonly surprise: number | null;
}
export const measure = (words: readonly string[], { places, surprises }: Dictionary): TextNumbers => {
  if (words.length === 0) return { length: 0, newWords: null, surprise: null };
  let unknown = 0;
  let bits = 0;
  for (const word of words) {
    const place = places.get(word);
    if (place === undefined) unknown++;
    bits += surprises[place ?? surprises.length - 1]!;
  }
  return { length: words.length, newWords: unknown / words.length, surprise: bits / words.length };
};

export const createTextCounts = (
  reference: TextReference | undefined,
  dictionary: Dictionary | undefined,
  { followsWords, from }: { followsWords: boolean; from?: TextForm | undefined },
): Counts<TextForm> => {
  const numbers = (name: TextMeasure) => createNumberCounts(reference?.measures[name], from?.measures[name]);
  const lengths = numbers('length');
  const measured = dictionary && { dictionary, newWords: numbers('new words'), surprise: numbers('surprise') };
  const known = new Map(from?.known);
  const unknown = from ? frequentSketchFrom(from.unknown) : createFrequentSketch({ size: unknownSize });
  let { rows, missing, wrong } = from ?? { rows: 0, missing: 0, wrong: 0 };

  const follow = (words: readonly string[]): void => {
    for (const word of new Set(words)) {
      const place = dictionary?.places.get(word);
      if (place === undefined) unknown.add(word.slice(0, wordLetters));
      else if (place < followedWords) known.set(place, (known.get(place) ?? 0) + 1);
    }
  };
  return {
    add: (value) => {
      if (typeof value !== 'string') {
        if (value === null || value === undefined) missing++;
        else wrong++;
        return;
      }
      rows++;
      const words = wordsOf(value.length > measuredLetters ? value.slice(0, measuredLetters) : value);
      if (!measured) {
        lengths.add(words.length);
      } else {
        const said = measure(words, measured.dictionary);
        lengths.add(said.length);
        measured.newWords.add(said.newWords);
        measured.surprise.add(said.surprise);
      }
      if (followsWords) follow(words);
    },
    form: () => ({
      kind: 'text',
      rows,
      missing,
      wrong,
      measures: { length: lengths.form(), ...(measured && { 'new words': measured.newWords.form(), surprise: measured.surprise.form() }) },
      known: [...known],
      unknown: unknown.toJSON(),
    }),
  };
};

export const mergeTexts = (a: TextForm, b: TextForm, reference: TextReference | undefined): TextForm => {
  const known = new Map(a.known);
  for (const [place, count] of b.known) known.set(place, (known.get(place) ?? 0) + count);
  const names = Object.keys({ ...a.measures, ...b.measures }) as TextMeasure[];
  const both = names.map((name) => {
    const [one, other] = [a.measures[name], b.measures[name]];
    return [name, one && other ? mergeNumbers(one, other, reference?.measures[name]) : (one ?? other)!] as const;
  });
  return {
    kind: 'text',
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
    wrong: a.wrong + b.wrong,
    measures: Object.fromEntries(both),
    known: [...known],
    unknown: frequentSketchFrom(a.unknown).mergedWith(frequentSketchFrom(b.unknown)).toJSON(),
  };
};
