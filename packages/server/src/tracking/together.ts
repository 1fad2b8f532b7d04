/**
 * Statements asked at once: SQLite's thread gets them in one message. All have ended before the first failure is told,
 * so that none is still to come when its write is undone.
 */
export const together = async <const T extends readonly unknown[]>(asked: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  const ended = await Promise.allSettled(asked);
  const failed = ended.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return ended.map((end) => (end as PromiseFulfilledResult<unknown>).value) as { -readonly [K in keyof T]: Awaited<T[K]> };
};
