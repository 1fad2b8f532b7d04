import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** Only Linux tells what other processes hold. Elsewhere memory is bounded by the heap flag alone, and CPU time is not known. */
export const canMeasure = existsSync('/proc/self/auxv') && existsSync('/proc/self/stat');

export interface ProcessStat {
  readonly zombie: boolean;
  readonly group: number;
  /** Its own time, and that of the children it has waited for. */
  readonly cpuSeconds: number;
  /** Clock ticks since boot. */
  readonly startedAt: number;
  readonly memoryBytes: number;
}

/** `undefined` for a process that has gone. */
export const readStat = (pid: number): ProcessStat | undefined => {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name stands in parentheses and may hold any character, so the fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (index: number) => Number(fields[index]);
  return {
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    group: at(2),
    cpuSeconds: (at(11) + at(12) + at(13) + at(14)) / ticksPerSecond,
    startedAt: at(19),
    memoryBytes: at(21) * pageBytes,
  };
};

/** Memory where what is shared counts once, divided among those who share it. Dear: the kernel walks every page. */
export const readShare = (pid: number): number => {
  const share = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return share === undefined ? (readStat(pid)?.memoryBytes ?? 0) : Number(share) * 1024;
};

/**
 * The processes in the group of `leader`, and those who left it (setsid) but carry `mark` in the environment they were born with.
 * A process is looked at once, when it is first seen: reading all of them each time would hold the event loop up.
 */
export const findMembers = (leader: number, mark: string): number[] => {
  if (!canMeasure) return [leader];
  const present = new Set(readdirSync('/proc').map(Number).filter(Number.isInteger));
  for (const pid of known.keys()) if (!present.has(pid)) known.delete(pid);
  for (const pid of present) if (!known.has(pid)) known.set(pid, look(pid));
  return [...known].filter(([, seen]) => seen.group === leader || seen.mark === mark).map(([pid]) => pid);
};

const look = (pid: number): { group: number; mark?: string | undefined } => {
  const stat = readStat(pid);
  // Older than this process, it cannot descend from it. Others' processes may not be asked.
  const environment = stat && stat.startedAt >= ownStart ? read(`/proc/${pid}/environ`) : undefined;
  return { group: stat?.group ?? 0, mark: environment?.split('\0').find((variable) => variable.startsWith('BOUCLE_CHILD=')) };
};

const known = new Map<number, ReturnType<typeof look>>();

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // gone between listing and reading, or not ours to read
  }
};

/** USER_HZ is 100 wherever Node runs; the page size differs (arm64 has 4, 16 and 64 KiB) and stands in the auxiliary vector as type 6. */
const ticksPerSecond = 100;
const readPageBytes = (): number => {
  if (!canMeasure) return 4096;
  const vector = readFileSync('/proc/self/auxv');
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (vector.readBigUInt64LE(at) === 6n) return Number(vector.readBigUInt64LE(at + 8));
  }
  return 4096;
};
const pageBytes = readPageBytes();
const ownStart = readStat(process.pid)?.startedAt ?? 0;
