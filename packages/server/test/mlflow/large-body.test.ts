import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { forAllTests, type RunningServer, startServer, tempFolder } from '../life/start-server.ts';

const mebibyte = 2 ** 20;
const sentMebibytes = 200;
/** A server that holds what it refuses grows by its pieces, their whole, and a text of it. */
const mostGrowth = sentMebibytes * mebibyte;

describe("a body that is too large for MLflow's JSON routes", { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  const owner = forAllTests();
  let server: RunningServer;
  let runId: string;
  before(async () => {
    server = await startServer(owner, await tempFolder(owner));
    ({ id: runId } = await server.client.runs.create({ params: { project: 'default' }, body: {} }));
  });

  /** The most memory that the server ever had. */
  const peak = async (): Promise<number> =>
    Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${server.pid}/status`, 'utf8'))![1]) * 1024;

  const head = (...lines: string[]): Buffer =>
    Buffer.from(
      ['POST /api/2.0/mlflow/runs/log-batch HTTP/1.1', 'host: localhost', 'content-type: application/json', ...lines, '', ''].join('\r\n'),
    );
  /** What the server answers on one connection to somebody who sends everything before they listen, as many clients do. */
  const answersTo = async (pieces: Iterable<Buffer>): Promise<{ status: number; said: string }[]> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.address).port) });
    for (const piece of pieces) if (!socket.write(piece)) await once(socket, 'drain');
    const heard = await text(socket);
    return heard
      .split('HTTP/1.1 ')
      .slice(1)
      .map((answer) => ({ status: Number(answer.slice(0, 3)), said: answer.slice(answer.indexOf('\r\n\r\n') + 4) }));
  };

  const body = function* (): Generator<Buffer> {
    yield Buffer.from(`{"run_id":"${runId}","tags":[{"key":"a","value":"`);
    for (let i = 0; i < sentMebibytes; i += 1) yield Buffer.alloc(mebibyte, 'x');
    yield Buffer.from('"}]}');
  };
  const length = (): string => `content-length: ${[...body()].reduce((sum, piece) => sum + piece.length, 0)}`;
  const inChunks = function* (): Generator<Buffer> {
    for (const piece of body()) yield Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
    yield Buffer.from('0\r\n\r\n');
  };
  const packed = (): [string, Buffer] => {
    const bytes = gzipSync(Buffer.concat([...body()]));
    return [`content-length: ${bytes.length}`, bytes];
  };
  const proper = (): Buffer[] => {
    const bytes = Buffer.from(`{"run_id":"${runId}","metrics":[{"key":"m","value":1,"timestamp":1}]}`);
    return [head(`content-length: ${bytes.length}`, 'connection: close'), bytes];
  };

  const sendings: Readonly<Record<string, (connection: string) => Iterable<Buffer>>> = {
    'that says how long it is': (connection) => [head(length(), connection), ...body()],
    'of a length that is not said': (connection) => [head('transfer-encoding: chunked', connection), ...inChunks()],
    'that was packed into little': (connection) => {
      const [said, bytes] = packed();
      return [head(said, 'content-encoding: gzip', connection), bytes];
    },
  };
  for (const [what, sending] of Object.entries(sendings)) {
    test(`one ${what} is refused as MLflow refuses, is not held, and the server goes on`, async (t) => {
      const was = await peak();
      const last = await answersTo(sending('connection: close'));
      const [first, ...next] = await answersTo([...sending('connection: keep-alive'), ...proper()]);
      const growth = (await peak()) - was;
      t.diagnostic(`the server grew by ${Math.round(growth / mebibyte)} MiB`);
      for (const { status, said } of [...last, first!]) {
        const { error_code: code, message } = JSON.parse(said) as Record<string, string>;
        assert.deepEqual([status, code], [413, 'INVALID_PARAMETER_VALUE'], said);
        assert.match(message!, /more than 16777216 bytes, which is the most/);
      }
      assert.equal(last.length, 1);
      assert.deepEqual(next, [{ status: 200, said: '{}' }]);
      assert.ok(growth < mostGrowth, `it grew by ${growth} bytes`);
      const { tags } = await server.client.runs.get({ params: { project: 'default', runId } });
      assert.deepEqual(tags, {});
    });
  }
});
