import { isDeepStrictEqual } from 'node:util';
import type { RowChanges } from '@boucle/contract';
import { cutValue } from './cut-value.ts';
import { quoteName, withEngine } from './engine.ts';
import { findRows } from './sample-rows.ts';
import { openStored, query } from './stored-table.ts';

const examples = 10;
/** Of a row that came or went, or of what changed in one. */
const shownColumns = 30;
const shownCharacters = 300;

/** Which rows of two stored tables are there in one alone, and which say something else in a column of both. Rows are known by `_row`. */
export const compareTables = async (before: string, now: string): Promise<RowChanges> => {
  const { counts, ids, columns } = await withEngine(async (connection) => {
    const [a, b] = [await openStored(connection, before), await openStored(connection, now)];
    const both = b.schema.columns
      .filter(({ name, type }) => a.schema.columns.some((one) => one.name === name && isDeepStrictEqual(one.type, type)))
      .map(({ name }) => name);
    // What a row says, in eight bytes: rows of any width are then compared within bounded memory.
    const said = both.length > 0 ? `hash(${both.map(quoteName).join(', ')})` : '0';
    await connection.run(`CREATE TEMP TABLE matched AS
      SELECT coalesce(a._row, b._row) AS _row,
        CASE WHEN a._row IS NULL THEN 'added' WHEN b._row IS NULL THEN 'removed' WHEN a.said <> b.said THEN 'changed' ELSE 'same' END AS fate
      FROM (SELECT _row, ${said} AS said FROM ${a.from}) AS a FULL JOIN (SELECT _row, ${said} AS said FROM ${b.from}) AS b ON a._row = b._row`);
    const counted = await query(b, () => 'SELECT fate, count(*) FROM matched GROUP BY fate');
    const some = async (fate: string): Promise<string[]> => {
      const rows = await query(b, () => `SELECT _row FROM matched WHERE fate = '${fate}' ORDER BY _row LIMIT ${examples}`);
      return rows.map(([id]) => String(id));
    };
    return {
      counts: new Map(counted.map(([fate, count]) => [String(fate), Number(count)])),
      ids: { added: await some('added'), removed: await some('removed'), changed: await some('changed') },
      columns: both,
    };
  });
  const count = (fate: string): number => counts.get(fate) ?? 0;
  const [was, is] = [await findRows(before, ids.changed), await findRows(now, ids.changed)];
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    same: count('same'),
    examples: {
      added: (await findRows(now, ids.added)).map(shown),
      removed: (await findRows(before, ids.removed)).map(shown),
      changed: is.map((row) => {
        const earlier = was.find(({ _row }) => _row === row['_row']) ?? {};
        const differing = columns.filter((name) => !isDeepStrictEqual(earlier[name], row[name])).slice(0, shownColumns);
        return {
          _row: String(row['_row']),
          columns: differing.map((name) => ({
            name,
            before: cutValue(earlier[name], shownCharacters),
            now: cutValue(row[name], shownCharacters),
          })),
        };
      }),
    },
  };
};

const shown = ({ _row, ...row }: Readonly<Record<string, unknown>>): RowChanges['examples']['added'][number] => ({
  _row: String(_row),
  columns: Object.entries(row)
    .slice(0, shownColumns)
    .map(([name, value]) => ({ name, value: cutValue(value, shownCharacters) })),
});
