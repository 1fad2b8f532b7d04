import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

/** All of these pages hangs under it. */
export const endpointsKey = (project: string) => [...projectKey(project), 'endpoints'] as const;

export const endpointsQuery = (project: string) =>
  queryOptions({
    queryKey: [...endpointsKey(project), 'list'],
    queryFn: ({ signal }) => client.endpoints.list({ params: { project }, query: { limit: 500 } }, { signal }),
  });

export const endpointQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [...endpointsKey(project), 'endpoint', endpoint],
    queryFn: ({ signal }) => client.endpoints.get({ params: { project, endpoint } }, { signal }),
  });

/** Of all endpoints, or of one. */
export const trafficQuery = (project: string, endpoint?: string) =>
  queryOptions({
    queryKey: [...endpointsKey(project), 'traffic', endpoint ?? null],
    queryFn: ({ signal }) =>
      client.traffic.list({ params: { project }, query: { ...(endpoint !== undefined && { endpoint }) } }, { signal }),
    // What is five minutes old leaves by itself, and says nothing.
    refetchInterval: 5000,
  });

/** Newest first. */
export const deploymentsQuery = (project: string, endpoint: string) =>
  infiniteQueryOptions({
    queryKey: [...endpointsKey(project), 'deployments', endpoint],
    queryFn: ({ signal, pageParam }) =>
      client.endpoints.deployments(
        { params: { project, endpoint }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const logPage = 15;
/** A page of the log: the newest, or those before a prediction. One more than is shown, to know whether there are more. */
export const logQuery = (
  project: string,
  { endpoint, before, shadows }: { endpoint: string; before?: string | undefined; shadows: boolean },
) =>
  queryOptions({
    queryKey: [...endpointsKey(project), 'log', endpoint, before ?? null, shadows],
    queryFn: ({ signal }) =>
      client.predictions.list(
        { params: { project }, query: { endpoint, limit: logPage + 1, shadows, ...(before !== undefined && { before }) } },
        { signal },
      ),
  });

export const predictionQuery = (project: string, predictionId: string) =>
  queryOptions({
    queryKey: [...endpointsKey(project), 'prediction', predictionId],
    queryFn: ({ signal }) => client.predictions.get({ params: { project, predictionId } }, { signal }),
  });

/** The way back to the rows takes longer than the prediction itself. */
export const traceQuery = (project: string, predictionId: string) =>
  queryOptions({
    queryKey: [...endpointsKey(project), 'trace', predictionId],
    queryFn: ({ signal }) => client.reports.trace({ params: { project, predictionId } }, { signal }),
  });
