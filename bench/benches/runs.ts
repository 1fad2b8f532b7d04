import type { Connection } from '../ground/connection.ts';
import { jsonOf } from '../ground/connection.ts';
import { compare, type Contender, type Figures } from '../ground/compare.ts';
import { drive, type Driven } from '../ground/drive.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle, startMlflow, type StartServer } from '../ground/servers.ts';

const writers = [1, 8, 64];
const seconds = 8;
const metrics = Array.from({ length: 10 }, (_, i) => ({ key: `metric_${i}`, value: i / 7, step: i }));
const params = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`param_${i}`, `value ${i}`]));

/** Writers who each create a run and log 10 metrics and 5 params to it, over and over: two requests a run. */
export const runs = (): Promise<void> =>
  compare(
    [
      contender('boucle', startBoucle, { prepare: createProject, ask: logToBoucle }),
      contender('mlflow', startMlflow, { prepare: async () => {}, ask: logToMlflow }),
    ],
    2,
  );

interface Wire {
  readonly prepare: (url: string) => Promise<void>;
  readonly ask: (connection: Connection, turn: number) => Promise<void>;
}
const contender = (name: string, startServer: StartServer, { prepare, ask }: Wire): Contender => ({
  name,
  measure: () =>
    inScratch(async (folder) => {
      const server = await startServer(folder);
      try {
        await prepare(server.url);
        const figures: Record<string, number> = {};
        for (const connections of writers)
          Object.assign(figures, named(connections, await drive({ url: server.url, connections, seconds, ask })));
        return figures;
      } finally {
        await server.stop();
      }
    }),
});
const named = (connections: number, { perSecond, p50, p99, refused }: Driven): Figures => ({
  [`${connections} writers: runs/s`]: perSecond,
  [`${connections} writers: p50 (ms)`]: p50,
  [`${connections} writers: p99 (ms)`]: p99,
  ...(refused > 0 && { [`${connections} writers: refused`]: refused }),
});

const base = '/api/v1/projects/bench/runs';
const createProject = async (url: string): Promise<void> => {
  const response = await fetch(`${url}/api/v1/projects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench' }),
  });
  if (!response.ok) throw new Error(await response.text());
};
const logToBoucle: Wire['ask'] = async (connection, turn) => {
  const { id } = jsonOf(await connection.ask('POST', base, { name: `run ${turn}` })) as { id: string };
  jsonOf(await connection.ask('POST', `${base}/${id}/log`, { metrics, params }));
};

const mlflowMetrics = metrics.map((metric) => ({ ...metric, timestamp: 1_700_000_000_000 }));
const mlflowParams = Object.entries(params).map(([key, value]) => ({ key, value }));
const logToMlflow: Wire['ask'] = async (connection, turn) => {
  const created = await connection.ask('POST', '/api/2.0/mlflow/runs/create', {
    experiment_id: '0',
    run_name: `run ${turn}`,
    start_time: 1_700_000_000_000,
  });
  const { run } = jsonOf(created) as { run: { info: { run_id: string } } };
  const { run_id } = run.info;
  jsonOf(await connection.ask('POST', '/api/2.0/mlflow/runs/log-batch', { run_id, metrics: mlflowMetrics, params: mlflowParams }));
};
