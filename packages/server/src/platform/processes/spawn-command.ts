import { type Child, spawnChild } from './spawn-child.ts';

export interface Command {
  /** A program on the PATH, or its place, and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nice?: number;
}
export type CommandChild = Omit<Child, 'channel' | 'exited'> & {
  /** As shells count: 127 where there is no such program, 128 and the number of a signal; null where the whole group was killed. */
  readonly exited: Promise<number | null>;
};

/**
 * Somebody's program, which knows nothing of our channel. A shell beside it holds the channel's other end: when ours closes, however
 * this process ended, it kills the group.
 */
export const spawnCommand = ({ command, ...more }: Command): CommandChild => {
  const { channel, exited, ...child } = spawnChild({
    runtime: '/bin/sh',
    execArgv: ['-c', guard],
    program: 'boucle-command',
    args: command,
    ...more,
  });
  const exitCode = channel.messages.next().then(({ value }) => codeIn(value));
  return { ...child, exited: exited.then(() => exitCode) };
};

const guard = `
unset NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE BOUCLE_PARENT
{ "$@" 3<&-; printf '{"exitCode":%d}\\n' "$?" >&3; kill -KILL 0; } &
read -r _ <&3
kill -KILL 0
`;

const codeIn = (message: unknown): number | null =>
  typeof message === 'object' && message !== null && 'exitCode' in message && typeof message.exitCode === 'number'
    ? message.exitCode
    : null;
