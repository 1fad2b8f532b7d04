import { type RawBuilder, sql, type TableMetadata } from 'kysely';
import type { Moment } from './at-one-moment.ts';

/** Ours, in the order of their names. */
export const tablesOf = async ({ kind, tx }: Moment): Promise<TableMetadata[]> => {
  const found = (await tx.introspection.getTables()).filter(({ isView }) => !isView).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (kind === 'sqlite') return found;
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(tx);
  return found.filter(({ schema }) => schema === rows[0]?.schema);
};

type Row = Readonly<Record<string, unknown>>;
interface Wanted {
  readonly table: string;
  /** All where none are named. */
  readonly columns?: readonly string[];
  readonly where?: RawBuilder<boolean>;
}

/** The rows of a table, however many, so many at a time. */
export const inBatches = ({ kind, tx }: Moment, wanted: Wanted, size = 1000): AsyncGenerator<Row[]> =>
  kind === 'sqlite' ? byRowId(tx, wanted, size) : byCursor(tx, wanted, size);

const selected = ({ columns }: Wanted): RawBuilder<unknown> => (columns ? sql.join(columns.map((name) => sql.ref(name))) : sql`*`);

async function* byRowId(tx: Moment['tx'], wanted: Wanted, size: number): AsyncGenerator<Row[]> {
  const { table, where = sql<boolean>`1` } = wanted;
  for (let after: unknown = -1; ;) {
    const { rows } = await sql<Row & { row_id: unknown }>`
      select rowid as row_id, ${selected(wanted)} from ${sql.table(table)}
      where rowid > ${after} and (${where}) order by rowid limit ${size}`.execute(tx);
    if (rows.length === 0) return;
    after = rows.at(-1)!.row_id;
    yield rows.map((row) => {
      const { row_id: _, ...own } = row;
      return own;
    });
  }
}

async function* byCursor(tx: Moment['tx'], wanted: Wanted, size: number): AsyncGenerator<Row[]> {
  const { table, where = sql<boolean>`true` } = wanted;
  await sql`declare whole_table no scroll cursor for select ${selected(wanted)} from ${sql.table(table)} where ${where}`.execute(tx);
  try {
    for (;;) {
      const { rows } = await sql<Row>`fetch ${sql.lit(size)} from whole_table`.execute(tx);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await sql`close whole_table`.execute(tx);
  }
}
