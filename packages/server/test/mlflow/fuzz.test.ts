import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { mlflowRoutes } from '../../src/http/mlflow/index.ts';
import { bothDatabases, startAnew } from '../contract/anew.ts';
import { hostileText, jsonTextOf } from '../contract/fuzz/hostile.ts';
import { shown } from '../contract/fuzz/judge.ts';
import { patience, seed } from '../contract/fuzz/seed.ts';
import { twists } from '../contract/fuzz/transport.ts';
import { type Got, jsonOf, type Sent, send } from '../contract/send.ts';
import { attempts, sentFor } from './fuzz/attempts.ts';
import { addExperiments, addUser, type Ground, json, layGround, proxy, token } from './fuzz/ground.ts';
import { properInput } from './fuzz/proper-input.ts';
import { queries } from './fuzz/queries.ts';

console.log(`BOUCLE_TEST_SEED=${seed}`);
const assertFor = <T>(times: number, arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>): Promise<void> => {
  const end = performance.now() + 70 * patience;
  const property = fc.asyncProperty(arbitrary, async (value) => (performance.now() < end ? check(value) : undefined));
  return fc.assert(property, { seed, numRuns: times * patience });
};

/** Only the table is read, and nothing of it called. */
const nothing: never = new Proxy(() => {}, { get: () => nothing }) as never;
const routes = mlflowRoutes({ tracking: nothing, registry: nothing, webhooks: nothing, users: nothing });
const nameOf = ({ method, version, family, path }: (typeof routes)[number]): string => `${method} ${version}/${family}/${path}`;
const maxBody = 2 ** 20;
const maxUpload = 2 * 2 ** 20;

const isMlflowRefusal = (got: Got): boolean => {
  const said = got.bytes.toString();
  if (got.status === 401) return said.startsWith('You are not authenticated.');
  if (got.status === 403) return said.startsWith('Permission denied.');
  // What cannot be read as HTTP has no address, and so none of MLflow's manners.
  if (said.includes('"reason":"unreadable_request"')) return got.status === 400;
  const { error_code: code, message } = JSON.parse(said) as Record<string, unknown>;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) && typeof message === 'string' && message !== '';
};

