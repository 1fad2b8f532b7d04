import type { BoucleEvent, Overview, PipelineRun } from '@boucle/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useReducer } from 'react';
import { withEvents } from './event-log.ts';
import { type News, newsOf } from './news.ts';
import { overviewQuery, pipelineRunQuery, projectKey, storyQuery } from './queries.ts';
import { throttle } from './throttle.ts';
import { useEventStream } from './use-event-stream.ts';
import { pollMs } from './use-live-project.ts';
import type { Connection } from './watched-fetch.ts';

export interface LiveOverview {
  readonly overview: Overview | undefined;
  readonly run: PipelineRun | undefined;
  readonly story: readonly News[];
  readonly connection: Connection;
  /** How far the server's clock is ahead of ours: times are its, and "12 s ago" must be, too. */
  readonly skewMs: number;
  readonly error: Error | null;
  readonly refresh: () => void;
}

/** The overview, its pipeline run and its story: asked for once, then told by the stream, and asked for again while that is down. */
export const useLiveOverview = (project: string): LiveOverview => {
  const queries = useQueryClient();
  const [streamed, add] = useReducer((log: readonly BoucleEvent[], event: BoucleEvent) => withEvents(log, [event]), []);
  const refresh = useMemo(
    () => throttle(() => void queries.invalidateQueries({ queryKey: projectKey(project) }), 1000),
    [queries, project],
  );
  useEffect(() => refresh.stop, [refresh]);

  const overview = useQuery(overviewQuery(project));
  const storyId = overview.data?.story ?? undefined;
  const runId = overview.data?.pipelines.runId ?? undefined;
  const run = useQuery({ ...pipelineRunQuery(project, runId ?? ''), enabled: runId !== undefined });
  const story = useQuery({ ...storyQuery(project, storyId ?? ''), enabled: storyId !== undefined });
  const isTold = overview.isSuccess && (storyId === undefined || story.isFetched);

  const refreshAll = () => {
    refresh.run();
    void queries.invalidateQueries({ queryKey: ['story', project] });
  };
  const connection = useEventStream({
    project,
    after: isTold ? (story.data?.at(-1)?.seq ?? 0) : undefined,
    onEvent: (event) => {
      add(event);
      refresh.run();
    },
    onBack: refreshAll,
  });
  const poll = connection === 'lost' || overview.isError;
  useEffect(() => {
    if (!poll) return undefined;
    const timer = setInterval(refreshAll, pollMs);
    return () => clearInterval(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [poll, project]);

  const events = useMemo(
    () =>
      newsOf(
        withEvents(
          story.data ?? [],
          streamed.filter(({ correlationId }) => correlationId === storyId),
        ),
      ),
    [story.data, streamed, storyId],
  );
  const skewMs = overview.data ? Date.parse(overview.data.at) - overview.dataUpdatedAt : 0;
  return { overview: overview.data, run: run.data, story: events, connection, skewMs, error: overview.error, refresh: refreshAll };
};
