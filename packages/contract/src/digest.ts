/** `blob:` names bytes, `tree:` a folder, `rows:` a table whatever file carried it. SHA-256, in hexadecimal digits. */
export type BlobDigest = `blob:${string}`;
export type TreeDigest = `tree:${string}`;
export type RowsDigest = `rows:${string}`;
export type Digest = BlobDigest | TreeDigest | RowsDigest;

export interface TreeEntry {
  readonly path: string;
  readonly blob: BlobDigest;
  readonly size: number;
}

const pattern = /^(blob|tree|rows):[0-9a-f]{64}$/;
export const isDigest = (text: string): text is Digest => pattern.test(text);
/** The 64 digits, without the kind. */
export const hexOf = (digest: Digest): string => digest.slice(5);
export const blobDigest = (hex: string): BlobDigest => `blob:${hex}`;
export const treeDigest = (hex: string): TreeDigest => `tree:${hex}`;
export const rowsDigest = (hex: string): RowsDigest => `rows:${hex}`;

/**
 * JSON with one way to write each value: keys sorted by code unit, no blanks (RFC 8785 for what JSON.parse can give).
 * What JSON cannot say (undefined, functions, NaN) throws, so that no two values share a text.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} has no canonical JSON`);
    return JSON.stringify(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
  }
  throw new TypeError(`A ${typeof value} has no canonical JSON`);
};

/** The bytes whose SHA-256 is a `tree:` digest. The listing is itself stored as a blob of the same digits. */
export const treeListing = (entries: readonly TreeEntry[]): string =>
  canonicalJson({
    format: 'boucle.tree/1',
    entries: entries.map(({ path, blob, size }) => ({ path, blob, size })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  });

/** The reverse of `treeListing`. */
export const readTreeListing = (text: string): TreeEntry[] => {
  const listing = JSON.parse(text) as { format?: string; entries?: TreeEntry[] };
  if (listing.format !== 'boucle.tree/1' || !listing.entries) throw new RangeError('Not a listing of a tree');
  return listing.entries;
};
