import path from 'node:path';
import { type Connection, jsonOf, openConnection } from '../ground/connection.ts';
import { fillRuns } from '../ground/fill-runs.ts';
import { latenciesOf } from '../ground/latencies.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle } from '../ground/servers.ts';
import { figure, printTable } from '../ground/table.ts';

const sizes = [1000, 10_000, 100_000];
const asks = 21;

interface Query {
  readonly filter?: string;
  readonly order_by?: readonly string[];
  readonly max_results?: number;
}
const queries: Readonly<Record<string, Query>> = {
  'the newest': {},
  'the newest 1,000': { max_results: 1000 },
  'half by a metric, half of them by a param': { filter: "metrics.m1 > 0.5 and params.p0 = 'v1'" },
  'a metric that 0.1 % pass, and a param': { filter: "metrics.m1 > 0.999 and params.p0 = 'v1'" },
  'two metrics that 3 % pass': { filter: 'metrics.m1 > 0.97 and metrics.m2 < 0.03' },
  'two metrics that 10 % pass': { filter: 'metrics.m1 > 0.9 and metrics.m2 < 0.1' },
  'between two bounds, 0.1 %': { filter: 'metrics.m1 > 0.4 and metrics.m1 < 0.401' },
  'bounds that nothing passes': { filter: 'metrics.m1 > 0.7 and metrics.m1 < 0.3' },
  'a param or a metric': { filter: "params.p9 = 'v7' or metrics.m1 > 0.999" },
  'a name by its end': { filter: "attributes.run_name like '%99'" },
  'a name that is not there, by its end': { filter: "attributes.run_name like '%none'" },
  'by a metric': { order_by: ['metrics.m3 DESC'] },
  'by a metric, of 1 % by a param': { filter: "params.p6 = 'v7'", order_by: ['metrics.m3 DESC'] },
  'by a metric, of 1 % by two metrics': { filter: 'metrics.m1 > 0.9 and metrics.m2 < 0.1', order_by: ['metrics.m3 DESC'] },
  'by a param': { order_by: ['params.p9'] },
  'by name': { order_by: ['attributes.run_name'] },
  'by name, half by a param': { filter: "params.p0 = 'v1'", order_by: ['attributes.run_name'] },
  'by the end': { order_by: ['attributes.end_time DESC'] },
};

/** Searches over MLflow's wire, one after the other on one connection, in experiments of several sizes. */
export const search = async (): Promise<void> => {
  const cells: string[][] = [];
  for (const count of sizes) {
    process.stderr.write(`${count} runs\n`);
    cells.push(await timesOf(count));
  }
  const head = sizes.map((count) => `${count.toLocaleString('en')} runs (ms)`);
  printTable(
    ['up to 100 runs, median and range', ...head],
    Object.keys(queries).map((name, i) => [name, ...cells.map((column) => column[i]!)]),
  );
};

const timesOf = (count: number): Promise<string[]> =>
  inScratch(async (folder) => {
    const server = await startBoucle(folder);
    try {
      const connection = await openConnection(server.url);
      const asked = await connection.ask('POST', '/api/2.0/mlflow/experiments/create', { name: 'bench' });
      const { experiment_id } = jsonOf(asked) as { experiment_id: string };
      fillRuns(path.join(folder, 'boucle', 'boucle.sqlite'), { experimentId: experiment_id, count });
      const times: string[] = [];
      for (const query of Object.values(queries)) times.push(await timed(connection, { experiment_ids: [experiment_id], ...query }));
      connection.close();
      return times;
    } finally {
      await server.stop();
    }
  });

/** The first ask of each warms up. */
const timed = async (connection: Connection, query: Query & { readonly experiment_ids: readonly string[] }): Promise<string> => {
  const milliseconds: number[] = [];
  for (let i = 0; i <= asks; i++) {
    const began = performance.now();
    jsonOf(await connection.ask('POST', '/api/2.0/mlflow/runs/search', { max_results: 100, ...query }));
    if (i > 0) milliseconds.push(performance.now() - began);
  }
  const { p50, max } = latenciesOf(milliseconds);
  return `${figure(p50)} (${figure(Math.min(...milliseconds))}–${figure(max)})`;
};
