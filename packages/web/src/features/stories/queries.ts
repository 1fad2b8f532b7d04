import { queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

export const storiesQuery = (project: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'stories'],
    queryFn: ({ signal }) => client.reports.stories({ params: { project }, query: { limit: 50 } }, { signal }),
  });

/** With its chapters; the overview's own query keeps the events only. */
export const wholeStoryQuery = (project: string, correlationId: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'whole-story', correlationId],
    queryFn: ({ signal }) => client.reports.story({ params: { project, correlationId }, query: { limit: 1000 } }, { signal }),
  });
