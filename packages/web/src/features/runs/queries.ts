import { ApiError } from '@boucle/sdk';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';
import type { KeyGroup } from './run-key.ts';

export const runsKey = (project: string) => [...projectKey(project), 'runs'] as const;
/** What news of runs asks again for: how many there are, and how those that were still running go on. */
export const runsNewsKey = (project: string) => [...runsKey(project), 'news'] as const;

export interface Asked {
  readonly q: string;
  readonly experiments: string | undefined;
}
const idsOf = (experiments: string | undefined) => {
  const ids = experiments?.split(',').filter((id) => /^\d{1,18}$/.test(id)) ?? [];
  return ids.length > 0 ? { experimentIds: ids } : {};
};

export const experimentsQuery = (project: string) =>
  queryOptions({
    queryKey: [...runsKey(project), 'experiments'],
    queryFn: ({ signal }) => client.experiments.list({ params: { project }, query: { limit: 500 } }, { signal }),
  });

/** How many runs there are, and how many of them the filter finds. */
export const countQuery = (project: string, { q, experiments }: Asked) =>
  queryOptions({
    queryKey: [...runsNewsKey(project), 'count', q, experiments],
    queryFn: ({ signal }) => client.runs.count({ params: { project }, body: { filter: q, ...idsOf(experiments) } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const pageSize = 200;
interface AskedRows extends Asked {
  readonly orderBy: readonly string[];
  readonly only: { readonly metrics: readonly string[]; readonly params: readonly string[]; readonly tags: readonly string[] };
}
export const rowsQuery = (project: string, { q, experiments, orderBy, only }: AskedRows) =>
  infiniteQueryOptions({
    queryKey: [...runsKey(project), 'rows', q, experiments, orderBy, only],
    queryFn: async ({ signal, pageParam }) => {
      const began = performance.now();
      const body = {
        filter: q,
        orderBy: [...orderBy],
        limit: pageSize,
        only: { metrics: [...only.metrics], params: [...only.params], tags: [...only.tags] },
        ...idsOf(experiments),
        ...(pageParam && { cursor: pageParam }),
      };
      const page = await client.runs.search({ params: { project }, body }, { signal });
      return { ...page, milliseconds: performance.now() - began, at: Date.now() };
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Rows do not move while they are read: news waits until it is asked for.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How those that were running when they were read are now. */
export const standingQuery = (project: string, ids: readonly string[], only: AskedRows['only']) =>
  queryOptions({
    queryKey: [...runsNewsKey(project), 'standing', ids, only],
    queryFn: async ({ signal }) => {
      const filter = `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(', ')})`;
      const body = { filter, limit: ids.length, only: { metrics: [...only.metrics], params: [...only.params], tags: [...only.tags] } };
      return client.runs.search({ params: { project }, body }, { signal });
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

const kinds = { metrics: 'metric', params: 'param', tags: 'tag' } as const;
export const keysQuery = (project: string, group: Exclude<KeyGroup, 'attributes'>, part = '') =>
  queryOptions({
    queryKey: [...runsKey(project), 'keys', group, part],
    queryFn: ({ signal }) => client.runs.keys({ params: { project }, query: { kind: kinds[group], part, limit: 50 } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const runQuery = (project: string, runId: string) =>
  queryOptions({
    queryKey: [...runsKey(project), 'run', runId],
    queryFn: ({ signal }) => client.runs.get({ params: { project, runId } }, { signal }),
    // Metrics come without news of their own.
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 5000 : false),
  });

/** Those that name it as their parent, the newest first. */
export const childrenQuery = (project: string, runId: string) =>
  queryOptions({
    queryKey: [...runsKey(project), 'children', runId],
    queryFn: ({ signal }) =>
      client.runs.search(
        {
          params: { project },
          body: { filter: `attributes.parent_run_id = '${runId}'`, limit: 20, only: { metrics: [], params: [], tags: [] } },
        },
        { signal },
      ),
  });

export const severalQuery = (project: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: [...runsKey(project), 'several', ids],
    queryFn: async ({ signal }) => {
      const filter = `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(', ')})`;
      const { items } = await client.runs.search({ params: { project }, body: { filter, limit: 1000, view: 'all' } }, { signal });
      return ids.flatMap((id) => items.find((run) => run.id === id) ?? []);
    },
    enabled: ids.length > 0,
  });

export type Along = 'step' | 'time' | 'relative';
export interface AskedChart {
  readonly ids: readonly string[];
  readonly key: string;
  readonly axis: Along;
  readonly range: readonly [number, number] | undefined;
}
/** More than twice the pixels that a chart is wide: nothing that can be seen is left out. */
const chartPoints = 2000;
export const chartQuery = (project: string, { ids, key, axis, range }: AskedChart, isRunning: boolean) =>
  queryOptions({
    queryKey: [...runsKey(project), 'chart', ids, key, axis, range],
    queryFn: ({ signal }) =>
      client.runs.chart(
        {
          params: { project },
          query: { runs: ids.join(','), key, axis, points: chartPoints, ...(range && { from: range[0], to: range[1] }) },
        },
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: isRunning ? 5000 : false,
  });

export const artifactsQuery = (project: string, runId: string, folder: string) =>
  infiniteQueryOptions({
    queryKey: [...runsKey(project), 'artifacts', runId, folder],
    queryFn: ({ signal, pageParam }) =>
      client.runs.artifacts.list(
        { params: { project, runId }, query: { limit: 200, ...(folder && { path: folder }), ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** The step that made it, and the pipeline run it belongs to. */
export const stepRunQuery = (project: string, stepRunId: string) =>
  queryOptions({
    queryKey: [...runsKey(project), 'step-run', stepRunId],
    queryFn: ({ signal }) => client.stepRuns.get({ params: { project, stepRunId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const versionsOfRunQuery = (project: string, runId: string) =>
  queryOptions({
    queryKey: [...runsKey(project), 'versions', runId],
    queryFn: ({ signal }) =>
      client.models.versions.search({ params: { project }, body: { filter: `run_id = '${runId}'`, limit: 50 } }, { signal }),
  });

/** Where a filter went wrong, as its reader said it. */
export interface WrongFilter {
  readonly position: number;
  readonly expected: string;
}
export const wrongFilterIn = (error: unknown): WrongFilter | undefined => {
  if (!(error instanceof ApiError) || error.reason !== 'bad_filter') return undefined;
  const position = error.details['position'];
  const told = error.message.split(' — expected ');
  return { position: typeof position === 'number' ? position : 0, expected: told.at(-1) ?? error.message };
};
