import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { type Duplex, PassThrough, type Readable, pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { AppError } from '@boucle/contract';
import { type Channel, openChannel } from './channel.ts';
import { type ProcessGroup, createProcessGroup } from './process-group.ts';

export interface ChildProgram {
  readonly program: URL | string;
  /** What runs the program; this Node where nothing is said. */
  readonly runtime?: string;
  readonly args?: readonly string[];
  /** All that the child gets beside what every program needs to run (PATH, HOME, locale): the server's own environment holds secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
  readonly cwd?: string;
  /** 10 unless told: the parent's answers come first. */
  readonly nice?: number;
}

export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}
export interface Child {
  readonly pid: number;
  readonly group: ProcessGroup;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel: Channel;
  readonly exited: Promise<Exit>;
  readonly isRunning: () => boolean;
}

/** A program in a process group of its own, which dies with this process. */
export const spawnChild = (child: ChildProgram): Child => {
  const id = randomUUID();
  const path = child.program instanceof URL ? fileURLToPath(child.program) : child.program;
  const spawned = spawn(child.runtime ?? process.execPath, [...(child.execArgv ?? []), path, ...(child.args ?? [])], {
    detached: true,
    cwd: child.cwd,
    env: { ...inheritedEnv(), ...child.env, BOUCLE_CHILD: id, BOUCLE_PARENT: String(process.pid), ...channelEnv },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<Exit>((resolve) => {
    spawned.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    spawned.once('error', () => resolve({ exitCode: null, signal: null }));
  });
  const { pid } = spawned;
  if (pid === undefined) {
    throw new AppError('unavailable', `The machine did not start a process for ${path}; it may have no memory or too many processes`, {
      reason: 'child_not_started',
    });
  }
  const { nice = 10 } = child;
  lower(pid, nice);
  const group = createProcessGroup(pid, `BOUCLE_CHILD=${id}`);
  living.add(pid);
  lowerSession(pid, nice);
  void exited.then(() => living.delete(pid));
  const [, stdout, stderr, socket] = spawned.stdio as unknown as [null, Readable, Readable, Duplex];
  return {
    pid,
    group,
    stdout: kept(stdout),
    stderr: kept(stderr),
    channel: openChannel(socket),
    exited,
    isRunning: () => living.has(pid) && !group.isGone(),
  };
};

/** Makes `process.send` in the child speak over descriptor 3, as Node does for `stdio: 'ipc'`. */
const channelEnv = { NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'json' };

const inherited =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|TZ|LANG|LC_.*|SystemRoot|(http|https|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i;
const inheritedEnv = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name)));

/** Where nobody has read yet when the child exits, Node would throw away what it had said. */
const kept = (stream: Readable): Readable => pipeline(stream, new PassThrough(), () => {}); // a killed child's pipe may end in an error

/** Done while the child has one thread: the others take their priority from it. */
const lower = (pid: number, nice: number): void => {
  try {
    os.setPriority(pid, nice);
  } catch {
    // It has ended already, or the platform does not let us: it runs at our own priority.
  }
};

/**
 * Linux may weigh sessions against each other (autogroups), and `detached` gives the child one of its own: what a process is alone then counts
 * for nothing. The kernel takes one such wish in 100 ms from all of us.
 */
const lowerSession = (pid: number, nice: number, tries = 20): void => {
  try {
    if (hasAutogroups) writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  } catch (error) {
    const isBusy = (error as NodeJS.ErrnoException).code === 'EAGAIN';
    if (isBusy && tries > 0) setTimeout(() => living.has(pid) && lowerSession(pid, nice, tries - 1), 100).unref();
  }
};
const hasAutogroups = existsSync('/proc/self/autogroup');

/** Where this process ends by itself, nothing that it started stays. Where it is killed, the children's own watch ends them. */
const living = new Set<number>();
process.once('exit', () => {
  for (const pid of living) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // ended in the same moment
    }
  }
});
