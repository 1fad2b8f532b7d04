import type { Duplex } from 'node:stream';
import { createPace } from './pace.ts';

/**
 * The parent's end of a child's IPC channel. Node's own end reads as fast as the child writes and parses whatever comes, so
 * that a child in a loop would take the parent's event loop. The child's end is Node's (`process.send`): one JSON value per line.
 */
export interface Channel {
  readonly send: (message: unknown) => void;
  /** Ends when the channel does; throws a ChannelFlood past its limits. */
  readonly messages: AsyncGenerator<unknown, void, void>;
  /** Other limits from here on, counted anew: what a child may say depends on its work. */
  readonly limit: (limits: ChannelLimits) => void;
  readonly close: () => void;
}

export interface ChannelLimits {
  readonly messages: number;
  readonly messageBytes: number;
}

export class ChannelFlood extends Error {}

export const openChannel = (socket: Duplex): Channel => {
  let limits: ChannelLimits = { messages: 1, messageBytes: 64 * 1024 };
  let count = 0;
  socket.on('error', () => {}); // the child is gone; its exit says so

  async function* readMessages(): AsyncGenerator<unknown, void, void> {
    const pace = createPace(messagesPerSecond);
    for await (const line of readLines(socket, () => limits.messageBytes)) {
      count += 1;
      if (count > limits.messages) throw new ChannelFlood(`sent more than ${limits.messages} messages`);
      await pace(1);
      const message = parse(line);
      if (message !== undefined) yield message;
    }
  }

  return {
    send: (message) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    },
    messages: readMessages(),
    limit: (next) => {
      limits = next;
      count = 0;
    },
    close: () => socket.destroy(),
  };
};

async function* readLines(socket: Duplex, maxBytes: () => number): AsyncGenerator<string, void, void> {
  const pace = createPace(bytesPerSecond);
  let parts: Buffer[] = [];
  let held = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      await pace(chunk.length);
      let from = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString();
        parts = [];
        held = 0;
        from = end + 1;
      }
      parts.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > maxBytes()) throw new ChannelFlood(`sent a message of more than ${maxBytes()} bytes`);
    }
  } catch (error) {
    // A reset socket is how a killed child's channel may end.
    if (error instanceof ChannelFlood) throw error;
  }
}

/** What is not JSON was not written by `process.send`: somebody found the descriptor. */
const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
};

const newline = 10;
const messagesPerSecond = 10_000;
const bytesPerSecond = 64 * 2 ** 20;
