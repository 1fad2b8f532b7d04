import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import type { Io } from '../io.ts';
import { readFolder } from './read-folder.ts';
import { readServer } from './read-server.ts';
import type { MlflowSource } from './source.ts';
import { createWire } from './wire.ts';

/** A server's address, a database file, or a folder `mlruns`: it is seen from what is there. */
export const openSource = async (from: string, { io, artifacts }: { io: Io; artifacts: string | undefined }): Promise<MlflowSource> => {
  if (/^https?:\/\//.test(from)) return readServer(createWire({ url: from, headers: credentialsOf(io.env), fetch: io.fetch }));
  if (/^[a-z][a-z0-9+]+:\/\//i.test(from) && !/^(sqlite|file):/.test(from)) {
    throw new AppError(
      'invalid_request',
      `${from.split(':')[0]} cannot be read directly: start "mlflow server" on it, and import from its address`,
      {
        reason: 'unknown_source',
      },
    );
  }
  const place = path.resolve(io.cwd, from.replace(/^sqlite:\/\/\//, '').replace(/^file:\/\//, ''));
  const below = { artifacts: artifacts === undefined ? undefined : path.resolve(io.cwd, artifacts) };
  if ((await stat(place)).isDirectory()) {
    if (existsSync(path.join(place, 'mlruns'))) return readFolder(path.join(place, 'mlruns'), below);
    return readFolder(place, below);
  }
  if (!(await isSqlite(place)))
    throw new AppError('invalid_request', `${place} is neither a database of MLflow nor a folder`, { reason: 'unknown_source' });
  const { readSqlite } = await import('./read-sqlite.ts');
  return readSqlite(place, below);
};

/** What MLflow's own client takes from the environment. */
export const credentialsOf = (env: NodeJS.ProcessEnv): Record<string, string> => {
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_TOKEN: token } = env;
  if (user !== undefined && password !== undefined)
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};

const isSqlite = async (file: string): Promise<boolean> => {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read({ buffer: Buffer.alloc(15), length: 15 });
    return buffer.toString('latin1') === 'SQLite format 3';
  } finally {
    await handle.close();
  }
};
