import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, jsonOf, openConnection } from './ground/connection.ts';
import { type Latencies, latenciesOf } from './ground/latencies.ts';

export type ProbeNews = Readonly<Record<string, Latencies>>;

/**
 * Asks a few addresses every 10 ms, from a process that does nothing else, and tells how long each answer took. A late answer does not put
 * off the next question, so that every part of a hold-up is seen.
 */
const everyMs = 10;
const [url = '', ...paths] = process.argv.slice(2);

const probe = async (path: string, seconds: number): Promise<Latencies> => {
  const idle: Connection[] = [];
  const ask = async (): Promise<number> => {
    const connection = idle.pop() ?? (await openConnection(url));
    const began = performance.now();
    jsonOf(await connection.ask('GET', path));
    idle.push(connection);
    return performance.now() - began;
  };
  const asked: Promise<number>[] = [];
  const timer = setInterval(() => asked.push(ask()), everyMs);
  await pause(seconds * 1000);
  clearInterval(timer);
  const milliseconds = await Promise.all(asked);
  for (const connection of idle) connection.close();
  return latenciesOf(milliseconds);
};

/** It is told for how many seconds. */
process.on('message', async (seconds: number) => {
  const found = await Promise.all(paths.map(async (path) => [path, await probe(path, seconds)] as const));
  process.send!(Object.fromEntries(found) satisfies ProbeNews);
});
