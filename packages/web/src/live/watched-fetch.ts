import type { Fetch } from '@boucle/sdk';

/** `connecting` until the first answer; `lost` means that the page has to ask for itself. */
export type Connection = 'connecting' | 'live' | 'lost';

interface Watch {
  readonly fetch: Fetch;
  readonly onConnection: (connection: Connection) => void;
  /** Longer than the server ever stays silent: after it, the line is dead though nobody closed it. */
  readonly silenceMs?: number;
}

/** The SDK takes a broken stream up again by itself and says nothing of it. This says when it broke and when it was back. */
export const watchedFetch =
  ({ fetch: send, onConnection, silenceMs = 40_000 }: Watch): Fetch =>
  async (url, init) => {
    const line = new AbortController();
    const lost = () => {
      if (!init.signal?.aborted) onConnection('lost');
    };
    try {
      const response = await send(url, { ...init, signal: AbortSignal.any([line.signal, ...(init.signal ? [init.signal] : [])]) });
      if (!response.ok || !response.body) {
        lost();
        return response;
      }
      onConnection('live');
      return new Response(watched(response.body, { lost, silenceMs, hangUp: () => line.abort() }), response);
    } catch (error) {
      lost();
      throw error;
    }
  };

interface Line {
  readonly lost: () => void;
  readonly hangUp: () => void;
  readonly silenceMs: number;
}

const watched = (body: ReadableStream<Uint8Array>, { lost, hangUp, silenceMs }: Line): ReadableStream<Uint8Array> => {
  const reader = body.getReader();
  return new ReadableStream({
    pull: async (controller) => {
      const silence = setTimeout(hangUp, silenceMs);
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        lost();
        controller.close();
      } catch (error) {
        lost();
        controller.error(error);
      } finally {
        clearTimeout(silence);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
};
