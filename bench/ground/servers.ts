import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { mlflowProgram } from '../peers.ts';
import { freePort, type Program, startProgram, untilHealthy } from './processes.ts';

export interface RunningServer extends Program {
  readonly url: string;
  /** From the start of its process to its first healthy answer. */
  readonly startMs: number;
}
export interface ServerOptions {
  /** A Postgres database of its own; SQLite in the folder otherwise. */
  readonly database?: string;
  /** Of the peer, which has four by itself; with more than one, those that answer late are killed by their supervisor. */
  readonly workers?: string;
}
/** Starts a server on the data in a folder, new or used. */
export type StartServer = (folder: string, options?: ServerOptions) => Promise<RunningServer>;

const cli = path.join(import.meta.dirname, '../../packages/cli/bin/boucle.js');

export const startBoucle: StartServer = async (folder, { database } = {}) => {
  const port = await freePort();
  const args = ['--port', String(port), '--data', path.join(folder, 'boucle'), '--log-level', 'warn'];
  return started(`http://127.0.0.1:${port}`, '/healthz', () =>
    startProgram(process.execPath, [cli, 'up', ...args, ...(database === undefined ? [] : ['--database', database])]),
  );
};

export const startMlflow: StartServer = async (folder, { database, workers } = {}) => {
  const program = mlflowProgram();
  const port = await freePort();
  const store = path.join(folder, 'mlflow');
  await mkdir(store, { recursive: true });
  // SQLAlchemy wants the driver named.
  const backend = database?.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:') ?? `sqlite:///${store}/mlflow.db`;
  const args = ['server', '--host', '127.0.0.1', '--port', String(port), '--backend-store-uri', backend];
  return started(`http://127.0.0.1:${port}`, '/health', () =>
    startProgram(
      program,
      [...args, ...(workers === undefined ? [] : ['--workers', workers]), '--artifacts-destination', path.join(store, 'artifacts')],
      {
        cwd: store,
        env: { MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', PYTHONUNBUFFERED: '1' },
      },
    ),
  );
};

const started = async (url: string, health: string, start: () => Program): Promise<RunningServer> => {
  const began = performance.now();
  const program = start();
  await untilHealthy(url + health);
  return { ...program, url, startMs: performance.now() - began };
};
