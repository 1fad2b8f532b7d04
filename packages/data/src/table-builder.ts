import type { Column, RowsDigest, TableSchema } from '@boucle/contract';
import { setImmediate } from 'node:timers/promises';
import type { Cell } from './cells/cell.ts';
import { normalType } from './cells/logical-type.ts';
import { RowLedger } from './identity/row-ledger.ts';
import { batchRows, createParquetSink } from './parquet-sink.ts';

export interface WrittenTable {
  readonly schema: TableSchema;
  readonly rows: number;
  /** In row order, or in key order where a key was given. */
  readonly digest: RowsDigest;
}

/** A batch of long texts is handed on before it is full. */
const batchBytes = 4 * 1024 * 1024;

/** Rows go in one by one; out come a Parquet file, identities and a digest. Every table that this package writes goes through here. */
export interface TableBuilder {
  /** `id` is left out throughout or given throughout: without it, identities are made of the key or the content. */
  add(cells: readonly Cell[], id?: string): void;
  finish(): Promise<WrittenTable & { readonly repeated: number }>;
  abort(): void;
}

export const createTableBuilder = async (path: string, given: readonly Column[], key: readonly string[] = []): Promise<TableBuilder> => {
  const columns = given.map(({ name, type }) => ({ name, type: normalType(type) }));
  const sink = await createParquetSink(path, columns);
  const ledger = new RowLedger(columns, key);
  let batch: Cell[][] = columns.map(() => []);
  let ids: string[] = [];
  let kept = 0;
  let bytes = 0;

  const flush = (): void => {
    if (batch[0]?.length) sink.append(batch);
    if (ids.length > 0) sink.appendIds(ids);
    batch = columns.map(() => []);
    ids = [];
    bytes = 0;
  };
  const nameRows = async (): Promise<void> => {
    for (const id of ledger.ids()) {
      if (ids.push(id) < batchRows) continue;
      flush();
      // Others have their turn: of a million rows there are five hundred batches.
      await setImmediate();
    }
    flush();
  };

  return {
    add: (cells, id) => {
      bytes += ledger.add(cells);
      for (let i = 0; i < batch.length; i++) batch[i]?.push(cells[i] ?? null);
      if (id !== undefined) {
        ids.push(id);
        kept++;
      }
      if (batch[0]?.length === batchRows || bytes > batchBytes) flush();
    },
    finish: async () => {
      flush();
      if (kept === 0) await nameRows();
      await sink.finish();
      return { schema: { columns }, rows: ledger.length, digest: ledger.digest(), repeated: ledger.repeated };
    },
    abort: () => sink.abort(),
  };
};
