import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { BoucleEvent } from '@boucle/contract';
import { createFakePages } from './fake-pages.ts';
import { type Scenario, scenarios } from './fixtures.ts';

const builtPage = join(import.meta.dirname, '../dist');
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Answers as the real server would, from the scenarios; `down` plays a server that is gone, `say` one with news. */
export const startFakeServer = async (dist = builtPage) => {
  const streams = new Set<ServerResponse>();
  const news: BoucleEvent[] = [];
  const pages = createFakePages();
  let isDown = false;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith('/api/')) return sendFile(response, pathname, dist);
    if (isDown) return void response.destroy();
    return void answer({ request, response, pathname, streams, news, pages });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: (): void => {
      for (const stream of streams) stream.destroy();
    },
    setDown: (down: boolean): void => {
      isDown = down;
    },
    say: (event: BoucleEvent): void => {
      news.push(event);
      for (const stream of streams) sayTo(stream, event);
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

interface Told {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pathname: string;
  readonly streams: Set<ServerResponse>;
  readonly news: readonly BoucleEvent[];
  readonly pages: ReturnType<typeof createFakePages>;
}

const sayTo = (stream: ServerResponse, event: BoucleEvent) => stream.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);

const sendFile = (response: ServerResponse, pathname: string, dist: string): void => {
  const file = join(dist, pathname);
  const found = pathname !== '/' && file.startsWith(dist) && existsSync(file) ? file : join(dist, 'index.html');
  // The policy the real server sends: the page must live with it.
  const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";
  response.writeHead(200, { 'content-type': types[extname(found)] ?? 'application/octet-stream', 'content-security-policy': policy });
  createReadStream(found).pipe(response);
};

const send = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
};

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
};

const refuse = (response: ServerResponse, detail: string): void =>
  send(response, { type: 'about:blank', title: 'Not found', status: 404, detail, code: 'not_found', details: {}, requestId: '0' }, 404);

const answer = async ({ request, response, pathname, streams, news, pages }: Told): Promise<void> => {
  const [, , , area, project = '', kind, key] = pathname.split('/');
  if (area === 'system') {
    return send(response, {
      version: '0.1.0',
      node: process.version,
      database: 'sqlite',
      startedAt: new Date().toISOString(),
      pid: process.pid,
      lostPredictions: 0,
    });
  }
  if (!project) {
    const items = Object.keys(scenarios).map((name) => ({ name, problem: '', createdAt: new Date().toISOString(), manifestId: null }));
    return send(response, { items, nextCursor: null });
  }
  const scenario: Scenario | undefined = scenarios[project];
  if (!scenario) return refuse(response, `project ${project} does not exist`);
  const path = pathname.split('/').slice(5).map(decodeURIComponent);
  const told = pages({ method: request.method ?? 'GET', project, path, body: await bodyOf(request) });
  if (told !== null) return told ? send(response, told) : refuse(response, `${kind} ${key} does not exist`);
  switch (kind) {
    case 'overview':
      return send(response, scenario.overview);
    case 'stories':
      return send(response, { correlationId: key, events: scenario.events });
    case 'pipeline-runs':
      return send(response, scenario.run);
    default: {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      streams.add(response);
      response.on('close', () => streams.delete(response));
      const after = Number(request.headers['last-event-id'] ?? 0);
      for (const event of [...scenario.events, ...news].filter(({ seq }) => seq > after)) sayTo(response, event);
    }
  }
};
