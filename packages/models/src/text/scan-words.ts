/** A stretch of lower-cased text, and a hash of its characters. One object serves a whole scan: copy what you keep. */
export interface Word {
  text: string;
  start: number;
  end: number;
  hash: number;
}

/**
 * Finds words as `text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu)` would, without making a string of each.
 * Lower case comes first, as in scikit-learn: it can change what is a letter ('İ' becomes 'i' and a combining dot).
 */
export const scanWords = (text: string, onWord: (word: Word) => void): void => {
  const lower = text.toLowerCase();
  const word: Word = { text: lower, start: 0, end: 0, hash: 0 };
  let points = 0;
  let hash = 0;
  for (let at = 0, width = 1; at <= lower.length; at += width) {
    const point = pointAt(lower, at);
    width = point > 0xffff ? 2 : 1;
    if (isWordPoint(point)) {
      if (points === 0) {
        word.start = at;
        hash = 0;
      }
      points++;
      hash = Math.imul(hash ^ point, 0x9e3779b1);
      hash ^= hash >>> 15;
    } else if (points > 0) {
      if (points > 1) {
        word.end = at;
        word.hash = hash;
        onWord(word);
      }
      points = 0;
    }
  }
};

/** The same words as strings. */
export const tokenise = (text: string): string[] => {
  const words: string[] = [];
  scanWords(text, (word) => words.push(word.text.slice(word.start, word.end)));
  return words;
};

/** Past the end stands a blank, so that the last word ends like the others. */
const pointAt = (text: string, at: number): number => {
  if (at === text.length) return 32;
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 ? text.codePointAt(at)! : unit;
};

/** What is a letter or a number, in pages of 256 code points, asked of the regular expression once per page. */
const pages: (Uint8Array | undefined)[] = [];
const makePage = (page: number): Uint8Array => {
  const made = Uint8Array.from({ length: 256 }, (_, i) => (/[\p{L}\p{N}_]/u.test(String.fromCodePoint(page * 256 + i)) ? 1 : 0));
  pages[page] = made;
  return made;
};
const latin = makePage(0);
const isWordPoint = (point: number): boolean =>
  (point < 256 ? latin[point] : (pages[point >>> 8] ?? makePage(point >>> 8))[point & 255]) === 1;
