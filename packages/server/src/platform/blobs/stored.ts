import type { BlobDigest, TreeDigest, TreeEntry } from '@boucle/contract';

/** Both name bytes: a tree's listing is stored under its digits. */
export type StoredDigest = BlobDigest | TreeDigest;
export interface PutOptions {
  /** What the bytes have to be. */
  expected?: StoredDigest | undefined;
  maxBytes?: number | undefined;
}
export interface StoredBlob {
  readonly digest: BlobDigest;
  readonly size: number;
  /** False where it was there before. */
  readonly created: boolean;
}
export interface StoredTree {
  readonly tree: TreeDigest;
  readonly entries: readonly TreeEntry[];
}
