import { HashList } from '../identity/hash-list.ts';
import { keyPart } from '../identity/row-id.ts';
import { rowHasher } from '../identity/row-hasher.ts';
import { readCells, type StoredTable } from '../stored-table.ts';
import type { RowHashes } from './choose-sides.ts';
import { recogniseKey } from './recognise-key.ts';

/** One pass over a table; `rows` are the hashes that digests are made of. */
export const hashRows = async (table: StoredTable, given?: readonly string[]): Promise<RowHashes & { rows: HashList }> => {
  const { columns } = table.schema;
  const names = columns.map(({ name }) => name);
  const [rows, keys] = [new HashList(32), new HashList(16)];
  const hashRow = rowHasher(columns, names);
  let hashContent = hashRow;
  let contents: HashList | undefined;
  for await (const [ids = [], ...cells] of readCells(table)) {
    const batch = ids.map((id, r) => ({ id: String(id), cells: cells.map((column) => column[r] ?? null) }));
    if (!contents) {
      const key = given ?? recogniseKey(columns, batch);
      const rest = names.filter((name) => !key.includes(name));
      hashContent = rowHasher(columns, rest);
      // Where nothing is left out, the hash of the content is that of the row.
      contents = rest.length === names.length ? rows : new HashList(32);
    }
    for (const row of batch) {
      keys.push(Buffer.from(keyPart(row.id), 'hex'));
      rows.push(hashRow(row.cells));
      if (contents !== rows) contents.push(hashContent(row.cells));
    }
  }
  return { rows, keys, contents: contents ?? rows };
};
