import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, type Signature, type TreeDigest } from '@boucle/contract';
import { readMlModel } from '@boucle/models';
import type { Blobs } from '../platform/blobs/index.ts';

/** What a package says of itself, and the blobs it is made of. */
export interface PackageInfo {
  readonly digest: TreeDigest;
  readonly task: string;
  readonly signature: Signature;
  readonly labels: string[];
  readonly blobs: readonly BlobDigest[];
}

/** Reads what has to be known of a package to register it; its weights are looked at when it is deployed. */
export const describePackage = async ({ blobs, scratch }: { blobs: Blobs; scratch: string }, digest: TreeDigest): Promise<PackageInfo> => {
  const entries = await blobs.tree(digest);
  const blobOf = (file: string): BlobDigest => {
    const entry = entries.find((one) => one.path === file);
    if (!entry) throw damaged(`it has no file ${file}`);
    return entry.blob;
  };
  const folder = await mkdtemp(path.join(scratch, 'package-'));
  try {
    await blobs.copyTo(blobOf('MLmodel'), path.join(folder, 'MLmodel'));
    const { task, signature, data, inputExample, expectedOutput } = await readMlModel(folder);
    for (const file of [data.vocabulary, data.weights, inputExample, expectedOutput]) blobOf(file);
    const labels = labelsIn(await blobs.readText(blobOf(data.labels)), data.labels);
    return { digest, task, signature, labels, blobs: [...new Set(entries.map(({ blob }) => blob))] };
  } finally {
    await rm(folder, { recursive: true });
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
