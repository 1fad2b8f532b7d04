import { type ModelVersion, parseFilter, parseOrder, type RegisteredModel, type SearchFields } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { type Db, type OrderKey, readToken, tokenOf } from '../platform/index.ts';
import { modelStore } from './model-store.ts';
import { type Found, modelKeys, type RegistrySearch, registrySearchStore, versionKeys } from './registry-search-store.ts';
import { modelFields, type RegistryEntity, versionFields } from './search-fields.ts';
import { versionStore } from './version-store.ts';

export interface RegistryQuery {
  readonly filter?: string | undefined;
  readonly order?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
interface Kind<T> {
  readonly fields: SearchFields<RegistryEntity>;
  readonly keys: (order: RegistrySearch['order']) => OrderKey[];
  readonly find: (project: ProjectRef, search: RegistrySearch) => Promise<Found[]>;
  readonly load: (project: ProjectRef, ids: readonly string[]) => Promise<T[]>;
}

/** Models and versions by a filter, page by page, in an order that stays correct while others write. */
export const createSearch = ({ db }: { db: Db }) => {
  const pages =
    <T>({ fields, keys, find, load }: Kind<T>) =>
    async (project: ProjectRef, { filter = '', order: items = [], limit, cursor }: RegistryQuery) => {
      const order = parseOrder(items, fields);
      const query = [filter, items];
      const position = cursor === undefined ? undefined : readToken(cursor, query, keys(order));
      const found = await find(project, { filter: parseFilter(filter, fields), order, limit: limit + 1, position });
      const page = found.slice(0, limit);
      return {
        items: await load(
          project,
          page.map(({ id }) => id),
        ),
        nextCursor: found.length > limit ? tokenOf(query, page.at(-1)!.position) : null,
      };
    };
  return {
    models: pages<RegisteredModel>({
      fields: modelFields,
      keys: modelKeys,
      find: registrySearchStore(db.read).models,
      load: (project, ids) => modelStore(db.read).all(project, ids),
    }),
    versions: pages<ModelVersion>({
      fields: versionFields,
      keys: versionKeys,
      find: registrySearchStore(db.read).versions,
      load: (project, ids) => versionStore(db.read).all(project, ids),
    }),
  };
};
