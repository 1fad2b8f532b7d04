import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compare, type Contender, type Figures } from '../ground/compare.ts';
import { type Connection, jsonOf, openConnection } from '../ground/connection.ts';
import { drive } from '../ground/drive.ts';
import { medianOf } from '../ground/latencies.ts';
import { inDatabase } from '../ground/postgres.ts';
import { memoryOf } from '../ground/processes.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle, startMlflow, type StartServer } from '../ground/servers.ts';
import { sendFile } from '../ground/send-file.ts';

const api = '/api/2.0/mlflow';
const at = 1_700_000_000_000;
/** Points in one request, which is the most that MLflow takes. */
const batch = 1000;
const found = 100;

interface Plan {
  /** Of each figure that is a rate. */
  readonly seconds: number;
  readonly runs: readonly number[];
  readonly points: number;
  readonly fileBytes: number;
}

/** The same calls of MLflow's wire to both, on SQLite and on Postgres. */
export const tracking = async (): Promise<void> => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      quick: { type: 'boolean', default: false },
      file: { type: 'string', default: '0' },
      rounds: { type: 'string', default: '1' },
      workers: { type: 'string', default: '4' },
    },
  });
  const plan: Plan = {
    ...(values.quick ? { seconds: 3, runs: [1000], points: 10_000 } : { seconds: 6, runs: [1000, 10_000], points: 100_000 }),
    fileBytes: Number(values.file) * 2 ** 20,
  };
  for (const database of ['SQLite', 'Postgres'] as const) {
    console.log(`\n${database}`);
    const contenders = [
      contender('boucle', startBoucle, { database, plan }),
      contender('mlflow', (folder, more) => startMlflow(folder, { ...more, workers: values.workers }), { database, plan }),
    ];
    await compare(contenders, Number(values.rounds));
  }
};

const contender = (
  name: string,
  startServer: StartServer,
  { database, plan }: { readonly database: 'SQLite' | 'Postgres'; readonly plan: Plan },
): Contender => ({
  name,
  measure: () =>
    inScratch((folder) =>
      database === 'SQLite'
        ? measure((at) => startServer(at), folder, plan)
        : inDatabase((url) => measure((at) => startServer(at, { database: url }), folder, plan)),
    ),
});

const measure = async (start: StartServer, folder: string, plan: Plan): Promise<Figures> => {
  const server = await start(folder);
  try {
    await pause(5000);
    const { rssMb } = memoryOf(server.child.pid!);
    const { url } = server;
    return {
      'start to healthy, new data (ms)': server.startMs,
      'resident when idle, all processes (MiB)': rssMb,
      ...(await connected(url, (connection) => logging(connection, url, plan))),
      ...(await connected(url, (connection) => writing(connection))),
      ...(await connected(url, (connection) => history(connection, plan))),
      ...(await connected(url, (connection) => searching(connection, plan))),
      ...(plan.fileBytes > 0 ? await connected(url, (connection) => files(connection, url, plan)) : {}),
    };
  } finally {
    await server.stop();
  }
};

/** The peer closes a connection that was still for five seconds. */
const connected = async (url: string, work: (connection: Connection) => Promise<Figures>): Promise<Figures> => {
  const connection = await openConnection(url);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
};
const post = async (connection: Connection, path: string, body: object): Promise<unknown> =>
  jsonOf(await connection.ask('POST', `${api}/${path}`, body));
const createRun = async (connection: Connection, more: object = {}): Promise<string> => {
  const { run } = (await post(connection, 'runs/create', { experiment_id: '0', start_time: at, ...more })) as {
    run: { info: { run_id: string } };
  };
  return run.info.run_id;
};
const millisecondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
const median = async (times: number, work: (turn: number) => Promise<unknown>): Promise<number> => {
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn++) taken.push(await millisecondsOf(() => work(turn)));
  return medianOf(taken);
};

const logging = async (connection: Connection, url: string, { seconds }: Plan): Promise<Figures> => {
  const run_id = await createRun(connection);
  const one = { run_id, key: 'loss', value: 0.5 };
  const figures: Record<string, number> = {};
  for (const connections of [1, 8]) {
    const ask = (own: Connection, turn: number) =>
      post(own, 'runs/log-metric', { ...one, timestamp: at + turn, step: turn }).then(() => {});
    const { perSecond, p50, p99 } = await drive({ url, connections, seconds, ask });
    Object.assign(figures, {
      [`log-metric, ${connections} writing: a second`]: perSecond,
      [`log-metric, ${connections} writing: p50 (ms)`]: p50,
      [`log-metric, ${connections} writing: p99 (ms)`]: p99,
    });
  }
  return figures;
};

