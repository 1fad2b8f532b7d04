import path from 'node:path';
import { type BlobDigest, hexOf } from '@boucle/contract';
import { type Files, ensureFolder, hasCode, onStorage, shareSync } from '../files/index.ts';
import type { openStore } from './store.ts';
import type { PutOptions } from './stored.ts';

/**
 * `<folder>/parts/<group>-<digits>`: pieces of something that is not whole yet. They are no blobs, for these are shared, and nobody
 * could tell whether one that is given up is another's too. What a put answered is durable.
 */
export const openParts = async (folder: string, files: Files, store: Awaited<ReturnType<typeof openStore>>) => {
  const partsFolder = path.join(folder, 'parts');
  await onStorage(folder, () => ensureFolder(files, partsFolder));
  const sync = shareSync(() => files.syncFolder(partsFolder));
  const pathOf = (group: string, digest: BlobDigest): string => path.join(partsFolder, `${group}-${hexOf(digest)}`);
  const names = async (): Promise<string[]> => (await files.list(partsFolder)).map(({ name }) => name);

  return {
    put: (group: string, source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<{ digest: BlobDigest; size: number }> =>
      store.take(source, options, async (temporary, taken) => {
        await files.rename(temporary, pathOf(group, taken.digest));
        await sync();
        return taken;
      }),
    /** One after the other. */
    read: async function* (group: string, digests: readonly BlobDigest[]): AsyncGenerator<Uint8Array> {
      for (const digest of digests) yield* files.read(pathOf(group, digest));
    },
    remove: async (group: string): Promise<void> => {
      for (const name of (await names()).filter((one) => one.startsWith(`${group}-`))) {
        try {
          await files.unlink(path.join(partsFolder, name));
        } catch (error) {
          // Another was quicker.
          if (!hasCode(error, 'ENOENT')) throw error;
        }
      }
    },
    groups: async (): Promise<string[]> => [...new Set((await names()).map((name) => name.slice(0, name.lastIndexOf('-'))))],
  };
};
