import path from 'node:path';
import { loadModel } from '@boucle/models';
import { downloadPackage } from '../../examples/sentiment/download-package.ts';
import { compare, type Contender, type Figures } from '../ground/compare.ts';
import { drive } from '../ground/drive.ts';
import { latenciesOf } from '../ground/latencies.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle } from '../ground/servers.ts';
import { askForOne, deployAs, trainOn, unseenTexts } from '../ground/trained-server.ts';

const connections = [1, 8, 64];
const seconds = 4;

/** One server and one model throughout, at two endpoints. */
export const predict = (): Promise<void> =>
  inScratch(async (folder) => {
    const server = await startBoucle(folder);
    try {
      const trained = await trainOn(server.url, folder);
      for (const log of ['written', 'synced'] as const) await deployAs(trained, { endpoint: log, log });
      const raw = await rawCall(await downloadPackage(trained.client, trained.model, path.join(folder, 'package')));
      await compare([overHttp(server.url, 'written'), overHttp(server.url, 'synced'), raw], 3);
    } finally {
      await server.stop();
    }
  });

const figuresOf = (count: number, { perSecond, p50, p99 }: { perSecond: number; p50: number; p99: number }): Figures => ({
  [`${count} connections: requests/s`]: perSecond,
  [`${count} connections: p50 (ms)`]: p50,
  [`${count} connections: p99 (ms)`]: p99,
});

const overHttp = (url: string, endpoint: string): Contender => ({
  name: endpoint,
  measure: async () => {
    const figures: Record<string, number> = {};
    for (const count of connections)
      Object.assign(figures, figuresOf(count, await drive({ url, connections: count, seconds, ask: askForOne(endpoint) })));
    return figures;
  },
});

/** The same rows through the same package, without a server. */
const rawCall = async (folder: string): Promise<Contender> => {
  const model = await loadModel(folder);
  return {
    name: 'in process',
    measure: async () => {
      const milliseconds: number[] = [];
      const began = performance.now();
      for (let start = began; start < began + seconds * 1000;) {
        await model.predict({ text: [unseenTexts[milliseconds.length % unseenTexts.length]] });
        const now = performance.now();
        milliseconds.push(now - start);
        start = now;
      }
      return figuresOf(1, { ...latenciesOf(milliseconds), perSecond: milliseconds.length / seconds });
    },
  };
};
