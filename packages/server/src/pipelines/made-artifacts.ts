import { createHash } from 'node:crypto';
import { blobDigest, type BlobDigest, canonicalJson, type RowsDigest, type StepArtifact, treeDigest, treeListing } from '@boucle/contract';
import { type ArtifactManifest, contentOf } from '@boucle/project/runner';
import type { Blobs } from '../platform/blobs/index.ts';

/** Artifacts that no step made: a value that an effect gives back, a dataset version that a pipeline takes. */
interface StoredTable {
  readonly blob: BlobDigest;
  readonly size: number;
  readonly rows: number;
  readonly digest: RowsDigest;
}
const format = 'boucle.artifact/1';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const foldedOf = (files: Readonly<Record<string, string | { blob: BlobDigest; size: number }>>) => {
  const entries = Object.entries(files).map(([path, content]) =>
    typeof content === 'string' ? { path, blob: blobDigest(sha256(content)), size: Buffer.byteLength(content) } : { path, ...content },
  );
  const listing = treeListing(entries);
  const texts = [...Object.values(files).filter((content) => typeof content === 'string'), listing];
  return { tree: treeDigest(sha256(listing)), texts };
};

const manifestOf = (manifest: Omit<ArtifactManifest, 'format'>): string =>
  canonicalJson({ format, ...manifest } satisfies ArtifactManifest);
const digestOf = (value: unknown): BlobDigest => blobDigest(sha256(canonicalJson(value)));
const valueFiles = (value: unknown) => ({
  'manifest.json': manifestOf({ kind: 'value', digest: digestOf(value) }),
  [contentOf.value]: canonicalJson(value),
});
const tableFiles = ({ blob, size, rows, digest }: StoredTable) => ({
  'manifest.json': manifestOf({ kind: 'table', digest, rows }),
  [contentOf.table]: { blob, size },
});

export const valueArtifact = (value: unknown): StepArtifact => ({
  kind: 'value',
  digest: digestOf(value),
  tree: foldedOf(valueFiles(value)).tree,
  value,
});

/** A stored Parquet as the artifact that steps take. Its bytes are there already. */
export const tableArtifact = async (blobs: Blobs, table: StoredTable): Promise<StepArtifact> => {
  const { tree, texts } = foldedOf(tableFiles(table));
  for (const text of texts) await blobs.putBytes(text);
  return { kind: 'table', digest: table.digest, tree, rows: table.rows };
};

/** The folder of a value is made when somebody takes it. */
export const holdValues = async (blobs: Blobs, artifacts: readonly StepArtifact[]): Promise<void> => {
  for (const { kind, value } of artifacts) {
    if (kind !== 'value' || value === undefined) continue;
    const { texts } = foldedOf(valueFiles(value));
    const missing = new Set(await blobs.missing(texts.map((text) => blobDigest(sha256(text)))));
    for (const text of texts) if (missing.has(blobDigest(sha256(text)))) await blobs.putBytes(text);
  }
};
