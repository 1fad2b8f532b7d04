import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Whoever works touches the lock more often than that; one that is older is of a process that died. */
const staleMs = 60_000;

/** Does some work while no other process does what has the same lock; others wait. */
export const oneAtATime = async <T>(lock: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
  await mkdir(dirname(lock), { recursive: true });
  while (!(await take(lock))) await wait(100, undefined, { signal });
  const touch = (): void => void utimes(lock, new Date(), new Date()).catch(() => {});
  const beat = setInterval(touch, staleMs / 4).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(lock, { force: true });
  }
};

const take = async (lock: string): Promise<boolean> => {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const touched = await stat(lock).catch(() => undefined);
    if (touched && Date.now() - touched.mtimeMs > staleMs) await rm(lock, { force: true });
    return false;
  }
};
