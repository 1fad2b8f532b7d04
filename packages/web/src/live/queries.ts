import { queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';

/** Everything of a project hangs under its name, so that one call can refresh it. */
export const projectKey = (project: string) => ['project', project] as const;

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => client.projects.list({ query: { limit: 200 } }, { signal }),
});

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => client.system.info({}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const overviewQuery = (project: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'overview'],
    queryFn: ({ signal }) => client.reports.overview({ params: { project } }, { signal }),
  });

export const pipelineRunQuery = (project: string, pipelineRunId: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'pipeline-run', pipelineRunId],
    queryFn: ({ signal }) => client.pipelineRuns.get({ params: { project, pipelineRunId } }, { signal }),
  });

/** Not under the project's key: once read, the stream continues it. */
export const storyQuery = (project: string, correlationId: string) =>
  queryOptions({
    queryKey: ['story', project, correlationId],
    queryFn: async ({ signal }) => {
      const { events } = await client.reports.story({ params: { project, correlationId }, query: { limit: 1000 } }, { signal });
      return events;
    },
  });

/** The number of the newest event that is known without reading them all: from there on the stream tells. */
export const latestNewsQuery = (project: string) =>
  queryOptions({
    queryKey: ['latest-news', project],
    queryFn: async ({ client: queries }) => {
      const { story } = await queries.fetchQuery(overviewQuery(project));
      return story === null ? 0 : ((await queries.fetchQuery(storyQuery(project, story))).at(-1)?.seq ?? 0);
    },
    // An older number only means that some news comes twice.
    staleTime: 300_000,
  });
