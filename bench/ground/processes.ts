import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Leaders of groups that run now; whatever happens, none outlives the bench. */
const running = new Set<number>();
process.on('exit', () => running.forEach((pid) => signalGroup(pid, 'SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

export interface Program {
  readonly child: ChildProcess;
  /** Ends it and all that it started. */
  stop(): Promise<void>;
}
interface Started {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly ipc?: boolean;
}

/** Starts a program in a process group of its own. What it says is shown once it ends by itself. */
export const startProgram = (command: string, args: readonly string[], { env = {}, cwd, ipc = false }: Started = {}): Program => {
  const child = spawn(command, args, {
    detached: true,
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc' as const] : [])],
  });
  const pid = child.pid!;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  running.add(pid);
  let isStopping = false;
  const ended = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      running.delete(pid);
      resolve();
      if (!isStopping && code !== 0) throw new Error(`${command} ended by itself (${signal ?? code}):\n${said}`);
    }),
  );
  return {
    child,
    stop: async () => {
      isStopping = true;
      signalGroup(pid, 'SIGTERM');
      const patience = setTimeout(() => signalGroup(pid, 'SIGKILL'), 10_000);
      await ended;
      clearTimeout(patience);
      // Workers of a leader that went before them.
      signalGroup(pid, 'SIGKILL');
    },
  };
};

/** One of the programs in `bench/`, which talks with us over a channel. */
export const startOurs = (name: string, args: readonly string[]): Program =>
  startProgram(process.execPath, [path.join(import.meta.dirname, '..', `${name}.ts`), ...args], { ipc: true });

/** Lets others go first: what stands for programs on other machines must not take the server's CPU. */
export const giveWay = (pid: number): void => {
  setPriority(pid, 10);
  // Where Linux weighs sessions against each other, this counts, and the niceness alone does not.
  if (existsSync('/proc/self/autogroup')) writeFileSync(`/proc/${pid}/autogroup`, '10');
};

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
};

/** Waits for a first 200, asking every few milliseconds. */
export const untilHealthy = async (url: string, seconds = 300): Promise<void> => {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(5)) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
  }
  throw new Error(`${url} did not answer within ${seconds} s`);
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Memory of a process and all below it, those with a group of their own too: resident, where what processes share counts each time, and proportional, where it counts once. */
export const memoryOf = (root: number): { processes: number; rssMb: number; pssMb: number } => {
  const parents = parentOfEach();
  const isBelow = (pid: number | undefined): boolean => pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  const sum = { processes: 0, rssMb: 0, pssMb: 0 };
  for (const pid of [...parents.keys()].filter(isBelow)) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const megabytes = (key: string): number => Number(new RegExp(`^${key}: +(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
      sum.processes++;
      sum.rssMb += megabytes('Rss');
      sum.pssMb += megabytes('Pss');
    } catch {
      // It ended meanwhile.
    }
  }
  return sum;
};

const parentOfEach = (): Map<number, number> => {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(pid), Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  return parents;
};
