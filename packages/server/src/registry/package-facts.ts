import { AppError, type TreeDigest } from '@boucle/contract';
import type { Blobs } from '../platform/blobs/index.ts';
import { describePackage, type PackageInfo } from './describe-package.ts';

/** What can be told of a folder that a client logged: it need not be a package at all. One that says it is ours has to be whole. */
export const packageFacts = async (parts: { blobs: Blobs; scratch: string }, digest: TreeDigest): Promise<PackageInfo> => {
  try {
    return await describePackage(parts, digest);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'failed_precondition' || (await isOurs(parts, digest))) throw error;
    const blobs = (await parts.blobs.tree(digest)).map(({ blob }) => blob);
    return { digest, task: null, signature: null, labels: [], blobs: [...new Set(blobs)] };
  }
};
const longestMlModel = 1024 * 1024;

/** Ours is JSON, which is YAML too. */
const isOurs = async ({ blobs }: { blobs: Blobs }, digest: TreeDigest): Promise<boolean> => {
  const mlModel = (await blobs.tree(digest)).find(({ path }) => path === 'MLmodel');
  if (!mlModel || mlModel.size > longestMlModel) return false;
  try {
    return 'boucle' in (JSON.parse(await blobs.readText(mlModel.blob)) as { flavors: object }).flavors;
  } catch {
    // No JSON, so none of ours.
    return false;
  }
};
