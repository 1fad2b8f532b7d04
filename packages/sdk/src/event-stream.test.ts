import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from './api-error.ts';
import { parseEvents, readEvents } from './event-stream.ts';

const streamOf = (chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
const wire = (events: readonly { id: number; data: unknown }[]): Uint8Array =>
  new TextEncoder().encode(`: hello\n\n${events.map(({ id, data }) => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`).join(': beat\n\n')}`);

test('events come out whole wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.json()), fc.array(fc.nat(400), { maxLength: 20 }), async (texts, cuts) => {
      const events = texts.map((text, i) => ({ id: i + 1, data: JSON.parse(text) as unknown }));
      const bytes = wire(events);
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
      const chunks = places.slice(1).map((end, i) => bytes.slice(places[i], end));
      const found = [];
      for await (const event of parseEvents(streamOf(chunks))) found.push(event);
      assert.deepEqual(found, events);
    }),
  );
});

test('a broken stream is taken up after the last event that was seen', async () => {
  const asked: (number | undefined)[] = [];
  const gone = new AbortController();
  const connect = async (last: number | undefined): Promise<Response> => {
    asked.push(last);
    if (asked.length === 2) throw new TypeError('fetch failed');
    const from = last ?? 0;
    return new Response(
      streamOf([
        wire([
          { id: from + 1, data: from + 1 },
          { id: from + 2, data: from + 2 },
        ]),
      ]),
    );
  };
  const seen: unknown[] = [];
  for await (const event of readEvents(connect, { signal: gone.signal })) {
    seen.push(event);
    if (seen.length === 4) gone.abort();
  }
  assert.deepEqual(
    [seen, asked],
    [
      [1, 2, 3, 4],
      [undefined, 2, 2],
    ],
  );
});

test('what waiting cannot mend is thrown', async () => {
  const refuse = async (): Promise<Response> => {
    throw new ApiError({ type: 'about:blank', title: '', status: 404, detail: 'project x does not exist', code: 'not_found', details: {} });
  };
  await assert.rejects(readEvents(refuse, {}).next(), { code: 'not_found' });
});
