import { type Column } from '@boucle/contract';
import { DuckDBDataChunk, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { dirname } from 'node:path';
import type { Cell } from './cells/cell.ts';
import { cellType } from './cells/cell-type.ts';
import { engineType } from './cells/engine-type.ts';
import { checkNames } from './column-names.ts';
import { copyParquet } from './copy-parquet.ts';
import { openEngine, quoteName } from './engine.ts';

/** What one chunk of the engine holds. */
export const batchRows = 2048;

/** Rows on their way into a Parquet file; it appears whole, at the end, or not at all. Identities may come later than the cells they name. */
export interface ParquetSink {
  /** At most `batchRows` rows, column by column. */
  append(columns: readonly (readonly Cell[])[]): void;
  appendIds(ids: readonly string[]): void;
  finish(): Promise<void>;
  abort(): void;
}

export const createParquetSink = async (path: string, columns: readonly Column[]): Promise<ParquetSink> => {
  checkNames(columns.map(({ name }) => name));
  const engine = await openEngine({ scratch: dirname(path) });
  const { connection } = engine;
  const types = columns.map(({ type }) => engineType(type));
  const stores = columns.map(({ type }) => cellType(type));
  await connection.run('CREATE TABLE ids (_row VARCHAR)');
  await connection.run(`CREATE TABLE cells (${columns.map(({ name }, i) => `${quoteName(name)} ${String(types[i])}`).join(', ')})`);
  const ids = await connection.createAppender('ids');
  const cells = await connection.createAppender('cells');
  let chunks = 0;

  return {
    append: (batch) => {
      const chunk = DuckDBDataChunk.create(types, batch[0]?.length ?? 0);
      chunk.setColumns(
        batch.map((column, i) => column.map((cell): DuckDBValue => (cell === null ? null : (stores[i]?.store(cell) ?? null)))),
      );
      cells.appendDataChunk(chunk);
      // Little by little: the engine's own pace, every 100 chunks, holds the thread up for long.
      if (++chunks % 8 === 0) cells.flushSync();
    },
    appendIds: (batch) => {
      const chunk = DuckDBDataChunk.create([VARCHAR], batch.length);
      chunk.setColumns([batch]);
      ids.appendDataChunk(chunk);
    },
    finish: async () => {
      try {
        ids.closeSync();
        cells.closeSync();
        await copyParquet(connection, 'SELECT * FROM ids POSITIONAL JOIN cells', path);
      } finally {
        engine.close();
      }
    },
    abort: () => engine.close(),
  };
};
