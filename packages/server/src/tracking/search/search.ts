import { type Experiment, invalid, type Paging, parseFilter, parseOrder } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { type Db, decodeCursor, pageOf, readToken, tokenOf } from '../../platform/index.ts';
import { experimentStore } from '../experiment-store.ts';
import type { WantedKeys } from '../facts-store.ts';
import { type RunRecord, runStore } from '../run-store.ts';
import { datasetSearchStore, type UsedDataset } from './dataset-search-store.ts';
import { experimentFields } from './experiment-fields.ts';
import { experimentKeys, experimentSearchStore } from './experiment-search-store.ts';
import { type KeyKind, keyStore } from './key-store.ts';
import { runFields } from './run-fields.ts';
import { runKeys, runSearchStore, type View } from './run-search-store.ts';

export interface SearchInput {
  readonly filter?: string;
  /** Such as `metrics.accuracy DESC`. */
  readonly orderBy?: readonly string[];
  /** What is deleted is left out unless it is asked for. */
  readonly view?: View;
  /** From 1 to 50,000. */
  readonly limit: number;
  readonly cursor?: string;
}
interface Experiments {
  readonly experimentIds?: readonly string[];
}
interface KeysInput extends Paging, Experiments {
  readonly kind: KeyKind;
  readonly part: string;
}
export interface Found<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}
const mostAtOnce = 50_000;
const mostDatasets = 1000;

/**
 * `few` is how many runs a clause may hold for to be asked first; tests say less.
 * Pages go on from the last row's place in the order, so that rows that come or go meanwhile neither repeat nor hide others.
 */
export const createSearch = ({ db, few }: { db: Db; few?: number }) => ({
  /** Of no experiments, there are no runs; where none are said, of all. */
  runs: async (
    project: ProjectRef,
    {
      experimentIds: said,
      filter = '',
      orderBy = [],
      view = 'active',
      limit,
      cursor,
      only,
    }: SearchInput & Experiments & { readonly only?: WantedKeys },
  ): Promise<Found<RunRecord>> => {
    checkLimit(limit);
    const order = parseOrder(orderBy, runFields);
    const query = ['runs', project.id, said ?? null, filter, orderBy, view];
    const position = cursor === undefined ? undefined : readToken(cursor, query, runKeys(order));
    const tree = parseFilter(filter, runFields);
    const experimentIds = said ?? (await experimentStore(db.read).ids(project));
    const asked = { experimentIds, filter: tree, order, view, limit: limit + 1, position };
    const found = await runSearchStore(db.read, { ...(few !== undefined && { few }) }).find(project, asked);
    const kept = found.slice(0, limit);
    return {
      items: await runStore(db.read).several(
        project,
        kept.map(({ id }) => id),
        only,
      ),
      nextCursor: found.length > limit ? tokenOf(query, kept.at(-1)!.position) : null,
    };
  },
  /** How many runs a page of a search is of. */
  count: async (
    project: ProjectRef,
    { experimentIds: said, filter = '', view = 'active' }: Pick<SearchInput, 'filter' | 'view'> & Experiments,
  ): Promise<{ found: number; all: number }> => {
    const tree = parseFilter(filter, runFields);
    const experimentIds = said ?? (await experimentStore(db.read).ids(project));
    return runSearchStore(db.read).count(project, { experimentIds, filter: tree, view });
  },
  /** In the order of the database, each once. */
  keys: async (project: ProjectRef, { kind, experimentIds, part, limit, cursor }: KeysInput) => {
    const after = cursor === undefined ? '' : decodeCursor(cursor, ['string'])[0];
    const keys = await keyStore(db.read).find(project, { kind, experimentIds, part, after, limit: limit + 1 });
    return pageOf(keys, limit, { item: (key) => ({ key }), at: (key) => [key] });
  },
  experiments: async (
    project: ProjectRef,
    { filter = '', orderBy = [], view = 'active', limit, cursor }: SearchInput,
  ): Promise<Found<Experiment>> => {
    checkLimit(limit);
    const order = parseOrder(orderBy, experimentFields);
    const query = ['experiments', project.id, filter, orderBy, view];
    const position = cursor === undefined ? undefined : readToken(cursor, query, experimentKeys(order));
    const asked = { filter: parseFilter(filter, experimentFields), order, view, limit: limit + 1, position };
    const found = await experimentSearchStore(db.read).find(project, asked);
    const kept = found.slice(0, limit);
    return {
      items: await experimentStore(db.read).several(
        project,
        kept.map(({ id }) => id),
      ),
      nextCursor: found.length > limit ? tokenOf(query, kept.at(-1)!.position) : null,
    };
  },
  /** Those that runs of the experiments used. */
  datasets: (project: ProjectRef, experimentIds: readonly string[]): Promise<UsedDataset[]> =>
    datasetSearchStore(db.read).used(project, experimentIds, mostDatasets),
});
export type Search = ReturnType<typeof createSearch>;

const checkLimit = (limit: number): void => {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostAtOnce)
    throw invalid(`A search gives from 1 to ${mostAtOnce} at once, and ${limit} were asked for`, 'bad_limit', { limit });
};
