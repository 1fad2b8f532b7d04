import { invalid, type LogicalType } from '@boucle/contract';
import { type DuckDBConnection, type DuckDBType, StatementType } from '@duckdb/node-api';
import { dirname } from 'node:path';
import { cellType, loadCell } from './cells/cell-type.ts';
import { engineType, logicalType } from './cells/engine-type.ts';
import { engineError, quoteName, quoteText, withEngine } from './engine.ts';
import { isRowId } from './identity/row-id.ts';
import { createTableBuilder, type WrittenTable } from './table-builder.ts';
import { openStored } from './stored-table.ts';

/**
 * The rows of one SELECT over stored tables, which it knows by the names given. It can read nothing else: no other file, no network, no setting.
 * `_row` is kept where it is selected, else rows are named by their content. Order rows by something: the engine promises no order of its own.
 */
export const selectInto = (path: string, sql: string, tables: Readonly<Record<string, string>>): Promise<WrittenTable> =>
  // One thread: grouped rows then come in the same order each time.
  withEngine(
    async (connection) => {
      for (const [name, table] of Object.entries(tables)) {
        const { from } = await openStored(connection, table);
        await connection.run(`CREATE VIEW ${quoteName(name)} AS SELECT * FROM ${from}`);
      }
      await lockDown(connection, Object.values(tables));
      await refuseOtherStatements(connection, sql);
      return write(connection, path, sql);
    },
    { threads: 1, scratch: dirname(path) },
  );

const lockDown = async (connection: DuckDBConnection, paths: readonly string[]): Promise<void> => {
  await connection.run(`SET allowed_paths = [${paths.map(quoteText).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
};

const refuseOtherStatements = async (connection: DuckDBConnection, sql: string): Promise<void> => {
  const statements = await connection.extractStatements(sql).catch(refuse);
  if (statements.count !== 1) throw invalid(`It has to be one SELECT; there are ${statements.count} statements`, 'bad_query');
  const statement = await statements.prepare(0).catch(refuse);
  const isSelect = statement.statementType === StatementType.SELECT;
  statement.destroySync();
  if (!isSelect) throw invalid('It has to be a SELECT; nothing else is run', 'bad_query');
};

const refuse = (cause: unknown): never => {
  throw engineError(cause, 'The query cannot be carried out', 'bad_query');
};

const write = async (connection: DuckDBConnection, path: string, sql: string): Promise<WrittenTable> => {
  // A table of its own keeps the order of the query, which a subquery around it need not.
  await connection.run(`CREATE TABLE selected AS ${sql}`).catch(refuse);
  const head = await connection.run('SELECT * FROM selected LIMIT 0');
  const all = head.columnNames().map((name, i) => ({ name, type: widen(name, head.columnType(i)) }));
  const columns = all.filter(({ name }) => name !== '_row');
  const hasIds = columns.length < all.length;
  const builder = await createTableBuilder(path, columns);
  try {
    const types = columns.map(({ type }) => cellType(type));
    const terms = columns.map(({ name, type }) => `CAST(${quoteName(name)} AS ${engineType(type).toString()})`);
    const result = await connection.stream(`SELECT ${[hasIds ? '_row' : 'NULL', ...terms].join(', ')} FROM selected`).catch(refuse);
    for await (const chunk of result) {
      for (const [id, ...values] of chunk.getRows()) {
        builder.add(
          types.map((type, i) => loadCell(type, values[i] ?? null)),
          hasIds ? checkId(id) : undefined,
        );
      }
    }
    const { schema, rows, digest } = await builder.finish();
    return { schema, rows, digest };
  } catch (error) {
    builder.abort();
    throw error;
  }
};

const widen = (name: string, type: DuckDBType): LogicalType => {
  const wide = logicalType(type);
  if (!wide)
    throw invalid(
      `Column "${name}" of the query is of type ${type.toString()}, which has no counterpart here; cast it`,
      'unsupported_type',
      { column: name },
    );
  return wide;
};

const checkId = (id: unknown): string => {
  if (typeof id !== 'string' || !isRowId(id))
    throw invalid('The query gives a _row that is no identity of a row; leave _row out for rows that are new', 'bad_query');
  return id;
};
