import { hexOf, readTreeListing, type TreeDigest } from '@boucle/contract';
import { ApiError } from '@boucle/sdk';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

/** All of these pages hangs under it: news of a model asks for all of it again. */
export const modelsKey = (project: string) => [...projectKey(project), 'models'] as const;

/** What may not be there, or not yet. */
export const ifThere = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') return null;
    throw error;
  }
};

/** The last changed first. */
export const modelsQuery = (project: string, filter: string) =>
  infiniteQueryOptions({
    queryKey: [...modelsKey(project), 'search', filter],
    queryFn: ({ signal, pageParam }) =>
      client.models.search(
        {
          params: { project },
          body: { filter, orderBy: ['last_updated_timestamp DESC'], limit: 50, ...(pageParam && { cursor: pageParam }) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const modelQuery = (project: string, model: string) =>
  queryOptions({
    queryKey: [...modelsKey(project), 'model', model],
    queryFn: ({ signal }) => client.models.get({ params: { project, model } }, { signal }),
  });

export const versionsQuery = (project: string, model: string) =>
  infiniteQueryOptions({
    queryKey: [...modelsKey(project), 'versions', model],
    queryFn: ({ signal, pageParam }) =>
      client.models.versions.list(
        { params: { project, model }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const versionQuery = (project: string, model: string, number: number) =>
  queryOptions({
    queryKey: [...modelsKey(project), 'version', model, number],
    queryFn: ({ signal }) => client.models.versions.get({ params: { project, model, number } }, { signal }),
  });

/** What the manifest in force says of endpoints; nothing where none was applied. */
export const declaredQuery = (project: string) =>
  queryOptions({
    queryKey: [...modelsKey(project), 'declared'],
    queryFn: async ({ signal }) => (await ifThere(client.manifests.current({ params: { project } }, { signal })))?.manifest.endpoints ?? [],
  });

/** Null where they were never held against the version. */
export const gatesQuery = (project: string, { model, number, endpoint }: { model: string; number: number; endpoint: string }) =>
  queryOptions({
    queryKey: [...modelsKey(project), 'gates', model, number, endpoint],
    queryFn: ({ signal }) => ifThere(client.models.versions.gates({ params: { project, model, number }, query: { endpoint } }, { signal })),
  });

/** A digest never says anything else. */
const forEver = { staleTime: Number.POSITIVE_INFINITY } as const;

export const filesQuery = (project: string, digest: string | null) =>
  queryOptions({
    queryKey: ['files', project, digest],
    queryFn: async ({ signal }) => {
      const listing = await client.blobs.get({ params: { project, digest: `blob:${hexOf(digest as TreeDigest)}` } }, { signal });
      return readTreeListing(await listing.text());
    },
    enabled: digest !== null,
    ...forEver,
  });

/** As much of a text as a page can show. */
export const shownBytes = 200_000;
export const fileQuery = (project: string, blob: string | undefined) =>
  queryOptions({
    queryKey: ['file', project, blob],
    queryFn: async ({ signal }) => {
      const range = { start: 0, end: shownBytes - 1 };
      return (await client.blobs.get({ params: { project, digest: blob! } }, { signal, range })).text();
    },
    enabled: blob !== undefined,
    ...forEver,
  });

export const runQuery = (project: string, runId: string | null) =>
  queryOptions({
    queryKey: [...modelsKey(project), 'run', runId],
    // Whoever registered a version may have named a run that is no run of ours.
    queryFn: ({ signal }) =>
      /^[0-9a-f]{32}$/.test(runId!) ? ifThere(client.runs.get({ params: { project, runId: runId! } }, { signal })) : null,
    enabled: runId !== null,
  });

/** The pipeline run whose step made a version. */
export const madeByQuery = (project: string, stepRunId: string | null) =>
  queryOptions({
    queryKey: [...modelsKey(project), 'made-by', stepRunId],
    queryFn: async ({ signal }) => {
      const step = await ifThere(client.stepRuns.get({ params: { project, stepRunId: stepRunId! } }, { signal }));
      return step && ifThere(client.pipelineRuns.get({ params: { project, pipelineRunId: step.pipelineRunId } }, { signal }));
    },
    enabled: stepRunId !== null,
  });
