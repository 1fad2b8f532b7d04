import path from 'node:path';
import type { Config } from '../platform/config/index.ts';

/** Where a server with this configuration keeps its rows. */
export const databaseUrl = ({ database, data }: Pick<Config, 'database' | 'data'>): string =>
  database ?? `sqlite:${path.join(path.resolve(data), 'boucle.sqlite')}`;
