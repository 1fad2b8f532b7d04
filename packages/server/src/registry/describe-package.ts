import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, hexOf, type Signature, type TreeDigest } from '@boucle/contract';
import { digestsFile, type PackageKind, packageKindIn, parseDigests, readMlModel } from '@boucle/models';
import type { Blobs } from '../platform/blobs/index.ts';

/** What a package says of itself, and the blobs it is made of. */
export interface PackageInfo {
  readonly digest: TreeDigest;
  /** Null of what others logged. */
  readonly task: string | null;
  /** Null where only loading the model tells it. */
  readonly signature: Signature | null;
  readonly labels: string[];
  readonly blobs: readonly BlobDigest[];
}

/** Reads what has to be known of a package to register it; its weights are looked at when it is deployed. */
export const describePackage = async (parts: Parts, digest: TreeDigest): Promise<PackageInfo> => {
  const entries = await parts.blobs.tree(digest);
  const blobOf: BlobOf = (file) => {
    const entry = entries.find((one) => one.path === file);
    if (!entry) throw damaged(`it has no file ${file}`);
    return entry.blob;
  };
  const mlModelText = (): Promise<string> => parts.blobs.readText(blobOf('MLmodel'), { limit: longestMlModel });
  const found = await packageKindIn(
    entries.map(({ path: file }) => file),
    mlModelText,
  );
  const said = found.kind === 'boucle' ? await describeOurs(parts, blobOf) : { task: null, signature: signatureIn(found), labels: [] };
  return { ...said, digest, blobs: [...new Set(entries.map(({ blob }) => blob))] };
};

interface Parts {
  readonly blobs: Blobs;
  readonly scratch: string;
}
type BlobOf = (file: string) => BlobDigest;
const longestMlModel = 1024 * 1024;

const signatureIn = (found: Exclude<PackageKind, { kind: 'boucle' }>): Signature | null => {
  const { inputs, outputs } = found.kind === 'onnx' ? {} : found.said;
  return inputs && outputs ? { inputs: [...inputs], outputs: [...outputs] } : null;
};

const describeOurs = async ({ blobs, scratch }: Parts, blobOf: BlobOf): Promise<Pick<PackageInfo, 'task' | 'signature' | 'labels'>> => {
  const folder = await mkdtemp(path.join(scratch, 'package-'));
  try {
    await blobs.copyTo(blobOf('MLmodel'), path.join(folder, 'MLmodel'));
    const { task, signature, data, inputExample, expectedOutput, digests } = await readMlModel(folder);
    if (digests !== undefined) requireDigests(await blobs.readText(blobOf(digestsFile)), blobOf);
    for (const file of [...Object.values(data), inputExample, expectedOutput]) blobOf(file);
    const { labels: file } = data;
    const labels = file === undefined ? [] : labelsIn(await blobs.readText(blobOf(file)), file);
    return { task, signature, labels };
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Blobs are named by what they hold: nothing has to be read again. */
const requireDigests = (text: string, blobOf: (file: string) => BlobDigest): void => {
  for (const [file, digest] of parseDigests(text)) {
    if (hexOf(blobOf(file)) !== digest) throw damaged(`${file} does not have the digest that ${digestsFile} gives it`);
  }
};

const labelsIn = (text: string, file: string): string[] => {
  try {
    const labels = JSON.parse(text) as unknown;
    if (Array.isArray(labels) && labels.every((label) => typeof label === 'string')) return labels;
  } catch (cause) {
    throw damaged(`${file} is not JSON`, cause);
  }
  throw damaged(`${file} is no list of texts`);
};

const damaged = (what: string, cause?: unknown): AppError =>
  new AppError('failed_precondition', `The model package is damaged: ${what}; train it again, or upload it again`, {
    reason: 'damaged_package',
    cause,
  });