const writing = async (connection: Connection): Promise<Figures> => {
  const run_id = await createRun(connection);
  const points = (turn: number) =>
    Array.from({ length: batch }, (_, i) => ({ key: `m${i % 10}`, value: i / 7, timestamp: at, step: turn * batch + i }));
  const logBatch = await median(10, (turn) => post(connection, 'runs/log-batch', { run_id, metrics: points(turn) }));
  const params = Array.from({ length: 20 }, (_, i) => ({ key: `p${i}`, value: `value ${i}` }));
  const create = await median(20, async () => post(connection, 'runs/log-batch', { run_id: await createRun(connection), params }));
  return { 'log-batch of 1,000 points: p50 (ms)': logBatch, 'create a run, and 20 params: p50 (ms)': create };
};

const history = async (connection: Connection, { points }: Plan): Promise<Figures> => {
  const run_id = await createRun(connection);
  for (let first = 0; first < points; first += batch) {
    const metrics = Array.from({ length: batch }, (_, i) => ({
      key: 'long',
      value: first + i,
      timestamp: at + first + i,
      step: first + i,
    }));
    await post(connection, 'runs/log-batch', { run_id, metrics });
  }
  const query = `run_id=${run_id}&metric_key=long&max_results=25000`;
  const readAll = async (): Promise<void> => {
    let count = 0;
    for (let token: string | undefined = ''; token !== undefined;) {
      const more = token === '' ? '' : `&page_token=${encodeURIComponent(token)}`;
      const answer = await connection.ask('GET', `${api}/metrics/get-history?${query}${more}`);
      const page = jsonOf(answer) as { metrics: unknown[]; next_page_token?: string };
      count += page.metrics.length;
      token = page.metrics.length === 0 ? undefined : page.next_page_token;
    }
    if (count !== points) throw new Error(`${count} points came back, and ${points} were logged`);
  };
  return { [`history of ${points.toLocaleString('en')} points: p50 (ms)`]: await median(3, readAll) };
};

const searching = async (connection: Connection, { runs }: Plan): Promise<Figures> => {
  const figures: Record<string, number> = {};
  const { experiment_id } = (await post(connection, 'experiments/create', { name: 'many' })) as { experiment_id: string };
  let made = 0;
  for (const count of runs) {
    for (; made < count; made++) {
      const run_id = await createRun(connection, { experiment_id, start_time: at + made });
      const metrics = [{ key: 'acc', value: (made % 1000) / 1000, timestamp: at, step: 0 }];
      await post(connection, 'runs/log-batch', { run_id, metrics, params: [{ key: 'kind', value: `k${made % 10}` }] });
    }
    const body = { experiment_ids: [experiment_id], filter: "metrics.acc > 0.5 AND params.kind = 'k3'", max_results: found };
    figures[`search ${found} of ${count.toLocaleString('en')} runs, metric and param: p50 (ms)`] = await median(10, () =>
      post(connection, 'runs/search', body),
    );
    figures[`the same by the metric: p50 (ms)`] = await median(10, () =>
      post(connection, 'runs/search', { ...body, order_by: ['metrics.acc DESC'] }),
    );
  }
  return figures;
};

const files = async (connection: Connection, url: string, { fileBytes }: Plan): Promise<Figures> => {
  const address = `${url}/api/2.0/mlflow-artifacts/artifacts/0/${await createRun(connection)}/artifacts/big.bin`;
  const size = `${Math.round(fileBytes / 2 ** 20).toLocaleString('en')} MiB`;
  const up = await millisecondsOf(() => sendFile(address, fileBytes));
  const down = await millisecondsOf(async () => {
    const response = await fetch(address);
    let bytes = 0;
    for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length;
    if (bytes !== fileBytes) throw new Error(`${bytes} bytes came back of ${fileBytes}`);
  });
  return { [`artifact of ${size} up (s)`]: up / 1000, [`artifact of ${size} down (s)`]: down / 1000 };
};
