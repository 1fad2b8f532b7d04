import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { networkBytes } from './network-bytes.ts';
import { lookAtGpus } from './gpus.ts';

export interface Use {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}
interface Looked {
  readonly folder: string;
  readonly use: (() => Use | undefined) | undefined;
}

/** Each look tells of the time since the one before; of the network, since the first. */
export const openLook = ({ folder, use: given }: Looked): (() => Promise<Record<string, number>>) => {
  // Processes have the cores that we have; the machine may have more.
  const cores = given ? os.availableParallelism() : os.cpus().length;
  const use = given ?? machineUse;
  const firstNetwork = networkBytes();
  let last = { at: performance.now(), cpuSeconds: use()?.cpuSeconds };
  return async () => {
    const [network, now] = [await networkBytes(), use()];
    const [first, at] = [await firstNetwork, performance.now()];
    const worked = now && last.cpuSeconds !== undefined ? now.cpuSeconds - last.cpuSeconds : undefined;
    const share = worked === undefined || at === last.at ? undefined : (worked * 1000) / ((at - last.at) * cores);
    last = { at, cpuSeconds: now?.cpuSeconds };
    return {
      // Counted in ticks, a busy machine may seem to have worked a little more than it could.
      ...(share !== undefined && { cpu_utilization_percentage: percent(Math.min(1, Math.max(0, share))) }),
      ...(now && {
        system_memory_usage_megabytes: megabytes(now.memoryBytes),
        system_memory_usage_percentage: percent(now.memoryBytes / os.totalmem()),
      }),
      ...(await diskUse(folder)),
      ...(first &&
        network && {
          network_receive_megabytes: megabytes(network.received - first.received),
          network_transmit_megabytes: megabytes(network.transmitted - first.transmitted),
        }),
      ...(await lookAtGpus()),
    };
  };
};

const percent = (share: number): number => Math.round(share * 1000) / 10;
const megabytes = (bytes: number): number => Math.round(bytes / 1e4) / 100;

const machineUse = (): Use => ({
  cpuSeconds: os.cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + (user + nice + sys + irq) / 1000, 0),
  memoryBytes: os.totalmem() - os.freemem(),
});

const diskUse = async (folder: string): Promise<Record<string, number>> => {
  const { bsize, blocks, bfree, bavail } = await statfs(folder);
  const used = blocks - bfree;
  if (used + bavail === 0) return {};
  return {
    disk_usage_percentage: percent(used / (used + bavail)),
    disk_usage_megabytes: megabytes(used * bsize),
    disk_available_megabytes: megabytes(bavail * bsize),
  };
};
