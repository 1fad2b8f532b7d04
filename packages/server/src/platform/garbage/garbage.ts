import { type BlobDigest, blobDigest, hexOf } from '@boucle/contract';
import { atMost, type Blobs } from '../blobs/index.ts';
import { atOneMoment } from '../db/index.ts';
import { lockMaintenance } from '../lock/index.ts';
import { exceptions } from './exceptions.ts';
import { mentionsInDatabase } from './mentions.ts';
import { noteMentionsInLogs } from './mentions-in-log.ts';
import { listedIn, reachable } from './reachable.ts';

interface Parts {
  readonly database: string;
  readonly blobs: Blobs;
  /** The data directory, and where the logs lie. */
  readonly folder: string;
  readonly logs: string;
  /** Nobody may read these any more, from now on. */
  readonly forget: (digests: readonly BlobDigest[]) => Promise<void>;
  readonly now?: () => number;
}
export interface Amount {
  blobs: number;
  bytes: number;
}
export interface Collected {
  /** Named by something. */
  readonly kept: Amount;
  /** Named by nothing, and written or asked for within the grace, or listed by what was. */
  readonly young: Amount;
  /** Gone; in a dry run, what would be. */
  readonly freed: Amount;
  /** The largest of those. */
  readonly largest: Freed[];
}
interface Freed {
  readonly digest: BlobDigest;
  readonly size: number;
  readonly modifiedAt: string;
}
interface Stored {
  readonly hex: string;
  readonly size: number;
  readonly modifiedMs: number;
}

const statsAtOnce = 8;
const removedAtOnce = 256;
const shown = 20;

/** Frees blobs that nothing names any more, in the process that owns them. Why it is safe beside writers: docs/decisions/0015. */
export const createGarbage = ({ database, blobs, folder, logs, forget, now = Date.now }: Parts) => {
  const stored = async (): Promise<Stored[]> => {
    const found: Stored[] = [];
    let some: BlobDigest[] = [];
    const look = async (): Promise<void> => {
      const stats = await atMost(statsAtOnce, some, blobs.stat);
      found.push(...stats.map(({ size, modifiedMs }, i) => ({ hex: hexOf(some[i]!), size, modifiedMs })));
      some = [];
    };
    for await (const digest of blobs.digests()) if (some.push(digest) === 1000) await look();
    await look();
    return found;
  };

  const collect = async ({ graceMs, dryRun }: { graceMs: number; dryRun: boolean }): Promise<Collected> => {
    const before = new Date(now() - graceMs);
    const mentions = await atOneMoment(database, (moment) => mentionsInDatabase(moment, exceptions));
    await noteMentionsInLogs(logs, mentions);
    const { all: needed } = await reachable(blobs, mentions, (error) => {
      throw error;
    });
    // Listed after the rows were read: what was named since is young.
    const all = await stored();
    const unnamed = all.filter(({ hex }) => !needed.has(hex));
    const isYoung = ({ modifiedMs }: Stored): boolean => modifiedMs >= before.getTime();
    const young = new Set(unnamed.filter(isYoung).map(({ hex }) => hex));
    for (const hex of young) for (const listed of await listedIn(blobs, hex)) young.add(listed);

    const old = unnamed.filter(({ hex }) => !young.has(hex));
    const freed = dryRun ? old : await remove(old, before);
    return {
      kept: amountOf(all.filter(({ hex }) => needed.has(hex))),
      young: amountOf(unnamed.filter(({ hex }) => young.has(hex))),
      freed: amountOf(freed),
      largest: freed
        .toSorted((a, b) => b.size - a.size)
        .slice(0, shown)
        .map(freedOf),
    };
  };

  const remove = async (old: readonly Stored[], before: Date): Promise<Stored[]> => {
    const byHex = new Map(old.map((one) => [one.hex, one]));
    const removed: Stored[] = [];
    for (let i = 0; i < old.length; i += removedAtOnce) {
      const some = old.slice(i, i + removedAtOnce).map(({ hex }) => blobDigest(hex));
      for (const digest of await blobs.removeOld(some, { before, forget })) removed.push(byHex.get(hexOf(digest))!);
    }
    return removed;
  };

  return {
    collect: async (asked: { graceMs: number; dryRun: boolean }): Promise<Collected> => {
      const lock = await lockMaintenance(folder);
      try {
        return await collect(asked);
      } finally {
        lock.release();
      }
    },
  };
};
export type Garbage = ReturnType<typeof createGarbage>;

const amountOf = (some: readonly Stored[]): Amount => ({ blobs: some.length, bytes: some.reduce((sum, { size }) => sum + size, 0) });
const freedOf = ({ hex, size, modifiedMs }: Stored): Freed => ({
  digest: blobDigest(hex),
  size,
  modifiedAt: new Date(modifiedMs).toISOString(),
});
