import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fetchCheckpoint, type HubSource } from './hub.ts';

/** A hub on this machine: the answers of huggingface.co as far as they matter here, and connections that break on request. */
const commit = 'c0ffee'.repeat(7).slice(0, 40);
const weights = Buffer.alloc(300_000, 'weights of a model ');
const content: Record<string, Buffer> = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'vocab.txt': Buffer.from('[PAD]\n'),
  'model.safetensors': weights,
};
const sha256 = createHash('sha256').update(weights).digest('hex');
const gitName = (bytes: Buffer): string => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

let server: Server;
let folder: string;
let asked: string[];
/** Bytes of a body after which its connection is cut, by turn. */
let cuts: number[];
let sent: Buffer;
let ranges: boolean;
let refuse: number | undefined;

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const { pathname } = new URL(request.url!, 'http://hub');
  const [, owner, , , revision, name = ''] = pathname.split('/');
  const bytes = name === 'model.safetensors' ? sent : content[name];
  asked.push(`${request.method} ${revision} ${name}${request.headers.range ? ` ${request.headers.range}` : ''}`);
  if (refuse) return void response.writeHead(refuse).end();
  if (!bytes) return void response.writeHead(404).end();
  const large = name === 'model.safetensors';
  if (large && owner !== 'cdn') {
    response.writeHead(302, {
      location: `/cdn/x/resolve/${revision}/${name}`,
      'x-repo-commit': commit,
      'x-linked-etag': `"${sha256}"`,
      'x-linked-size': String(weights.length),
      'content-length': '20',
    });
    return void response.end();
  }
  const from = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
  response.writeHead(from > 0 ? 206 : 200, {
    'x-repo-commit': commit,
    etag: `"${gitName(bytes)}"`,
    'content-length': String(bytes.length - from),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  const cut = large ? cuts.shift() : undefined;
  if (cut === undefined) return void response.end(bytes.subarray(from));
  if (cut < 0) return void response.write(bytes.subarray(from, from - cut)); // and then silence
  response.write(bytes.subarray(from, from + cut), () => setTimeout(() => response.destroy(), 20));
};
before(async () => {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boucle-hub-'));
  [asked, cuts, sent, ranges, refuse] = [[], [], weights, true, undefined];
});
afterEach(() => rm(folder, { recursive: true }));

const fetchIt = (
  more: Partial<HubSource> = {},
  { idleMs = 10_000, signal }: { idleMs?: number; signal?: AbortSignal } = {},
): Promise<string> => {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fetchCheckpoint({ repository: 'someone/tiny', baseUrl, cache: folder, ...more }, { pauseMs: 1, idleMs, signal });
};
const keptBytes = async (): Promise<number> => {
  const names = await readdir(folder, { recursive: true });
  const part = names.find((name) => name.includes('model.safetensors') && name.endsWith('.part'));
  return part === undefined ? 0 : (await stat(join(folder, part))).size;
};
const isWhole = async (at: string): Promise<void> => {
  assert.ok((await readFile(join(at, 'model.safetensors'))).equals(weights));
  assert.deepEqual((await readdir(at)).sort(), ['config.json', 'model.safetensors', 'vocab.txt']);
};

test('a checkpoint is fetched from one commit, and from the cache the second time', async () => {
  const at = await fetchIt();
  assert.equal(at, join(folder, 'someone--tiny', commit));
  await isWhole(at);
  assert.ok(asked.slice(1).every((line) => line.split(' ')[1] === commit));
  asked.length = 0;
  assert.equal(await fetchIt({ revision: commit }), at);
  assert.deepEqual(asked, []);
  await fetchIt();
  assert.deepEqual(asked, ['HEAD main config.json']);
});

test('two who want the same checkpoint fetch it once, and a lock that was left behind holds nobody up', async () => {
  const [one, other] = await Promise.all([fetchIt(), fetchIt()]);
  assert.equal(one, other);
  await isWhole(one);
  assert.equal(asked.filter((line) => line === `GET ${commit} config.json`).length, 1);
  await rm(one, { recursive: true });
  await writeFile(`${one}.lock`, '');
  await utimes(`${one}.lock`, new Date(0), new Date(0));
  await isWhole(await fetchIt());
  assert.deepEqual(await readdir(join(folder, 'someone--tiny')), [commit]);
});

test('a connection that is cut is made anew', async () => {
  cuts = [100_000, 50_000];
  await isWhole(await fetchIt());
  // Three attempts, each by way of a redirect.
  assert.equal(asked.filter((line) => line.startsWith('GET') && line.includes('model.safetensors')).length, 6);
});

test('a connection that falls silent is given up', async () => {
  cuts = [-100_000];
  await isWhole(await fetchIt({}, { idleMs: 300 }));
});

test('a server without ranges sends all of it again', async () => {
  cuts = [100_000];
  ranges = false;
  await isWhole(await fetchIt());
});

test('what was kept of an earlier attempt is continued', async () => {
  const cut = new AbortController();
  cuts = [-200_000];
  const broken = assert.rejects(fetchIt({}, { signal: cut.signal }), /enough/);
  while ((await keptBytes()) === 0) await wait(5);
  cut.abort(new Error('enough'));
  await broken;
  asked.length = 0;
  await isWhole(await fetchIt());
  assert.match(
    asked.find((line) => line.startsWith('GET') && line.includes('model.safetensors'))!,
    /bytes=\d{2,}-$/,
  );
});

test('other bytes than the digest promises are refused and forgotten', async () => {
  sent = Buffer.alloc(weights.length, 'something else ');
  await assert.rejects(fetchIt(), { code: 'invalid_request', reason: 'wrong_digest' });
  sent = weights;
  await isWhole(await fetchIt());
  await assert.rejects(fetchIt({ sha256: { 'model.safetensors': '0'.repeat(64) } }), { reason: 'wrong_digest' });
});

test("a file in the cache that is not the caller's digest is fetched again", async () => {
  const at = await fetchIt();
  await writeFile(join(at, 'model.safetensors'), 'spoilt');
  await isWhole(await fetchIt({ revision: commit, sha256: { 'model.safetensors': sha256 } }));
});

test('a server that is down, a missing repository, one that is closed and one that is too large are told apart', async () => {
  refuse = 503;
  await assert.rejects(fetchIt(), { code: 'unavailable' });
  assert.equal(asked.length, 5);
  refuse = 404;
  await assert.rejects(fetchIt(), { code: 'not_found' });
  refuse = 401;
  await assert.rejects(fetchIt(), { code: 'permission_denied', message: /token/ });
  refuse = undefined;
  await assert.rejects(fetchIt({ maxBytes: 1000 }), { code: 'too_large' });
});

test('addresses without TLS and names that lead elsewhere are refused before anything is asked', async () => {
  await assert.rejects(fetchIt({ baseUrl: 'http://hub.example' }), { reason: 'unsafe_url' });
  for (const repository of ['../x', 'a/../b', 'a/b/c', 'a b', '']) await assert.rejects(fetchIt({ repository }), { reason: 'bad_option' });
  await assert.rejects(fetchIt({ revision: '../main' }), { reason: 'bad_option' });
  assert.deepEqual(asked, []);
});
