import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

/** All of the page hangs under it: news of a window or an alert asks for all of it again. */
export const monitoringKey = (project: string) => [...projectKey(project), 'monitoring'] as const;

export const monitorsQuery = (project: string) =>
  queryOptions({
    queryKey: [...monitoringKey(project), 'monitors'],
    queryFn: ({ signal }) => client.monitors.list({ params: { project } }, { signal }),
  });

/** Newest first, a strip's length at a time. */
export const windowsQuery = (project: string, monitor: string) =>
  infiniteQueryOptions({
    queryKey: [...monitoringKey(project), 'windows', monitor],
    queryFn: ({ signal, pageParam }) =>
      client.monitors.windows(
        { params: { project, monitor }, query: { limit: 72, version: 'latest', ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const windowQuery = (project: string, windowId: string) =>
  queryOptions({
    queryKey: [...monitoringKey(project), 'window', windowId],
    queryFn: ({ signal }) => client.monitors.window({ params: { project, windowId }, query: {} }, { signal }),
  });

export const performanceQuery = (project: string, monitor: string, { metric, of }: { metric: string; of: string | null }) =>
  queryOptions({
    queryKey: [...monitoringKey(project), 'performance', monitor, metric, of],
    queryFn: ({ signal }) =>
      client.monitors.performance({ params: { project, monitor }, query: { metric, limit: 100, ...(of !== null && { of }) } }, { signal }),
  });

export const alertsQuery = (project: string) =>
  queryOptions({
    queryKey: [...monitoringKey(project), 'alerts'],
    queryFn: ({ signal }) => client.alerts.list({ params: { project }, query: { limit: 50 } }, { signal }),
  });

export const alertQuery = (project: string, alertId: string) =>
  queryOptions({
    queryKey: [...monitoringKey(project), 'alert', alertId],
    queryFn: ({ signal }) => client.alerts.get({ params: { project, alertId } }, { signal }),
  });
