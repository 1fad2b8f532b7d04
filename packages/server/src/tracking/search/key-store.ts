import { sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { among, type Tx } from '../../platform/index.ts';

const tables = { metric: 'run_latest_metric', param: 'run_param', tag: 'run_tag' } as const;
export type KeyKind = keyof typeof tables;
interface KeySearch {
  readonly kind: KeyKind;
  /** All where none are said. */
  readonly experimentIds?: readonly string[] | undefined;
  /** A part of the key, in any case. */
  readonly part: string;
  readonly after: string;
  readonly limit: number;
}
/** So many are looked through at once. */
const leap = 1000;

export const keyStore = (tx: Tx) => {
  /** Each key once, however many runs have it: from one to the next along the index, which begins with experiment and key. */
  const following = async (project: ProjectRef, { kind, experimentIds, after, limit }: Omit<KeySearch, 'part'>): Promise<string[]> => {
    const isAsked = experimentIds
      ? sql`e.project_id = ${project.id} and ${among(tx, sql`e.id`, experimentIds)}`
      : sql`e.project_id = ${project.id}`;
    const next = (than: ReturnType<typeof sql>) => sql`
      select min(one.key) from (
        select (select f.key from ${sql.table(tables[kind])} as f where f.experiment_id = e.id and f.key > ${than} order by f.key limit 1) as key
        from experiment as e where ${isAsked}
      ) as one`;
    const { rows } = await sql<{ key: string }>`
      with recursive known(key) as (${next(sql`${after}`)} union all select (${next(sql`known.key`)}) from known where known.key is not null)
      select key from known where key is not null limit ${limit}`.execute(tx);
    return rows.map(({ key }) => key);
  };
  return {
    /** Up to `limit` keys after one of them. */
    find: async (project: ProjectRef, { part, limit, ...search }: KeySearch): Promise<string[]> => {
      if (part === '') return following(project, { ...search, limit });
      // Databases fold case each in its own way, and we in one.
      const asked = part.toLowerCase();
      const found: string[] = [];
      for (let { after } = search; ;) {
        const keys = await following(project, { ...search, after, limit: leap });
        found.push(...keys.filter((key) => key.toLowerCase().includes(asked)));
        if (keys.length < leap || found.length >= limit) return found.slice(0, limit);
        after = keys.at(-1)!;
      }
    },
  };
};
