import { countInBins, createRandom, type Random, referenceBins } from '@boucle/statistics';
import {
  cellsBetween,
  type CategoryReference,
  type ColumnReference,
  type NumberReference,
  type ReferenceSource,
  type TextReference,
  type Vocabulary,
} from '../columns/column-reference.ts';
import { categoryOf } from '../columns/category-counts.ts';
import { dictionaryOf, measure, type Dictionary } from '../columns/text-counts.ts';
import { measuredLetters, wordsOf } from '../columns/words.ts';

const mostCategories = 5000;
const mostWords = 20_000;
/** More different words than this are thinned out while they are counted: the rare ones go first. */
const countedWords = 200_000;
const categoryCells = 30;
const fewTexts = 20;

/** A list of numbers that grows without boxes. */
const createNumbers = () => {
  let held = new Float64Array(1024);
  let length = 0;
  return {
    add: (value: number): void => {
      if (length === held.length) {
        const larger = new Float64Array(2 * length);
        larger.set(held);
        held = larger;
      }
      held[length++] = value;
    },
    all: (): Float64Array => held.subarray(0, length),
  };
};

export const numberReference = (
  values: Float64Array,
  { source, missing }: { source: ReferenceSource; missing: number },
): NumberReference => {
  const bins = referenceBins(values);
  const [low, high] = [bins.edges[0]!, bins.edges.at(-1)!];
  const counts = countInBins(bins, values).slice(0, cellsBetween(bins.edges));
  return { kind: 'number', source, rows: values.length, missing, low, high, isConstant: low === high, edges: bins.edges, counts };
};

export const categoryReference = (
  found: Iterable<readonly [string, number]>,
  { source, missing }: { source: ReferenceSource; missing: number },
): CategoryReference => {
  const sorted = [...found].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const rows = sorted.reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: 'category',
    source,
    rows,
    missing,
    values: sorted.map(([value]) => value),
    counts: sorted.map(([, count]) => count),
    cells: Math.min(sorted.length, categoryCells),
  };
};

/** The texts' words, of every second text: the others tell how new a text of the same kind is to who knows these. */
const createVocabulary = (random: Random) => {
  const seen = new Map<string, { count: number; documents: number }>();
  let texts = 0;
  let occurrences = 0;
  let least = 1;
  const thin = (): void => {
    for (const [word, { count }] of seen) if (count <= least) seen.delete(word);
    least++;
  };
  return {
    learns: (): boolean => random.uniform() < 0.5,
    add: (words: readonly string[]): void => {
      texts++;
      occurrences += words.length;
      for (const word of words) {
        const known = seen.get(word);
        if (known) known.count++;
        else seen.set(word, { count: 1, documents: 0 });
      }
      for (const word of new Set(words)) seen.get(word)!.documents++;
      if (seen.size > countedWords) thin();
    },
    vocabulary: (): Vocabulary => {
      const kept = [...seen].sort(([a, m], [b, n]) => n.count - m.count || (a < b ? -1 : 1)).slice(0, mostWords);
      return {
        texts,
        occurrences,
        words: kept.map(([word]) => word),
        counts: kept.map(([, { count }]) => count),
        documents: kept.map(([, { documents }]) => documents),
      };
    },
  };
};

export interface CollectedColumn {
  /** True where it wants to see its values a second time. */
  readonly wantsMore: () => boolean;
  readonly first: (value: unknown) => void;
  readonly second: (value: unknown) => void;
  /** A reference, or why there is none. */
  readonly finish: () => ColumnReference | string;
}

export const collectNumbers = (source: ReferenceSource): CollectedColumn => {
  const numbers = createNumbers();
  let missing = 0;
  return {
    wantsMore: () => false,
    first: (value) => {
      const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
      if (Number.isFinite(number)) numbers.add(number);
      else missing++;
    },
    second: () => {},
    finish: () => (numbers.all().length < 2 ? fewRows(numbers.all().length) : numberReference(numbers.all(), { source, missing })),
  };
};

/** Values of one word or few different ones are categories; else texts, which are read a second time. */
export const collectTexts = (source: ReferenceSource, seed: number): CollectedColumn => {
  const categories = new Map<string, number>();
  const random = createRandom(seed);
  const words = createVocabulary(random);
  const again = createRandom(seed);
  const numbers = { length: createNumbers(), 'new words': createNumbers(), surprise: createNumbers() };
  let [rows, missing, wordCount] = [0, 0, 0];
  let dictionary: Dictionary | undefined;
  let vocabulary: Vocabulary | undefined;
  const isText = (): boolean =>
    rows > 0 && wordCount / rows >= 2.5 && (categories.size >= Math.min(mostCategories, rows / 2) || categories.size >= 1000);
  const readWords = (value: unknown): string[] => wordsOf(String(value).slice(0, measuredLetters));

  const textReference = (): TextReference | string => {
    const lengths = numbers.length.all();
    if (lengths.length < 2) return fewRows(lengths.length);
    const known = { source, missing: 0 };
    const isKnown = vocabulary!.texts >= fewTexts && numbers.surprise.all().length >= fewTexts;
    return {
      kind: 'text',
      source,
      rows,
      missing,
      measures: {
        length: numberReference(lengths, known),
        ...(isKnown && {
          'new words': numberReference(numbers['new words'].all(), known),
          surprise: numberReference(numbers.surprise.all(), known),
        }),
      },
      vocabulary: isKnown ? vocabulary! : null,
    };
  };
  return {
    wantsMore: isText,
    first: (value) => {
      if (value === null || value === undefined) {
        missing++;
        return;
      }
      rows++;
      const category = categoryOf(value);
      if (categories.size < mostCategories || categories.has(category)) categories.set(category, (categories.get(category) ?? 0) + 1);
      const found = readWords(value);
      wordCount += found.length;
      if (words.learns()) words.add(found);
    },
    second: (value) => {
      if (value === null || value === undefined) return;
      vocabulary ??= words.vocabulary();
      dictionary ??= dictionaryOf(vocabulary);
      const found = readWords(value);
      numbers.length.add(found.length);
      if (again.uniform() < 0.5) return;
      const { newWords, surprise } = measure(found, dictionary);
      if (newWords !== null) numbers['new words'].add(newWords);
      if (surprise !== null) numbers.surprise.add(surprise);
    },
    finish: () => {
      if (isText()) return textReference();
      return rows < 2 ? fewRows(rows) : categoryReference(categories, { source, missing });
    },
  };
};

const fewRows = (rows: number): string => `the reference has ${rows === 1 ? 'one row' : 'no rows'}, which nothing can be compared with`;
