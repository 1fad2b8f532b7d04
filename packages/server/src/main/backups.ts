import path from 'node:path';
import * as backups from '../platform/backup/index.ts';
import type { Config } from '../platform/config/index.ts';
import { systemClock } from '../platform/index.ts';
import { version } from '../version.ts';
import { databaseUrl } from './database-url.ts';

type Said = Pick<backups.BackUpOptions, 'folder' | 'keep' | 'verify' | 'onProgress'>;

/** Backs up what a server with this configuration works on, whether one does or not. The key of its secrets stays out; where it lies is answered. */
export const backUp = async (config: Config, said: Said): Promise<backups.BackedUp & { keyFile: string }> => {
  const data = path.resolve(config.data);
  const made = await backups.backUp({ ...said, data, database: databaseUrl(config), version, clock: systemClock });
  return { ...made, keyFile: keyFileOf(config) };
};

/** Makes data for a server with this configuration, where there is none. */
export const restore = async (
  config: Config,
  said: Omit<backups.RestoreOptions, 'data' | 'postgres'>,
): Promise<{ manifest: backups.BackupManifest; data: string; keyFile: string }> => {
  const data = path.resolve(config.data);
  return { manifest: await backups.restore({ ...said, data, postgres: config.database }), data, keyFile: keyFileOf(config) };
};

const keyFileOf = ({ keyFile, data }: Config): string => keyFile ?? path.join(path.resolve(data), 'secrets.key');
