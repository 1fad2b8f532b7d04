import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MonitorWindowDetail } from '@boucle/contract';
import { createTableWriter } from '@boucle/data';
import { createMonitoring, createWindows, type PredictionSource, type StoredTable } from '../packages/server/src/monitoring/index.ts';
import { newId, silentLog } from '../packages/server/src/platform/index.ts';
import { createPredictionLog } from '../packages/server/src/serving/prediction-log.ts';
import { aDeployment } from '../packages/server/src/testing/a-deployment.ts';
import { databases } from '../packages/server/src/testing/databases.ts';
import { layGround } from '../packages/server/src/testing/ground.ts';
import { memoryOf } from './ground/processes.ts';
import {
  askedOrders,
  began,
  columns,
  deploymentId,
  endpointId,
  idOf,
  labelledEvery,
  modelVersionId,
  ordersOf,
  recordOf,
  trainingOrders,
  windowMs,
} from './watch/orders.ts';

/** What one part of the work took, in seconds, and the most memory meanwhile, in megabytes. */
export interface Stretch {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly allMb: number;
}
export interface RigReport {
  readonly baseline: Pick<Stretch, 'rssMb' | 'allMb'>;
  readonly stretches: Readonly<Record<string, Stretch>>;
  readonly versions: number;
  readonly window: MonitorWindowDetail;
}
const [task, folder = '', asked = ''] = process.argv.slice(2);
const count = Number(asked);
const atOnce = 1000;

/** Each is the leader of a group of its own. */
const children = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Writes what was asked of the endpoint, as serving does. */
const write = async (): Promise<void> => {
  const log = createPredictionLog(folder, {}, () => {});
  let batch = [];
  let number = 0;
  for (const order of ordersOf(askedOrders(count))) {
    batch.push(recordOf(order, number++, count));
    if (batch.length < atOnce && number < count) continue;
    await log.append(endpointId, batch, 'written');
    batch = [];
  }
  await log.close();
  process.send!('written');
};

/** Monitoring and nothing else: what is in the log is read, labelled, and judged once its window has ended. */
const watch = async (): Promise<void> => {
  const ground = await layGround(databases.sqlite);
  const { db, events, clock, blobs, actor } = ground;
  const { project } = actor;
  const log = createPredictionLog(folder, { clock }, () => {});
  const deployment = aDeployment({
    id: deploymentId,
    project: project.name,
    endpoint: 'orders',
    variants: [{ name: 'main', mode: 'live', share: 1, model: 'orders', version: 1, modelVersionId, digest: `tree:${'1'.repeat(64)}` }],
    createdAt: clock.now().toISOString(),
  });
  const source: PredictionSource = {
    tail: log.tail,
    endpointOf: async () => ({ id: endpointId, createdAt: deployment.createdAt, deployment }),
    deployment: async () => deployment,
  };
  const stored = async (
    rows: readonly Readonly<Record<string, unknown>>[],
    types: Readonly<Record<string, 'text' | 'float' | 'int'>>,
  ): Promise<StoredTable> => {
    const file = path.join(ground.folder, `${newId()}.parquet`);
    const writer = await createTableWriter(file, { columns: Object.entries(types).map(([name, type]) => ({ name, type: { type } })) });
    await writer.append(rows.map((row, i) => ({ _row: i.toString(16).padStart(32, '0'), ...row })));
    const { digest } = await writer.finish();
    return { digest, parquet: (await blobs.putFile(file)).digest };
  };
  const orders = [...ordersOf(trainingOrders)];
  const tables = {
    training: await stored(
      orders.map(({ inputs }) => inputs),
      { amount: 'float', items: 'int', region: 'text', note: 'text' },
    ),
    evaluation: await stored(
      orders.map(({ label, score, actual }) => ({ label, score, actual })),
      { label: 'text', score: 'float', actual: 'text' },
    ),
  };
  orders.length = 0;
  const declared = async () => [
    {
      project,
      since: deployment.createdAt,
      kpis: {},
      monitor: {
        name: 'watch',
        endpoint: 'orders',
        windows: { every: '1h', lateness: '5m' },
        drift: { columns, falseAlarms: '1 a month' },
      },
    },
  ];
  let isOpen = false;
  const windows = createWindows({
    db,
    events,
    clock,
    blobs,
    log: silentLog,
    scratch: path.join(ground.folder, 'scratch'),
    source: { ...source, tail: async (...given) => (isOpen ? source.tail(...given) : []) },
    tablesOf: async () => tables,
    declared,
    declaredIn: declared,
  });
  const monitoring = createMonitoring({
    ...ground,
    serving: { find: (_, id) => log.find([endpointId], id), deployment: source.deployment },
    labelsOf: async () => undefined,
  });
  await windows.start();
  await windows.settled();
  global.gc?.();

  let [rssMb, allMb] = [0, 0];
  const look = (): void => {
    rssMb = Math.max(rssMb, process.memoryUsage.rss() / 2 ** 20);
  };
  const lookAtAll = (): void => {
    allMb = Math.max(
      allMb,
      [process.pid, ...children()].reduce((sum, pid) => sum + memoryOf(pid).pssMb, 0),
    );
  };
  look();
  lookAtAll();
  const baseline = { rssMb, allMb };
  const timers = [setInterval(look, 20), setInterval(lookAtAll, 500)];
  const stretches: Record<string, Stretch> = {};
  const during = async (name: string, work: () => Promise<void>): Promise<void> => {
    [rssMb, allMb] = [0, 0];
    const start = performance.now();
    const cpu = process.cpuUsage();
    await work();
    look();
    lookAtAll();
    const { user, system } = process.cpuUsage(cpu);
    stretches[name] = { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6, rssMb, allMb };
  };
  await during('predictions counted', async () => {
    isOpen = true;
    windows.hint();
    await windows.settled();
  });
  clock.advance(windowMs - 1000 - (clock.now().getTime() - began));
  await during('labels taken', async () => {
    let items = [];
    let number = 0;
    for (const { actual } of ordersOf(askedOrders(count))) {
      if (number % labelledEvery === 0) items.push({ predictionId: idOf(number), label: actual });
      number++;
      if (items.length < 500 && number < count) continue;
      const given = await monitoring.give(actor, items);
      if (given.some(({ result }) => result !== 'recorded')) throw new Error('A label was not taken');
      items = [];
    }
  });
  await during('window judged', async () => {
    await clock.leap(2 * windowMs);
    windows.hint();
    await windows.settled();
  });
  for (const timer of timers) clearInterval(timer);
  const { items } = await windows.windows(actor, 'watch', { limit: 10, version: 'all' });
  const first = items.find(({ from }) => Date.parse(from) === began)!;
  const report: RigReport = { baseline, stretches, versions: first.version, window: await windows.window(actor, first.id) };
  process.send!(report);
  await windows.close();
  await log.close();
  await ground.stop();
};

await (task === 'write' ? write() : watch());
process.disconnect();
