import { open } from 'node:fs/promises';

export type Format = 'csv' | 'tsv' | 'jsonl' | 'parquet';

/** What a file is, from its first bytes: Parquet says so itself, JSON Lines by an object first, a text by the delimiter that its first line has most of. */
export const sniffFormat = async (path: string, said?: Format): Promise<{ format: Format; delimiter: string }> => {
  if (said === 'tsv') return { format: said, delimiter: '\t' };
  if (said === 'jsonl') return { format: said, delimiter: '' };
  const head = await firstBytes(path, 65_536);
  if (said === 'parquet' || (said === undefined && head.subarray(0, 4).equals(Buffer.from('PAR1'))))
    return { format: 'parquet', delimiter: '' };
  if (said === undefined && beginsWithObject(head.toString('utf8'))) return { format: 'jsonl', delimiter: '' };
  const delimiter = mostFrequentDelimiter(head.toString('latin1'));
  return { format: said ?? (delimiter === '\t' ? 'tsv' : 'csv'), delimiter };
};

const firstBytes = async (path: string, size: number): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** A first line too long to be whole here is one all the same: no header of a table begins with a brace and a quoted name with a colon. */
const beginsWithObject = (text: string): boolean => /^\ufeff?\s*\{\s*(\}|"(?:[^"\\]|\\.)*"\s*:)/.test(text);

/** The first line counts, without what stands in quotes; a comma where nothing is found. */
const mostFrequentDelimiter = (text: string): string => {
  const bare = text.replaceAll(/"[^"]*"/g, '');
  const line = /^[^\r\n]*/.exec(bare)?.[0] ?? '';
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
};
