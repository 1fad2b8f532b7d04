import type { StoredDigest } from './stored.ts';
import { hexOf } from '@boucle/contract';

/**
 * Who brings a blob and who takes it away, one at a time for each digest: a put that was answered must not be undone by a removal that had
 * looked before it. Several may bring the same one at once.
 */
export const createComings = () => {
  const coming = new Map<string, number>();
  const going = new Map<string, Promise<unknown>>();

  return {
    /** Waits for whoever takes it away, and keeps the next one from doing so while it works. */
    stays: async <T>(digest: StoredDigest, work: () => Promise<T>): Promise<T> => {
      const hex = hexOf(digest);
      while (going.has(hex)) await going.get(hex);
      coming.set(hex, (coming.get(hex) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const others = coming.get(hex)! - 1;
        if (others === 0) coming.delete(hex);
        else coming.set(hex, others);
      }
    },
    /** Of these, the ones that nobody brings just now. */
    goes: async <D extends StoredDigest, T>(digests: readonly D[], work: (free: readonly D[]) => Promise<T>): Promise<T> => {
      const free = digests.filter((digest) => !coming.has(hexOf(digest)) && !going.has(hexOf(digest)));
      const { promise, resolve } = Promise.withResolvers<void>();
      for (const digest of free) going.set(hexOf(digest), promise);
      try {
        return await work(free);
      } finally {
        for (const digest of free) going.delete(hexOf(digest));
        resolve();
      }
    },
  };
};
