import { setTimeout as sleep } from 'node:timers/promises';
import { spawnCommand } from '../../platform/processes/index.ts';

/** How pip finds packages is set by whoever runs the server. */
const pipSettings = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[0].startsWith('PIP_') && entry[1] !== undefined),
  );

/** Runs a program to its end, or to the limit, and keeps the last of what it said. */
export const runProgram = async (
  command: readonly string[],
  { cwd, wallMs }: { cwd: string; wallMs: number },
): Promise<{ exitCode: number | null; said: string }> => {
  // Somebody waits for the deployment, though less than for predictions.
  const child = spawnCommand({ command, cwd, env: { ...pipSettings(), PYTHONNOUSERSITE: '1' }, nice: 5 });
  const timeout = new AbortController();
  void sleep(wallMs, undefined, { signal: timeout.signal, ref: false }).then(
    () => child.group.end(0),
    () => {}, // it ended in time
  );
  let said = '';
  const keep = async (stream: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of stream) said = (said + chunk.toString()).slice(-16_000);
  };
  const heard = Promise.allSettled([keep(child.stdout), keep(child.stderr)]);
  const exitCode = await child.exited;
  timeout.abort();
  await heard;
  return { exitCode, said };
};
