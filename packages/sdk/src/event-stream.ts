import { isPassing } from './api-error.ts';
import type { CallOptions } from './call-options.ts';

type Connect = (lastEventId: number | undefined) => Promise<Response>;

/**
 * Server-sent events as values, in order. A broken connection is taken up again after the last event that was seen,
 * so nothing is missed and nothing comes twice; an answer that waiting cannot mend (say, not found) is thrown.
 */
export async function* readEvents(connect: Connect, { signal, lastEventId }: CallOptions): AsyncGenerator<unknown> {
  let last = lastEventId;
  for (let failures = 0; !signal?.aborted; failures++) {
    try {
      const response = await connect(last);
      failures = 0;
      for await (const { id, data } of parseEvents(response.body!)) {
        if (id !== undefined) last = id;
        yield data;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!isPassing(error)) throw error;
    }
    await pause(Math.min(250 * 2 ** failures, 5000), signal);
  }
}

interface Parsed {
  readonly id?: number;
  readonly data: unknown;
}

/** The `text/event-stream` of the HTML standard, as far as ours uses it: id and data lines, an empty line between events. */
export async function* parseEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<Parsed> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunksOf(body)) {
    text += decoder.decode(chunk, { stream: true });
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      const lines = text.slice(0, end).split('\n');
      const field = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart());
      const [id] = field('id');
      const data = field('data');
      if (data.length > 0) yield { ...(id !== undefined && { id: Number(id) }), data: JSON.parse(data.join('\n')) as unknown };
    }
  }
}

/** By a reader, since some browsers cannot iterate a stream; letting go of it ends the connection. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {}); // it may have broken by itself
  }
}

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
