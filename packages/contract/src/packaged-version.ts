import type { TreeDigest } from './digest.ts';
import { AppError } from './errors.ts';
import type { Signature } from './model.ts';
import type { ModelVersion } from './registry.ts';

/** A version whose files are ours to read. */
export type StoredVersion = ModelVersion & { readonly digest: TreeDigest };
/** One whose files say what it takes and gives. */
export type PackagedVersion = StoredVersion & { readonly signature: Signature };

export const requireFiles = (version: ModelVersion): StoredVersion => {
  if (version.digest !== null) return version as StoredVersion;
  const from = version.source === null ? '' : ` (it comes from ${version.source})`;
  throw noPackage(version, `its files are not in Boucle's store${from}: register it from what a run logged here`);
};
export const requirePackage = (version: ModelVersion): PackagedVersion => {
  const stored = requireFiles(version);
  if (stored.signature !== null) return stored as PackagedVersion;
  throw noPackage(version, 'its files do not say, in a form that is known here, what it takes and gives');
};
const noPackage = ({ model, number }: ModelVersion, why: string): AppError =>
  new AppError('failed_precondition', `${model}/${number} is no package that can be used: ${why}`, {
    reason: 'not_a_package',
    details: { model, number },
  });
