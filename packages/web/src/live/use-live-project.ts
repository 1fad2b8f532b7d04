import type { BoucleEvent } from '@boucle/contract';
import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { latestNewsQuery } from './queries.ts';
import { throttle } from './throttle.ts';
import { useEventStream } from './use-event-stream.ts';
import type { Connection } from './watched-fetch.ts';

/** How often the page asks while the stream is down. */
export const pollMs = 10_000;

interface LiveProject {
  readonly project: string;
  /** Which news changes what the page shows. */
  readonly concerns: (event: BoucleEvent) => boolean;
  /** What is asked for again then, at most once a second. */
  readonly keys: readonly QueryKey[];
}
export interface Live {
  readonly connection: Connection;
  readonly refresh: () => void;
}

/** Asks again for what the page shows whenever there is news of it, and every few seconds while the stream is down. */
export const useLiveProject = ({ project, concerns, keys }: LiveProject): Live => {
  const queries = useQueryClient();
  const ask = useEffectEvent(() => {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
  });
  const refresh = useMemo(() => throttle(() => ask(), 1000), []);
  useEffect(() => refresh.stop, [refresh]);
  const latest = useQuery(latestNewsQuery(project));
  const connection = useEventStream({
    project,
    after: latest.data,
    onEvent: (event) => {
      if (concerns(event)) refresh.run();
    },
    onBack: refresh.run,
  });
  const poll = connection === 'lost' || latest.isError;
  useEffect(() => {
    if (!poll) return undefined;
    const timer = setInterval(() => {
      if (latest.isError) void latest.refetch();
      refresh.run();
    }, pollMs);
    return () => clearInterval(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [poll, refresh]);
  return { connection: latest.isError ? 'lost' : connection, refresh: refresh.run };
};
