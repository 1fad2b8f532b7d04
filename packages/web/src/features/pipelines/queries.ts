import type { Pipeline } from '@boucle/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

export const pipelinesKey = (project: string) => [...projectKey(project), 'pipelines'] as const;

/** None where nothing was applied yet: that is no failure of the page. */
export const pipelinesQuery = (project: string) =>
  queryOptions({
    queryKey: [...pipelinesKey(project), 'all'],
    queryFn: async ({ signal }): Promise<Pipeline[]> => {
      const { items } = await client.pipelines.list({ params: { project } }, { signal }).catch((error: unknown) => {
        if ((error as { reason?: string }).reason === 'no_manifest') return { items: [] };
        throw error;
      });
      return items;
    },
  });

export const triggersQuery = (project: string) =>
  queryOptions({
    queryKey: [...pipelinesKey(project), 'triggers'],
    queryFn: ({ signal }) => client.triggers.list({ params: { project } }, { signal }),
  });

export const stripLength = 24;
/** Newest first. */
export const runsQuery = (project: string, pipeline: string) =>
  infiniteQueryOptions({
    queryKey: [...pipelinesKey(project), 'runs', pipeline],
    queryFn: ({ signal, pageParam }) =>
      client.pipelineRuns.list(
        { params: { project }, query: { pipeline, limit: stripLength, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const whyQuery = (project: string, stepRunId: string) =>
  queryOptions({
    queryKey: [...pipelinesKey(project), 'why', stepRunId],
    queryFn: ({ signal }) => client.stepRuns.why({ params: { project, stepRunId } }, { signal }),
  });

export const stepRunQuery = (project: string, stepRunId: string) =>
  queryOptions({
    queryKey: [...pipelinesKey(project), 'step-run', stepRunId],
    queryFn: ({ signal }) => client.stepRuns.get({ params: { project, stepRunId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
