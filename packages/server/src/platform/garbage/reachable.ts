import { AppError, blobDigest, hexOf, treeDigest } from '@boucle/contract';
import { atMost, type BlobReader } from '../blobs/index.ts';
import type { Mentions } from './mentions.ts';

const treesAtOnce = 8;

export interface Reachable {
  /** Digits of what is named, and of what is listed. It need not be there: values have trees that are made when they are needed. */
  readonly all: ReadonlySet<string>;
  /** By trees that are there: these were there too. */
  readonly listed: ReadonlySet<string>;
}

/** All that is meant by what is named. A tree that cannot be read is for `unreadable` to bear, for nobody knows what it lists. */
export const reachable = async (
  blobs: BlobReader,
  { blobs: named, trees }: Mentions,
  unreadable: (error: unknown) => void,
): Promise<Reachable> => {
  const listed = new Set<string>();
  await atMost(treesAtOnce, [...trees], async (hex) => {
    if (!(await blobs.has(treeDigest(hex)))) return;
    try {
      for (const { blob } of await blobs.tree(treeDigest(hex))) listed.add(hexOf(blob));
    } catch (error) {
      // A text of somebody's says that a file is a tree; it is whole, and lists nothing.
      if (!(error instanceof AppError && (error.reason === 'bad_tree' || error.reason === 'blob_too_large'))) unreadable(error);
    }
  });
  return { all: new Set([...named, ...trees, ...listed]), listed };
};

/** What a blob lists, if it is the listing of a tree, whoever it was that put it; so it is known before anything names it. */
export const listedIn = async (blobs: BlobReader, hex: string): Promise<string[]> => {
  const start = listing.slice(0, (await blobs.stat(blobDigest(hex))).size);
  const [head] = (await (await blobs.read(blobDigest(hex), { start: 0, end: start.length })).toArray()) as Buffer[];
  if (start.length < listing.length || head?.toString() !== listing) return [];
  try {
    return (await blobs.tree(treeDigest(hex))).map(({ blob }) => hexOf(blob));
  } catch {
    // A file of somebody's that begins like one.
    return [];
  }
};
const listing = '{"entries":[';
