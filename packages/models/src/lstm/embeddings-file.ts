import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { invalid } from '@boucle/contract';

export interface WordVectors {
  readonly size: number;
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/** Longer vectors are no word vectors, and a file that claims them could fill the memory. */
const largest = 10_000;

/**
 * Vectors of the words that are wanted, from a text file: a line per word, which is followed by its numbers, all separated by one blank.
 * The first line may be word2vec's `count size`. The first of two vectors for one word counts. A line that is not so is refused by its number.
 */
export const readWordVectors = async (path: string, isWanted: (word: string) => boolean): Promise<WordVectors> => {
  const vectors = new Map<string, Float32Array>();
  let size = 0;
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      number++;
      if (number === 1 && /^\d+ \d+\s*$/.test(line)) continue;
      const [word, numbers] = splitLine(line, size);
      size ||= numbers.length;
      if (numbers.length !== size || size === 0 || size > largest) {
        throw broken(path, number, `it has ${numbers.length} numbers, not ${size === 0 || size > largest ? `1 to ${largest}` : size}`);
      }
      if (!isWanted(word) || vectors.has(word)) continue;
      const vector = Float32Array.from(numbers, Number);
      if (!vector.every(Number.isFinite) || numbers.includes('')) throw broken(path, number, 'not all that follows the word are numbers');
      vectors.set(word, vector);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
    throw invalid(`The embeddings ${path} cannot be read (${code}); give the path of a text file`, 'no_embeddings', { path });
  }
  if (size === 0) throw invalid(`The embeddings ${path} hold no vectors`, 'bad_embeddings', { path });
  return { size, vectors };
};

/** Words of some GloVe files hold blanks, so once the size is known numbers are counted from the end. */
const splitLine = (line: string, size: number): [word: string, numbers: string[]] => {
  const parts = line.trimEnd().split(' ');
  const from = size === 0 ? 1 : Math.max(1, parts.length - size);
  return [parts.slice(0, from).join(' '), parts.slice(from)];
};

const broken = (path: string, line: number, why: string): Error =>
  invalid(`Line ${line} of the embeddings ${path} is no word with its vector: ${why}`, 'bad_embeddings', { path, line });
