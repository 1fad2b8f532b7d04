/** A stretch of a text: from and up to, and without, these UTF-16 code units. */
export type Span = readonly [from: number, to: number];
/** What a stretch of a text adds to an output. */
export interface Placed {
  readonly span: Span;
  readonly value: number;
}

/** The words of a text, with the apostrophes, hyphens and marks (@, #) that belong to them, and every other visible character by itself. */
export const wordsOf = (text: string): Span[] =>
  Array.from(text.matchAll(/[@#]?[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}_]+)*|[^\s]/gu), ({ 0: word, index }) => [
    index,
    index + word.length,
  ]);

/**
 * Contributions of stretches of any kind (terms, pairs of words, pieces of words) as contributions of words: each is dealt out evenly over
 * the characters that it covers. The sum stays; what covers no word keeps its own span. Words that add nothing are left out.
 */
export const onWords = (text: string, parts: readonly Placed[]): Placed[] => {
  const words = wordsOf(text);
  const wordAt = new Int32Array(text.length).fill(-1);
  for (const [i, [from, to]] of words.entries()) wordAt.fill(i, from, to);
  const values = new Float64Array(words.length);
  const beside: Placed[] = [];
  for (const part of parts) {
    const [from, to] = part.span;
    const covered = wordAt.subarray(from, to).filter((word) => word >= 0);
    if (covered.length === 0) beside.push(part);
    for (const word of covered) values[word]! += part.value / covered.length;
  }
  const placed = words.flatMap((span, i) => (values[i] === 0 ? [] : [{ span, value: values[i]! }]));
  return [...placed, ...beside.filter(({ value }) => value !== 0)];
};

/** For each code unit of the text in lower case, and for its end, where it comes from: lower case can be longer ('İ' becomes two). */
export const originOfLower = (text: string): Uint32Array => {
  const lower = text.toLowerCase();
  const origin = new Uint32Array(lower.length + 1);
  let at = 0;
  for (let from = 0; from < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(from)!);
    const length = character.toLowerCase().length;
    origin.fill(from, at, at + length);
    at += length;
    from += character.length;
  }
  origin.fill(text.length, at);
  return origin;
};
