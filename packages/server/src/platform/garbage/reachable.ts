import { blobDigest, hexOf, treeDigest } from '@boucle/contract';
import { atMost, type BlobReader } from '../blobs/index.ts';
import type { Mentions } from './mentions.ts';

const treesAtOnce = 8;

/**
 * The digits of all that is named, and of what named trees list. What is named need not be there: values have trees that are made
 * when they are needed. A tree that cannot be read stops it, for nobody knows what it lists, unless `unreadable` takes that on itself.
 */
export const reachable = async (
  blobs: BlobReader,
  { blobs: named, trees }: Mentions,
  unreadable: (error: unknown) => void = (error) => {
    throw error;
  },
): Promise<Set<string>> => {
  const found = new Set([...named, ...trees]);
  await atMost(treesAtOnce, [...trees], async (hex) => {
    if (!(await blobs.has(treeDigest(hex)))) return;
    try {
      for (const { blob } of await blobs.tree(treeDigest(hex))) found.add(hexOf(blob));
    } catch (error) {
      unreadable(error);
    }
  });
  return found;
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
