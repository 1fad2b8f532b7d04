import type { BoucleEvent } from '@boucle/contract';
import { createClient } from '@boucle/sdk';
import { useEffect, useEffectEvent, useState } from 'react';
import { type Connection, watchedFetch } from './watched-fetch.ts';

interface Stream {
  readonly project: string;
  /** Undefined until it is known from where to listen. */
  readonly after: number | undefined;
  readonly onEvent: (event: BoucleEvent) => void;
  /** Called when the line is there again, for what else may have changed. */
  readonly onBack: () => void;
}

/** The news of a project for as long as the page is open; says whether the line is up. */
export const useEventStream = ({ project, after, onEvent, onBack }: Stream): Connection => {
  const [connection, setConnection] = useState<Connection>('connecting');
  const hear = useEffectEvent(onEvent);
  const change = useEffectEvent((next: Connection) => {
    if (next === 'live' && connection === 'lost') onBack();
    setConnection(next);
  });
  const ready = after !== undefined;
  useEffect(() => {
    if (!ready) return undefined;
    const stop = new AbortController();
    const client = createClient({
      baseUrl: location.origin,
      fetch: watchedFetch({ fetch: (url, init) => fetch(url, init), onConnection: change }),
    });
    const listen = async () => {
      for await (const event of client.events.stream({ params: { project }, query: {} }, { signal: stop.signal, lastEventId: after }))
        hear(event);
    };
    // An answer that waiting cannot mend: the page goes on asking, and shows what the overview is refused with.
    listen().catch(() => change('lost'));
    return () => stop.abort();
    // Where to listen from matters once; later the stream itself remembers.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [project, ready]);
  return connection;
};
