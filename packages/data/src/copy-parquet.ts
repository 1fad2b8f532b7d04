import { AppError } from '@boucle/contract';
import type { DuckDBConnection } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quoteText } from './engine.ts';

/** The rows of a query as a Parquet file, in the query's order; the file appears whole or not at all. */
export const copyParquet = async (connection: DuckDBConnection, sql: string, path: string): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await connection.run(`COPY (${sql}) TO ${quoteText(temporary)} (FORMAT parquet, COMPRESSION zstd)`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof Error && /^(IO|Out of Memory) Error/.test(error.message))
      throw new AppError(
        'unavailable',
        `The table cannot be written: ${error.message.split('\n')[0]}; make room or choose another folder`,
        { reason: 'storage_failed', cause: error },
      );
    throw error;
  }
};
