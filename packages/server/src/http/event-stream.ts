import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

const heartbeatMs = 15_000;

/** Server-sent events: each with its number, so that a caller can come back and miss nothing; a comment now and then keeps proxies awake. */
export const sendEvents = (reply: FastifyReply, events: AsyncGenerator<{ readonly seq: number }>): FastifyReply => {
  const body = Readable.from(lines(events), { objectMode: false, highWaterMark: 64 * 1024 });
  reply.raw.on('close', () => body.destroy());
  return reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no').send(body);
};

async function* lines(events: AsyncGenerator<{ readonly seq: number }>): AsyncGenerator<string> {
  yield ': hello\n\n';
  let next = events.next();
  try {
    for (;;) {
      const result = await orAfter(next, heartbeatMs);
      if (result === 'late') yield ': still here\n\n';
      else if (result.done) return;
      else {
        yield `id: ${result.value.seq}\ndata: ${JSON.stringify(result.value)}\n\n`;
        next = events.next();
      }
    }
  } finally {
    next.catch(() => {});
    await events.return(undefined);
  }
}

const orAfter = async <T>(promise: Promise<T>, ms: number): Promise<T | 'late'> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
