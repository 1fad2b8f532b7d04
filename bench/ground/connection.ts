import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}
export interface Connection {
  /** One at a time. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): void;
}

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * One kept-alive HTTP/1.1 connection that reads no more of an answer than its status and length: with fetch, the caller would cost more
 * than the server under test, on the same two cores.
 */
export const openConnection = (url: string): Promise<Connection> => {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(connectionOver(socket, host)));
  });
};

const connectionOver = (socket: Socket, host: string): Connection => {
  let held = Buffer.alloc(0);
  let waiting: { resolve: (answer: Answer) => void; reject: (reason: Error) => void } | undefined;
  const fail = (reason: Error): void => {
    waiting?.reject(reason);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The server closed the connection')));
  socket.on('data', (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = held.indexOf(endOfHead);
    if (at === -1) return;
    const head = held.toString('latin1', 0, at);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return fail(new Error(`An answer without a length:\n${head}`));
    const end = at + endOfHead.length + Number(length);
    if (held.length < end) return;
    const body = held.subarray(at + endOfHead.length, end);
    held = held.subarray(end);
    const asker = waiting;
    waiting = undefined;
    asker?.resolve({ status: Number(head.slice(9, 12)), body });
  });
  return {
    ask: (method, path, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        const text = body === undefined ? '' : JSON.stringify(body);
        const content = body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
        socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${content}\r\n${text}`);
      }),
    close: () => socket.destroy(),
  };
};

/** An answer that is none. */
export class Refused extends Error {}

/** The JSON of an answer; throws unless it is a good one. */
export const jsonOf = ({ status, body }: Answer): unknown => {
  if (status < 200 || status > 299) throw new Refused(`HTTP ${status}: ${body.toString('utf8', 0, 500)}`);
  return JSON.parse(body.toString()) as unknown;
};
