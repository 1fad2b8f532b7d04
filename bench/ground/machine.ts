import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');

/** What the figures were measured on: without it they say little. */
export const describeMachine = (): string =>
  [
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}`,
    `Node ${process.versions.node}, load average ${load()}, ${new Date().toISOString()}`,
  ].join('\n');
export const describeLoad = (): string => `load average afterwards ${load()}`;
