import type { TreeDigest } from '@boucle/contract';
import type { ServedModel } from './served-model.ts';

/** The right to ask a loaded model, until it is let go. */
export interface Lease {
  readonly model: ServedModel;
  /** Another one, at once: the model is there. */
  again(): Lease;
  letGo(): void;
}
interface Held {
  readonly model: Promise<ServedModel>;
  leases: number;
}

/** Models by digest: whoever wants the same package shares one, and it leaves with the last who does. */
export const createModelPool = (load: (digest: TreeDigest) => Promise<ServedModel>) => {
  const held = new Map<TreeDigest, Held>();
  const leaving = new Set<Promise<void>>();

  const release = (digest: TreeDigest, entry: Held, model: ServedModel): void => {
    if (--entry.leases > 0) return;
    held.delete(digest);
    const left = model.close().finally(() => leaving.delete(left));
    leaving.add(left);
  };
  const leaseOf = (digest: TreeDigest, entry: Held, model: ServedModel): Lease => {
    let isHeld = true;
    return {
      model,
      again: () => {
        if (!isHeld) throw new Error('This lease was let go');
        entry.leases++;
        return leaseOf(digest, entry, model);
      },
      letGo: () => {
        if (isHeld) release(digest, entry, model);
        isHeld = false;
      },
    };
  };

  return {
    take: async (digest: TreeDigest): Promise<Lease> => {
      const entry = held.get(digest) ?? { model: load(digest), leases: 0 };
      held.set(digest, entry);
      entry.leases++;
      try {
        return leaseOf(digest, entry, await entry.model);
      } catch (error) {
        // Who asks again loads again.
        if (held.get(digest) === entry) held.delete(digest);
        throw error;
      }
    },
    /** Of models that are loaded, or are being loaded. */
    digests: (): TreeDigest[] => [...held.keys()],
    /** Once those that were let go have ended. */
    allLeft: async (): Promise<void> => {
      await Promise.all(leaving);
    },
  };
};
export type ModelPool = ReturnType<typeof createModelPool>;
