/** Later than this, a run was missed. */
export const graceMs = 60_000;

interface Passed {
  /** What became due, oldest first. */
  readonly due: readonly Date[];
  /** Whether nothing more is due by now. */
  readonly isAll: boolean;
  readonly now: Date;
  readonly missed: 'skip' | 'last' | 'all';
  /** Times at which a timer woke, however long ago that seems now. */
  readonly met: ReadonlySet<number>;
}

/** Which of the due times are run, and how many are passed over. */
export const toRun = ({ due, isAll, now, missed, met }: Passed): { run: Date[]; passedOver: number } => {
  const isMissed = (time: Date): boolean => !met.has(time.getTime()) && now.getTime() - time.getTime() > graceMs;
  // The last of those missed makes up for nothing where a later one runs anyway.
  const last = isAll ? due.at(-1) : undefined;
  const run = due.filter((time) => !isMissed(time) || missed === 'all' || (missed === 'last' && time === last));
  return { run, passedOver: due.length - run.length };
};
