import type { ModelVersion, PipelineRun, Run } from '@boucle/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

export interface VersionName {
  readonly project: string;
  readonly dataset: string;
  readonly number: number;
}

export const dataKey = (project: string) => [...projectKey(project), 'data'] as const;
const versionKey = ({ project, dataset, number }: VersionName) => [...dataKey(project), 'version', dataset, number] as const;
/** What is said of a table that does not change. */
const once = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const;

export const datasetsQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: [...dataKey(project), 'datasets'],
    queryFn: ({ signal, pageParam }) =>
      client.datasets.list({ params: { project }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** Newest first. */
export const versionsQuery = (project: string, dataset: string) =>
  queryOptions({
    queryKey: [...dataKey(project), 'versions', dataset],
    queryFn: ({ signal }) => client.datasets.versions.list({ params: { project, dataset }, query: { limit: 20 } }, { signal }),
  });

export const versionQuery = (name: VersionName) =>
  queryOptions({
    queryKey: versionKey(name),
    queryFn: ({ signal }) => client.datasets.versions.get({ params: name }, { signal }),
  });

export const profileQuery = (name: VersionName) =>
  queryOptions({
    ...once,
    queryKey: [...versionKey(name), 'profile'],
    queryFn: ({ signal }) => client.datasets.versions.profile({ params: name }, { signal }),
  });

/** Another manifest may expect something else. */
export const validationQuery = (name: VersionName) =>
  queryOptions({
    queryKey: [...versionKey(name), 'validation'],
    queryFn: ({ signal }) => client.datasets.versions.validation({ params: name }, { signal }),
    retry: false,
  });

export const changesQuery = (name: VersionName, against: number) =>
  queryOptions({
    ...once,
    queryKey: [...versionKey(name), 'changes', against],
    queryFn: ({ signal }) => client.datasets.versions.changes({ params: name, query: { against } }, { signal }),
  });

export const rowsPerPage = 25;
/** Longer cells are cut by the server: one may hold megabytes. */
export const cellCharacters = 240;
export const rowsQuery = (name: VersionName, offset: number) =>
  queryOptions({
    ...once,
    queryKey: [...versionKey(name), 'rows', offset],
    queryFn: ({ signal }) =>
      client.datasets.versions.rows({ params: name, query: { limit: rowsPerPage, offset, cells: cellCharacters } }, { signal }),
    placeholderData: keepPreviousData,
  });

export interface Uses {
  readonly runs: readonly Run[];
  readonly pipelineRuns: readonly PipelineRun[];
  readonly modelVersions: readonly ModelVersion[];
  readonly isAll: boolean;
}
const usesShown = 50;
const pipelineRunsShown = 5;

/** Who learned from, or was judged by, these very rows. */
export const usesQuery = (project: string, digest: string) =>
  queryOptions({
    queryKey: [...dataKey(project), 'uses', digest],
    queryFn: async ({ signal }): Promise<Uses> => {
      const { items: runs, nextCursor } = await client.runs.search(
        {
          params: { project },
          body: {
            filter: `dataset.digest = '${digest}'`,
            orderBy: ['attributes.start_time DESC'],
            limit: usesShown,
            only: { metrics: [], params: [], tags: ['boucle.pipeline', 'boucle.step'] },
          },
        },
        { signal },
      );
      const modelVersions =
        runs.length === 0
          ? []
          : (
              await client.models.versions.search(
                { params: { project }, body: { filter: `run_id IN (${runs.map(({ id }) => `'${id}'`).join(', ')})`, limit: usesShown } },
                { signal },
              )
            ).items;
      return { runs, modelVersions, pipelineRuns: await pipelineRunsOf(project, runs, signal), isAll: nextCursor === null };
    },
  });

/** A step's Run knows its step run, and that its pipeline run. */
const pipelineRunsOf = async (project: string, runs: readonly Run[], signal: AbortSignal): Promise<PipelineRun[]> => {
  const oneOfEach = new Map(runs.flatMap(({ parentRunId, stepRunId }) => (stepRunId === null ? [] : [[parentRunId, stepRunId]])));
  const found = [...oneOfEach.values()].slice(0, pipelineRunsShown).map(async (stepRunId) => {
    const { pipelineRunId } = await client.stepRuns.get({ params: { project, stepRunId } }, { signal });
    return client.pipelineRuns.get({ params: { project, pipelineRunId } }, { signal });
  });
  return Promise.all(found);
};
