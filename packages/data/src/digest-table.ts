import type { RowsDigest, TableSchema } from '@boucle/contract';
import { findColumn } from './column-names.ts';
import { withEngine } from './engine.ts';
import { RowLedger } from './identity/row-ledger.ts';
import { openStored, readCells } from './stored-table.ts';

/** The digest of a stored table: in row order, or in key order where a key is given. */
export const digestTable = (
  path: string,
  key: readonly string[] = [],
): Promise<{ digest: RowsDigest; schema: TableSchema; rows: number }> =>
  withEngine(async (connection) => {
    const table = await openStored(connection, path);
    const { schema, rows } = table;
    for (const name of key) findColumn(schema.columns, name);
    const ledger = new RowLedger(schema.columns, key);
    for await (const [ids = [], ...cells] of readCells(table)) {
      for (let r = 0; r < ids.length; r++) ledger.add(cells.map((column) => column[r] ?? null));
    }
    return { digest: ledger.digest(), schema, rows };
  });
