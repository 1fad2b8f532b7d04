import { AppError } from '@boucle/contract';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EngineOptions {
  readonly threads?: number;
  /** Folder for what does not fit into memory. */
  readonly scratch?: string;
}

/** A DuckDB of one's own for one piece of work: nothing is fetched, memory is bounded, and it is closed at the end. */
export const openEngine = async ({ threads = 2, scratch = tmpdir() }: EngineOptions = {}): Promise<Engine> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: '768MB',
    // Of its own, since the engine may read whatever stands there even when it is locked down; made only when it is needed.
    temp_directory: join(scratch, `.spill-${randomUUID()}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  // Without this, texts of timestamps depend on where the machine stands.
  await connection.run("SET TimeZone = 'UTC'");
  let isOpen = true;
  return {
    connection,
    connect: () => instance.connect(),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      connection.closeSync();
      instance.closeSync();
    },
  };
};
export interface Engine {
  readonly connection: DuckDBConnection;
  /** One more, for a connection streams one result at a time. */
  connect(): Promise<DuckDBConnection>;
  /** Again is nothing. */
  close(): void;
}

export const withEngine = async <T>(work: (connection: DuckDBConnection) => Promise<T>, options?: EngineOptions): Promise<T> => {
  const engine = await openEngine(options);
  try {
    return await work(engine.connection);
  } finally {
    engine.close();
  }
};

/** Identifiers and texts inside SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A folder called `a=1` on the way is no column. */
export const parquetTable = (path: string): string => `read_parquet(${quoteText(path)}, hive_partitioning = false)`;

/** The engine's own complaint, as one of ours. */
export const engineError = (cause: unknown, message: string, reason: string): AppError =>
  new AppError('invalid_request', `${message}: ${firstLine(cause)}`, { reason, cause });

/** Without the place of the file, which is ours and not the sender's. */
const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.replaceAll(/ (in|for) file ['"].*?['"]/g, '');
