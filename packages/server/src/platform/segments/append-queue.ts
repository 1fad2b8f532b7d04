import { type Entry, sizeOf } from './frame.ts';

export interface Waiting extends Entry {
  readonly level: 'written' | 'synced';
  readonly resolve: (position: { segment: string; offset: number }) => void;
  readonly reject: (reason: unknown) => void;
}

/** Entries that come while others are carried out wait, and then go together. `carryOut` answers each, and never fails. */
export const createAppendQueue = (carryOut: (batch: readonly Waiting[]) => Promise<void>, batchBytes: number) => {
  const queue: Waiting[] = [];
  let bytes = 0;
  let isDraining = false;
  let last: Promise<unknown> = Promise.resolve();
  /** Between two batches. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {}); // Its caller hears of it.
    return mine;
  };

  const nextBatch = (): Waiting[] => {
    let sum = 0;
    const tooMany = queue.findIndex((waiting) => (sum += sizeOf(waiting)) > batchBytes);
    return queue.splice(0, tooMany === -1 ? queue.length : Math.max(1, tooMany));
  };
  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = nextBatch();
      await carryOut(batch);
      for (const waiting of batch) bytes -= sizeOf(waiting);
    }
    isDraining = false;
  };

  return {
    inTurn,
    /** Of what waits or is being carried out. */
    bytes: (): number => bytes,
    add: (waiting: Waiting): void => {
      queue.push(waiting);
      bytes += sizeOf(waiting);
      if (isDraining) return;
      isDraining = true;
      void inTurn(drain);
    },
  };
};
