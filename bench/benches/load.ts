import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeBigCsv } from '../ground/big-table.ts';
import { medianOf } from '../ground/latencies.ts';
import { giveWay, startOurs } from '../ground/processes.ts';
import { inScratch } from '../ground/scratch.ts';
import { figure, printTable } from '../ground/table.ts';
import { trainOn } from '../ground/trained-server.ts';
import { type Weight, weightsOn } from '../ground/weights.ts';
import type { ProbeNews } from '../probe.ts';
import type { RigNews, RigOrder } from '../rig-server.ts';

const seconds = 6;
const rounds = 3;

interface Measured {
  readonly figures: readonly number[];
  /** What weighed on the server meanwhile. */
  readonly did: string;
}
const head = ['', '/healthz p50', 'p99', 'max', 'project p99', 'loop delay p99', 'max', 'own work max'];

export const load = (): Promise<void> =>
  inScratch(async (folder) => {
    const rig = startOurs('rig-server', [path.join(folder, 'data')]);
    const hear = async <T extends RigNews>(): Promise<T> => ((await once(rig.child, 'message')) as [T])[0];
    const order = (said: RigOrder): void => void rig.child.send(said);
    try {
      const { address, queryMs } = await hear<Extract<RigNews, { address: string }>>();
      const trained = await trainOn(address, folder);
      const csv = path.join(folder, 'big.csv');
      await writeBigCsv(csv, 200_000);
      const paths = ['/healthz', `/api/v1/projects/${trained.project}`];
      const probe = startOurs('probe', [address, ...paths]);
      giveWay(process.pid);

      const measure = async (weights: readonly Weight[]): Promise<Measured> => {
        const lifts: (() => Promise<string>)[] = [];
        for (const weigh of weights) lifts.push(await weigh());
        await pause(500);
        order('watch');
        probe.child.send(seconds);
        const [found] = (await once(probe.child, 'message')) as [ProbeNews];
        order('tell');
        const { delayP99, delayMax, workMax, queries } = await hear<Extract<RigNews, { queries: number }>>();
        const did = [queries > 0 ? `${queries} queries of ${figure(queryMs)} ms` : '', ...(await Promise.all(lifts.map((lift) => lift())))];
        const [health, project] = paths.map((one) => found[one]!);
        return {
          figures: [health!.p50, health!.p99, health!.max, project!.p99, delayP99, delayMax, workMax],
          did: did.filter((text) => text !== '').join('; '),
        };
      };

      const { slowQueries, slowSyncs, ingestions, predictions } = weightsOn({ address, trained, folder, csv, order });
      const situations: Readonly<Record<string, readonly Weight[]>> = {
        nothing: [],
        'slow queries': [slowQueries],
        'slow fsyncs': [slowSyncs],
        ingestions: [ingestions],
        predictions: [predictions],
        'all at once': [slowQueries, slowSyncs, ingestions, predictions],
      };
      const samples = new Map<string, Measured[]>(Object.keys(situations).map((name) => [name, []]));
      for (let round = 1; round <= rounds; round++) {
        for (const [name, weights] of Object.entries(situations)) {
          process.stderr.write(`round ${round} of ${rounds}: ${name}\n`);
          samples.get(name)!.push(await measure(weights));
        }
      }
      await probe.stop();
      print(samples);
    } finally {
      await rig.stop();
    }
  });

const print = (samples: ReadonlyMap<string, readonly Measured[]>): void => {
  console.log(`Milliseconds; of ${rounds} rounds of ${seconds} s each the median, and the worst for max\n`);
  const cell = (measured: readonly Measured[], column: number): string => {
    const values = measured.map(({ figures }) => figures[column]!);
    return figure(head[column + 1]!.endsWith('max') ? Math.max(...values) : medianOf(values));
  };
  printTable(
    head,
    [...samples].map(([name, measured]) => [name, ...head.slice(1).map((_, column) => cell(measured, column))]),
  );
  console.log(`\n${[...samples].flatMap(([name, measured]) => (measured[0]!.did ? [`${name}: ${measured[0]!.did}`] : [])).join('\n')}`);
};
