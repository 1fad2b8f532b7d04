import path from 'node:path';
import type { DeclaredMonitor, Deployment, Manifest, Prediction } from '@boucle/contract';
import { createTableWriter } from '@boucle/data';
import {
  createMonitoring,
  createWindows,
  type ModelTables,
  type PredictionSource,
  type StoredTable,
  type Windows,
} from '../monitoring/index.ts';
import { newId, silentLog } from '../platform/index.ts';
import { openRecordLog } from '../platform/segments/index.ts';
import { aDeployment } from './a-deployment.ts';
import type { TestDatabase } from './databases.ts';
import { type Ground, layGround } from './ground.ts';

/** What is asked of the endpoint, as far as a test cares. */
export interface Asked {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly label?: string;
  readonly score?: number;
  readonly eventTime?: Date;
  readonly variant?: string;
  readonly shadow?: boolean;
  readonly outcome?: Prediction['outcome'];
  readonly latencyMs?: number;
}
export type Row = Readonly<Record<string, unknown>>;

/** A ground with an endpoint's prediction log, and monitors that can be started anew over it. */
export interface MonitorGround extends Ground {
  readonly windows: Windows;
  readonly source: PredictionSource;
  readonly deployment: Deployment;
  /** Appends predictions of now, and answers with them. */
  predict(asked: readonly Asked[]): Promise<Prediction[]>;
  /** What was true of predictions. */
  label(predictions: readonly Prediction[], labelOf: (prediction: Prediction) => string): Promise<void>;
  /** Lets time pass until all that is due was done. */
  pass(ms: number): Promise<void>;
  settled(): Promise<void>;
  declare(monitor: Omit<DeclaredMonitor, 'name' | 'endpoint'>, kpis?: Manifest['kpis']): Promise<void>;
  restart(source?: PredictionSource): Promise<void>;
  /** Puts a table into the store, as steps leave it. */
  store(rows: readonly Row[], columns: readonly { name: string; type: 'text' | 'float' | 'int' }[]): Promise<StoredTable>;
  tables: ModelTables;
}

export const layMonitorGround = async (start: () => Promise<TestDatabase>): Promise<MonitorGround> => {
  const ground = await layGround(start);
  const { db, events, clock, blobs, actor, folder } = ground;
  const { project } = actor;
  const endpointId = newId();
  const variantOf = (name: string, mode: 'live' | 'shadow') => ({
    name,
    mode,
    share: 1,
    model: 'sentiment',
    version: 1,
    modelVersionId: '1'.repeat(32),
    digest: `tree:${'1'.repeat(64)}`,
  });
  const deployment = aDeployment({
    project: project.name,
    endpoint: 'sentiment',
    variants: [variantOf('main', 'live'), variantOf('candidate', 'live'), variantOf('shadow', 'shadow')],
    createdAt: clock.now().toISOString(),
  });
  const log = await openRecordLog(path.join(folder, 'log'), { segmentBytes: 256 * 1024 });
  const source: PredictionSource = {
    tail: async (_, after, limit) => {
      const items: { prediction: Prediction; position: { segment: string; offset: number } }[] = [];
      for await (const record of log.since(after)) {
        const prediction = JSON.parse(record.payload.toString()) as Prediction;
        items.push({ prediction, position: { segment: record.segment, offset: record.end } });
        if (items.length === limit) break;
      }
      return items;
    },
    endpointOf: async () => ({ id: endpointId, createdAt: deployment.createdAt, deployment }),
    deployment: async () => deployment,
  };
  let declared: { monitor: DeclaredMonitor; kpis: Manifest['kpis']; since: string }[] = [];
  let tables: ModelTables = { training: null, evaluation: null };
  const declaredNow = async () => declared.map((one) => ({ project, ...one }));
  const open = (from: PredictionSource): Windows =>
    createWindows({
      db,
      events,
      clock,
      blobs,
      log: silentLog,
      scratch: path.join(folder, 'scratch'),
      source: from,
      tablesOf: async () => tables,
      declared: declaredNow,
      declaredIn: async ({ id }) => (id === project.id ? declaredNow() : []),
    });
  let windows = open(source);
  const logged = new Map<string, Prediction>();
  const monitoring = createMonitoring({
    ...ground,
    serving: { find: async (_, id) => logged.get(id), deployment: source.deployment },
    labelsOf: async () => undefined,
  });
  const recordOf = (asked: Asked): Prediction => {
    const { inputs = {}, label = 'other', score = 0.9, variant = 'main', shadow = false, outcome = 'ok', latencyMs = 3 } = asked;
    const requestId = newId();
    const now = clock.now().toISOString();
    return {
      id: `${requestId}.0`,
      requestId,
      row: 0,
      clientId: null,
      project: project.name,
      endpoint: 'sentiment',
      deploymentId: deployment.id,
      variant: shadow ? 'shadow' : variant,
      share: 1,
      digest: `tree:${'1'.repeat(64)}`,
      shadowOf: shadow ? `${newId()}.0` : null,
      unit: null,
      subject: null,
      inputs,
      outputs: outcome === 'ok' ? { label, score } : null,
      eventTime: (asked.eventTime ?? clock.now()).toISOString(),
      arrivalTime: now,
      latencyMs,
      outcome,
      status: outcome === 'ok' ? 200 : 500,
      error: null,
      correlationId: null,
    };
  };
  const settled = (): Promise<void> => windows.settled();

  return {
    ...ground,
    source,
    deployment,
    get windows() {
      return windows;
    },
    get tables() {
      return tables;
    },
    set tables(given: ModelTables) {
      tables = given;
    },
    predict: async (asked) => {
      const records = asked.map(recordOf);
      for (const record of records) logged.set(record.id, record);
      await Promise.all(records.map((record) => log.append(record, { key: record.id, level: 'written' })));
      windows.hint();
      await settled();
      return records;
    },
    label: async (predictions, labelOf) => {
      for (let i = 0; i < predictions.length; i += 500) {
        const some = predictions.slice(i, i + 500);
        await monitoring.give(
          actor,
          some.map((prediction) => ({ predictionId: prediction.id, label: labelOf(prediction) })),
        );
      }
      windows.hint();
      await settled();
    },
    pass: async (ms) => {
      await clock.leap(ms);
      windows.hint();
      await settled();
    },
    settled,
    declare: async (monitor, kpis = {}) => {
      declared = [{ monitor: { name: 'watch', endpoint: 'sentiment', ...monitor }, kpis, since: clock.now().toISOString() }];
      await windows.resync();
      await settled();
    },
    restart: async (from = source) => {
      await windows.close();
      windows = open(from);
      await windows.start();
      await settled();
    },
    store: async (rows, columns) => {
      const file = path.join(folder, `${newId()}.parquet`);
      const writer = await createTableWriter(file, { columns: columns.map(({ name, type }) => ({ name, type: { type } })) });
      await writer.append(rows.map((row, i) => ({ _row: `${i.toString(16).padStart(32, '0')}`, ...row })));
      const { digest } = await writer.finish();
      return { digest, parquet: (await blobs.putFile(file)).digest };
    },
    stop: async () => {
      await windows.close();
      await log.close();
      await ground.stop();
    },
  };
};
