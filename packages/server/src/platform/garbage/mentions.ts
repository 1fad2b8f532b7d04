import { sql } from 'kysely';
import { inBatches, type Moment, tablesOf } from '../db/index.ts';

/** Digits by what they name: of a tree, all that it lists is meant too. */
export interface Mentions {
  readonly blobs: Set<string>;
  readonly trees: Set<string>;
}
export const noMentions = (): Mentions => ({ blobs: new Set(), trees: new Set() });

/** Whatever looks like a digest: what is kept for nothing costs room, what is missed costs the blob. */
export const noteMentions = (text: string, { blobs, trees }: Mentions): void => {
  for (const [, kind, hex] of text.matchAll(/(blob|tree):([0-9a-f]{64})/g)) (kind === 'tree' ? trees : blobs).add(hex!);
};

/** Every column that can hold a text, by table, but for the exceptions. */
export const columnsThatName = async (moment: Moment, exceptions: Readonly<Record<string, string>>): Promise<Map<string, string[]>> => {
  const byTable = new Map<string, string[]>();
  for (const { name: table, columns } of await tablesOf(moment)) {
    const texts = columns.filter(({ dataType }) => /text|json/i.test(dataType)).map(({ name }) => name);
    const naming = texts.filter((column) => !(`${table}.${column}` in exceptions));
    if (naming.length > 0) byTable.set(table, naming);
  }
  return byTable;
};

/** What the columns of a database name, as of one moment. */
export const mentionsInDatabase = async (moment: Moment, exceptions: Readonly<Record<string, string>>): Promise<Mentions> => {
  const mentions = noMentions();
  const isIn = (column: string, kind: string) =>
    moment.kind === 'sqlite' ? sql<boolean>`instr(${sql.ref(column)}, ${kind}) > 0` : sql<boolean>`strpos(${sql.ref(column)}, ${kind}) > 0`;
  for (const [table, columns] of await columnsThatName(moment, exceptions)) {
    const where = sql<boolean>`${sql.join(
      columns.flatMap((column) => [isIn(column, 'blob:'), isIn(column, 'tree:')]),
      sql` or `,
    )}`;
    for await (const rows of inBatches(moment, { table, columns, where })) {
      for (const value of rows.flatMap((row) => Object.values(row))) if (typeof value === 'string') noteMentions(value, mentions);
    }
  }
  return mentions;
};
