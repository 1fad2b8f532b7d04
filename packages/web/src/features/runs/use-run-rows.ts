import { type InfiniteData, type UseQueryResult, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type rowsQuery, standingQuery } from './queries.ts';
import { useFresh } from './use-fresh.ts';

interface RunRows {
  readonly project: string;
  readonly query: ReturnType<typeof rowsQuery>;
  readonly only: Parameters<typeof standingQuery>[2];
  readonly isReady: boolean;
  readonly count: UseQueryResult<{ readonly found: number }>;
}
const mostStanding = 200;

/** The rows that were read, page after page. They stay where they are: how the running ones go on is asked for, and new ones wait. */
export const useRunRows = ({ project, query, only, isReady, count }: RunRows) => {
  const queries = useQueryClient();
  const rows = useInfiniteQuery({ ...query, enabled: isReady });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage } = rows;
  const { pages } = rows.data ?? {};

  const read = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const running = read.filter(({ status }) => status === 'running' || status === 'scheduled').slice(0, mostStanding);
  const ids = running.map(({ id }) => id);
  const standing = useQuery(standingQuery(project, ids, only));
  const runs = useMemo(() => {
    const now = new Map(standing.data?.items.map((run) => [run.id, run]));
    return now.size === 0 ? read : read.map((run) => now.get(run.id) ?? run);
  }, [read, standing.data]);

  const readAt = isPlaceholderData ? undefined : pages?.[0]?.at;
  const fresh = useFresh(query.queryKey, readAt, count.isPlaceholderData ? undefined : count.data?.found);
  const showFresh = () => {
    type Pages = InfiniteData<unknown, string>;
    queries.setQueryData<Pages>(
      query.queryKey as readonly unknown[],
      (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    void rows.refetch();
  };
  const onEnd = useCallback(() => {
    // What failed is asked for again by hand: else a silent server would be asked without end.
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && !isPlaceholderData) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage]);
  return { rows, runs, took: pages?.[0]?.milliseconds, fresh, showFresh, onEnd };
};
