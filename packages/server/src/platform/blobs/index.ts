export { type Blobs, createBlobs } from './blobs.ts';
export type { PutOptions, StoredBlob, StoredDigest, StoredTree } from './stored.ts';
