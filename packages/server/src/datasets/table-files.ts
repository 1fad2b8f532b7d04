import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BlobDigest } from '@boucle/contract';
import type { Blobs } from '../platform/blobs/index.ts';
import { requireStored } from '../projects/index.ts';

interface Kept {
  readonly file: Promise<string>;
  users: number;
}

/** Stored tables as files that an engine can open: checked copies, the most recently used few of which stay. */
export const createTableFiles = ({ blobs, folder, keep = 8 }: { blobs: Blobs; folder: string; keep?: number }) => {
  /** In the order of their last use. */
  const kept = new Map<BlobDigest, Kept>();

  const copy = async (blob: BlobDigest): Promise<string> => {
    // A name of its own: the last copy of the same blob may be on its way out.
    const file = path.join(folder, `${randomUUID()}.parquet`);
    await requireStored(blobs, blob);
    await mkdir(folder, { recursive: true });
    await blobs.copyTo(blob, file);
    return file;
  };
  const forgetOldest = async (): Promise<void> => {
    const idle = [...kept].filter(([, { users }]) => users === 0);
    for (const [blob, { file }] of idle.slice(0, Math.max(0, kept.size - keep))) {
      kept.delete(blob);
      await rm(await file, { force: true });
    }
  };

  return {
    /** The file is there until `work` has ended. */
    use: async <T>(blob: BlobDigest, work: (file: string) => Promise<T>): Promise<T> => {
      const entry = kept.get(blob) ?? { file: copy(blob), users: 0 };
      kept.delete(blob);
      kept.set(blob, entry);
      entry.users += 1;
      try {
        return await work(
          await entry.file.catch((error: unknown) => {
            if (kept.get(blob) === entry) kept.delete(blob);
            throw error;
          }),
        );
      } finally {
        entry.users -= 1;
        await forgetOldest();
      }
    },
  };
};
