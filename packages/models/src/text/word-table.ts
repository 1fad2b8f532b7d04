import type { Word } from './scan-words.ts';

const grown = <A extends Int32Array | Uint16Array>(array: A, make: (length: number) => A): A => {
  const larger = make(array.length * 2);
  larger.set(array);
  return larger;
};
const int32 = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
const uint16 = (length: number): Uint16Array<ArrayBuffer> => new Uint16Array(length);

/** A slot is chosen by the low bits, so the high ones must reach them. */
const spread = (hash: number): number => hash ^ (hash >>> 16);

/**
 * Numbers words 0, 1, 2 … in the order of their coming. Letters are kept and compared, so two words never share a number;
 * words whose hashes meet cost a further look, nothing else.
 */
export const createWordTable = () => {
  let size = 0;
  let letters = uint16(1 << 12);
  /** Where each word's letters begin; those of word `id` end where the next one's begin. */
  let begins = int32(1 << 9);
  let hashes = int32(1 << 8);
  let slots = int32(1 << 9).fill(-1);

  const isAt = (id: number, { text, start, end, hash }: Word): boolean => {
    const begin = begins[id]!;
    if (hashes[id] !== hash || begins[id + 1]! - begin !== end - start) return false;
    for (let i = start; i < end; i++) if (letters[begin + i - start] !== text.charCodeAt(i)) return false;
    return true;
  };

  /** The slot that holds the word, or the empty one where it belongs. */
  const slotOf = (word: Word): number => {
    const mask = slots.length - 1;
    let slot = spread(word.hash) & mask;
    while (slots[slot] !== -1 && !isAt(slots[slot]!, word)) slot = (slot + 1) & mask;
    return slot;
  };

  const rehash = (): void => {
    slots = int32(slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < size; id++) {
      let slot = spread(hashes[id]!) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
  };

  const append = ({ text, start, end, hash }: Word): number => {
    const begin = begins[size]!;
    while (begin + end - start > letters.length) letters = grown(letters, uint16);
    for (let i = start; i < end; i++) letters[begin + i - start] = text.charCodeAt(i);
    if (size === hashes.length) hashes = grown(hashes, int32);
    if (size + 2 > begins.length) begins = grown(begins, int32);
    hashes[size] = hash;
    begins[size + 1] = begin + end - start;
    return size++;
  };

  return {
    get size() {
      return size;
    },
    /** The word's number, or -1. */
    find: (word: Word): number => slots[slotOf(word)]!,
    /** The word's number, a new one if need be. */
    add: (word: Word): number => {
      const slot = slotOf(word);
      const held = slots[slot]!;
      if (held !== -1) return held;
      const id = append(word);
      slots[slot] = id;
      if (size * 2 > slots.length) rehash();
      return id;
    },
    text: (id: number): string => {
      const own = letters.subarray(begins[id], begins[id + 1]);
      let text = '';
      // One call takes only so many arguments, and a word may be a megabyte long.
      for (let i = 0; i < own.length; i += 8192) text += String.fromCharCode(...own.subarray(i, i + 8192));
      return text;
    },
  };
};
