import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AskedVariant } from '@boucle/contract';
import { trainOnTweets } from '../../examples/sentiment/train-on-tweets.ts';
import { compare, type Contender } from '../ground/compare.ts';
import { type Connection, openConnection } from '../ground/connection.ts';
import { drive } from '../ground/drive.ts';
import { type Latencies, latenciesOf } from '../ground/latencies.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle } from '../ground/servers.ts';
import { askForOne, trainOn } from '../ground/trained-server.ts';

const seconds = 4;
/** Far from what the server could do, so that a shadow has time to run. */
const perSecond = 100;

/** What a shadow, or a second live variant, costs those who wait for an answer: one server, three endpoints, two versions of one model. */
export const variants = (): Promise<void> =>
  inScratch(async (folder) => {
    const server = await startBoucle(folder);
    try {
      const { client, project, model } = await trainOn(server.url, folder);
      await mkdir(path.join(folder, 'second'));
      const second = await trainOnTweets(client, { folder: path.join(folder, 'second'), count: 5000, seed: 9 });
      const [baseline, candidate] = [model, second.model].map(({ model: name, number }) => `${name}/${number}`) as [string, string];
      const deployed: Readonly<Record<string, AskedVariant[]>> = {
        shadowed: [
          { name: 'main', share: 1, model: baseline },
          { name: 'next', mode: 'shadow', share: 1, model: candidate },
        ],
        halves: [
          { name: 'baseline', share: 0.5, model: baseline },
          { name: 'candidate', share: 0.5, model: candidate },
        ],
        alone: [{ name: 'main', share: 1, model: baseline }],
      };
      for (const [endpoint, body] of Object.entries(deployed)) {
        const { status, message } = await client.endpoints.deploy({ params: { project, endpoint }, body: { variants: body } });
        if (status !== 'ready') throw new Error(`The deployment is ${status}: ${message}`);
      }
      await compare(
        Object.keys(deployed).map((endpoint) => askedAt(server.url, endpoint)),
        3,
      );
    } finally {
      await server.stop();
    }
  });

const askedAt = (url: string, endpoint: string): Contender => ({
  name: endpoint,
  measure: async () => {
    const steady = await asksSteadily(url, endpoint);
    const eager = await drive({ url, connections: 8, seconds, ask: askForOne(endpoint) });
    // What still waits in the shadow's queue is none of the next contender's business.
    await pause(1000);
    return {
      [`${perSecond}/s: p50 (ms)`]: steady.p50,
      [`${perSecond}/s: p99 (ms)`]: steady.p99,
      '8 connections: requests/s': eager.perSecond,
      '8 connections: p50 (ms)': eager.p50,
      '8 connections: p99 (ms)': eager.p99,
    };
  },
});

/** A late answer does not put off the next question. */
const asksSteadily = async (url: string, endpoint: string): Promise<Latencies> => {
  const idle: Connection[] = [];
  const ask = askForOne(endpoint);
  const asked: Promise<number>[] = [];
  const once = async (turn: number): Promise<number> => {
    const connection = idle.pop() ?? (await openConnection(url));
    const began = performance.now();
    await ask(connection, turn);
    idle.push(connection);
    return performance.now() - began;
  };
  const timer = setInterval(() => asked.push(once(asked.length)), 1000 / perSecond);
  await pause(seconds * 1000);
  clearInterval(timer);
  const milliseconds = await Promise.all(asked);
  for (const connection of idle) connection.close();
  return latenciesOf(milliseconds);
};