for (const database of bothDatabases) {
  describe(`whatever is sent to MLflow's addresses, on ${database}`, () => {
    let server: Awaited<ReturnType<typeof startAnew>>;
    let kept: Ground;
    let shared: Ground;
    let recorded: Awaited<ReturnType<Ground['records']>>;
    let requests = 0;
    let taken = 0;
    const closers: (() => unknown)[] = [];
    before(async () => {
      const owner = { after: (close: () => unknown) => closers.push(close) };
      server = await startAnew(owner as never, { database, maxBody, maxUpload, adminToken: token });
      await addUser(server.address);
      shared = await layGround(server.address);
      await addExperiments(server.address, 100);
      kept = await layGround(server.address);
      recorded = await kept.records();
    });
    after(async () => {
      console.log(`${requests} requests on ${database}, ${taken} of them taken`);
      for (const close of closers) await close();
    });

    const ask = async (sent: Sent): Promise<Got> => {
      requests += 1;
      try {
        const got = await send(server.address, sent);
        if (got.status < 300) taken += 1;
        assert.ok(got.status < 500, shown(sent, got));
        return got;
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        throw new Error(`No answer (${(error as Error).message}) to ${shown(sent)}`, { cause: error });
      }
    };
    const judge = (sent: Sent, got: Got): void =>
      assert.ok(got.status < 300 || sent.method === 'HEAD' || isMlflowRefusal(got), shown(sent, got));

    for (const route of routes) {
      test(nameOf(route), async () => {
        // Who reads leaves it to the next, unless a twist makes a change of it.
        const ground = route.method === 'GET' ? shared : await layGround(server.address);
        const proper = properInput(route.request, ground.known);
        let count = 0;
        await assertFor(60, attempts, async (attempt) => {
          const plain = sentFor(route, proper, attempt);
          const sent = attempt.twist.twist(plain);
          // Now and then, for it takes longer than asking: what is refused changes nothing.
          const isWatched = (count += 1) % 10 === 0;
          const was = isWatched && (await ground.records().catch(() => undefined));
          const got = await ask(sent);
          if (sent.method === plain.method && sent.path === plain.path && plain.path.split('?')[0]!.endsWith(route.path)) judge(sent, got);
          if (was && got.status >= 400) assert.deepEqual(await ground.records(), was, shown(sent, got));
        });
      });
    }

    test('paths of artifacts, quoted any number of times', async () => {
      const { root, runId } = await layGround(server.address);
      const path = fc
        .tuple(
          fc.array(fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b.txt', '~', 'C:', '%2e%2e'), hostileText), { maxLength: 4 }),
          fc.nat(4),
        )
        .map(([parts, times]) => {
          let quoted = parts.join('/').toWellFormed().slice(0, 2000);
          for (let i = 0; i < times; i += 1) quoted = encodeURIComponent(quoted).slice(0, 8000);
          return quoted;
        });
      const below = fc.constantFrom(root, '', kept.root.split('/')[0]!, 'x/models/m-0', `${root}/..`);
      const address = fc.tuple(below, path).chain(([folder, rest]) => {
        const asked = encodeURIComponent(rest);
        return fc.constantFrom(
          `${proxy}/${folder}/${encodeURI(rest)}`,
          `${proxy}?path=${folder}/${asked}`,
          `/get-artifact?run_id=${runId}&path=${asked}`,
          `/get-artifact?run_uuid=${asked}&path=a`,
          `/ajax-api/2.0/mlflow/logged-models/${asked}/artifacts/files?artifact_file_path=${asked}`,
          `/model-versions/get-artifact?name=${asked}&version=${asked}&path=${asked}`,
          `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=${asked}`,
          `/api/2.0/mlflow-artifacts/mpu/parts/${asked}/${asked}`,
        );
      });
      await assertFor(
        400,
        fc.record({ method: fc.constantFrom('GET', 'GET', 'PUT', 'POST', 'DELETE', 'HEAD'), path: address, twist: twists }),
        async ({ method, path, twist }) => {
          // Of what somebody else recorded, nothing is said but to read it.
          const sent = twist.twist({ method, path: path.slice(0, 14_000), headers: json, ...(method !== 'GET' && { body: 'x' }) });
          await ask(sent);
        },
      );
    });

    test('queries, however deep, wide or damaged', async () => {
      const said = fc.record({ query: queries(shared.known), twist: twists, isTwisted: fc.nat(9).map((n) => n === 0) });
      await assertFor(400, said, async ({ query, twist, isTwisted }) => {
        const plain: Sent = { method: 'POST', path: '/graphql', headers: json, body: jsonTextOf(query).toWellFormed() };
        const sent = isTwisted ? twist.twist(plain) : plain;
        const got = await ask(sent);
        if (sent.method !== plain.method || sent.path !== plain.path) return;
        if (got.status >= 300) return judge(sent, got);
        const { data, errors } = jsonOf<{ data: unknown; errors: string[] | null }>(got);
        assert.ok(typeof data === 'object' && (data !== null || errors !== null), shown(sent, got));
        assert.ok(errors === null || (errors.length > 0 && errors.every((one) => typeof one === 'string')), shown(sent, got));
      });
    });

    test('heads that are hardly HTTP', async () => {
      const { hostname, port } = new URL(server.address);
      const line = fc.constantFrom(
        'host: localhost',
        'content-length: 2',
        'content-length: 2\r\ncontent-length: 3',
        'content-length: -1',
        'content-length: 0x2',
        'content-length: 99999999999999999999',
        'content-length: 100000000',
        'transfer-encoding: chunked',
        'transfer-encoding: chunked\r\ncontent-length: 2',
        'transfer-encoding: gzip, chunked',
        'transfer-encoding: xchunked',
        'Transfer-Encoding : chunked',
        'content-encoding: gzip',
        'expect: 100-continue',
        'expect: x',
        'connection: upgrade\r\nupgrade: h2c',
        `authorization: Bearer ${token}`,
        'authorization: Basic \u0001',
        'content-type: application/json',
        'content-type: application/json\r\ncontent-type: text/plain',
        'x-mlflow-workspace: default\r\nx-mlflow-workspace: default',
      );
      const bytes = fc
        .tuple(
          fc.constantFrom(...routes),
          fc.array(line, { maxLength: 5 }),
          fc.constantFrom(
            '',
            '{}',
            '2\r\n{}\r\n0\r\n\r\n',
            '2;x=y\r\n{}\r\n0\r\nx: y\r\n\r\n',
            'ffffffffffffffff\r\nx',
            '-1\r\n{}',
            '{}GET / HTTP/1.1\r\n\r\n',
          ),
        )
        .map(([{ method, version, family, path }, lines, body]) =>
          Buffer.from(`${method} /api/${version}/${family}/${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`),
        );
      await assertFor(200, bytes, async (sent) => {
        requests += 1;
        const socket = connect({ host: hostname, port: Number(port), timeout: 5000 });
        socket.on('timeout', () => socket.destroy(new Error(`No answer to ${JSON.stringify(sent.toString())}`)));
        socket.end(sent);
        assert.doesNotMatch(await text(socket), /^HTTP\/1\.1 5/, JSON.stringify(sent.toString()));
      });
    });

    test('leaves the server well, and its records as they were', async () => {
      assert.equal((await ask({ method: 'GET', path: '/healthz', headers: {} })).status, 200);
      assert.deepEqual(await kept.records(), recorded);
      const errors = server.log.filter((line) => line.includes('"level":"error"'));
      assert.deepEqual(errors, []);
      assert.equal(({} as Record<string, unknown>)['isAdmin'], undefined);
      assert.ok(taken > requests / 50, 'hardly anything was proper enough to be taken');
    });
  });
}
