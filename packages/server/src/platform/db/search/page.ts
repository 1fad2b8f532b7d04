import { createHash } from 'node:crypto';
import { invalid } from '@boucle/contract';
import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Tx } from '../tx.ts';
import type { Condition } from './match.ts';

/** What rows are ordered by, first to last; none of them is ever null, and together they name one row. */
export interface OrderKey {
  readonly value: RawBuilder<unknown>;
  readonly direction: 'asc' | 'desc';
  /** A `rank` is a small whole number: which of several groups comes first. */
  readonly kind: 'text' | 'number' | 'rank';
}
export type Position = readonly (string | number)[];

/** Every row has them all, so that a token of one statement fits another of the same search. */
export const keyColumns = (keys: readonly OrderKey[]): RawBuilder<unknown> =>
  sql.join(keys.map(({ value }, i) => sql`${value} as ${sql.ref(`k${i}`)}`));
/** By the columns of these; a statement in which the first ones are all the same leaves them out. */
export const inOrder = (keys: readonly OrderKey[], from = 0): RawBuilder<unknown> =>
  sql.join(keys.slice(from).map(({ direction }, i) => sql`${sql.ref(`k${from + i}`)} ${sql.raw(direction)}`));

/**
 * What a statement's order leaves of some rows, known by their alias, when it begins as an index does: the first by the index, and those
 * that are equal to the last of them. Postgres sorts all rows otherwise where it has no statistics yet; SQLite goes by the index anyway.
 */
export const firstBy = (
  db: Tx,
  rows: RawBuilder<unknown>,
  { by, alias, limit }: { by: RawBuilder<unknown>; alias: string; limit: number },
): RawBuilder<unknown> =>
  db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`(select * from ${rows} order by ${by} fetch first ${limit} rows with ties) as ${sql.ref(alias)}`
    : rows;

export const positionOf = (row: Readonly<Record<string, unknown>>, keys: readonly OrderKey[]): Position =>
  keys.map((_, i) => row[`k${i}`] as string | number);

/** What comes after the position. The first key is bounded by itself too, for an index takes no OR. */
export const isAfter = (keys: readonly OrderKey[], position: Position): Condition => {
  const [first] = keys;
  if (!first) return sql<boolean>`false`;
  const [from] = position;
  const beyond = first.direction === 'asc' ? sql`>` : sql`<`;
  if (keys.length === 1) return sql<boolean>`${first.value} ${beyond} ${from}`;
  const rest = isAfter(keys.slice(1), position.slice(1));
  return sql<boolean>`(${first.value} ${beyond}= ${from} and (${first.value} ${beyond} ${from} or ${rest}))`;
};

/** The ids of a page, each with its position: up to `limit` rows after a position, in the order of the keys. */
export const pageOfIds = async (
  tx: Tx,
  {
    id,
    from,
    where,
    keys,
    position,
    limit,
  }: {
    id: RawBuilder<unknown>;
    from: RawBuilder<unknown>;
    where: readonly RawBuilder<unknown>[];
    keys: readonly OrderKey[];
    position: Position | undefined;
    limit: number;
  },
): Promise<{ id: string; position: Position }[]> => {
  const all = sql.join([...where, ...(position ? [isAfter(keys, position)] : [])], sql` and `);
  const order = sql`order by ${inOrder(keys)} limit ${limit}`;
  const { rows } = await sql<{ id: string }>`select ${id} as id, ${keyColumns(keys)} from ${from} where ${all} ${order}`.execute(tx);
  return rows.map((row) => ({ id: row.id, position: positionOf(row, keys) }));
};

/** A token says where a page ended, and of which query: another query has other pages. */
export const tokenOf = (query: unknown, position: Position): string =>
  Buffer.from(JSON.stringify([hashOf(query), ...position.map((part) => (typeof part === 'number' ? String(part) : `'${part}`))])).toString(
    'base64url',
  );
export const readToken = (token: string, query: unknown, keys: readonly OrderKey[]): Position => {
  const parts = partsOf(token);
  if (parts?.length !== keys.length + 1)
    throw invalid('Invalid page token: it is not one that a search gave; ask for the first page', 'unknown_cursor');
  if (parts[0] !== hashOf(query))
    throw invalid(
      'Invalid page token: it belongs to another search; ask with the filter and order that gave it, or for the first page',
      'cursor_of_another_search',
    );
  return keys.map(({ kind }, i) => {
    const part = readPart(parts[i + 1]!, kind);
    if (part === undefined) throw invalid('Invalid page token: it is not one that a search gave; ask for the first page', 'unknown_cursor');
    return part;
  });
};

const hashOf = (query: unknown): string => createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);
const partsOf = (token: string): string[] | undefined => {
  try {
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown;
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : undefined;
  } catch {
    return undefined;
  }
};
const readPart = (part: string, kind: OrderKey['kind']): string | number | undefined => {
  if (kind === 'text') return part.startsWith("'") && !part.includes('\0') ? part.slice(1) : undefined;
  const number = Number(part);
  if (part === '' || Number.isNaN(number) || (kind === 'rank' && ![0, 1, 2].includes(number))) return undefined;
  return number;
};
