import { readFile } from 'node:fs/promises';

interface NetworkBytes {
  readonly received: number;
  readonly transmitted: number;
}

/** Through every interface but the machine's own loop, since it started; only Linux tells. */
export const networkBytes = async (): Promise<NetworkBytes | undefined> => {
  const text = await readFile('/proc/net/dev', 'utf8').catch(() => undefined);
  return text === undefined ? undefined : sumOfInterfaces(text);
};

export const sumOfInterfaces = (text: string): NetworkBytes => {
  let [received, transmitted] = [0, 0];
  for (const line of text.split('\n')) {
    const [, name, counts = ''] = /^\s*([^:\s]+):(.*)$/.exec(line) ?? [];
    if (name === undefined || name === 'lo') continue;
    const fields = counts.trim().split(/\s+/).map(Number);
    received += fields[0] ?? 0;
    transmitted += fields[8] ?? 0;
  }
  return { received, transmitted };
};
