import { readFileSync, readdirSync } from 'node:fs';

/** Kills this process and all that came of it: its group, and who left the group but was born with the mark in its environment. */
export const endFamily = (): void => {
  for (const pid of marked()) kill(pid);
  // Started by hand, it leads no group.
  if (!kill(-process.pid)) kill(process.pid);
};

/** Only Linux tells what environment other processes have. */
const marked = (): number[] => {
  const id = process.env['BOUCLE_CHILD'];
  if (process.platform !== 'linux' || id === undefined) return [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => pid !== process.pid && environmentOf(pid).includes(`BOUCLE_CHILD=${id}`));
};

const environmentOf = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // gone meanwhile, or not ours to read
  }
};

const kill = (pid: number): boolean => {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // gone in the same moment
  }
};
