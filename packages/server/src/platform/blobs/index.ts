export { type Blobs, createBlobs } from './blobs.ts';
export { type BlobReader, createBlobReader } from './read-blobs.ts';
export { atMost } from './at-most.ts';
export type { PutOptions, StoredBlob, StoredDigest, StoredTree } from './stored.ts';
