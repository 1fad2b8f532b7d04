import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Sent } from '../send.ts';
import { endpoint, project } from '../stage.ts';
import { edited, edits } from './edits.ts';
import { hostileText, jsonTextOf } from './hostile.ts';
import { twists } from './transport.ts';

const texts = ['flight 7 was late', 'thanks'];
const tensor = { name: 'text', shape: [2], datatype: 'BYTES', data: texts };
const proper: readonly { readonly path: string; readonly body: unknown }[] = [
  {
    path: `/v2/models/${endpoint}/infer`,
    body: { id: 'mine', inputs: [tensor], outputs: [{ name: 'label' }], parameters: { 'boucle-unit': 'u' } },
  },
  { path: `/v2/models/${endpoint}/versions/1/infer`, body: { inputs: [tensor] } },
  ...[
    { dataframe_split: { columns: ['text'], data: texts.map((text) => [text]) } },
    { dataframe_records: texts.map((text) => ({ text })) },
    { instances: texts },
    { inputs: { text: texts } },
  ].map((body) => ({ path: `/endpoints/${endpoint}/invocations`, body })),
  { path: '/invocations', body: { inputs: texts } },
];
const looks = [
  '/v2',
  '/v2/health/live',
  '/v2/health/ready',
  `/v2/models/${endpoint}`,
  `/v2/models/${endpoint}/ready`,
  '/ping',
  '/health',
  '/version',
];
const headers = { 'content-type': 'application/json', 'boucle-project': project };

const changed: fc.Arbitrary<Sent> = fc
  .tuple(fc.constantFrom(...proper), fc.oneof(edits, fc.constant([])))
  .map(([{ path, body }, changes]) => ({ method: 'POST', path, headers, body: jsonTextOf(edited(body, changes)) }));
const csv: fc.Arbitrary<Sent> = fc
  .array(fc.oneof(hostileText, fc.constantFrom('text', ',', '"', '\r\n', '\n')), { maxLength: 12 })
  .map((parts) => ({
    method: 'POST',
    path: '/invocations',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: parts.join('').toWellFormed(),
  }));
const bytes: fc.Arbitrary<Sent> = fc
  .tuple(fc.constantFrom(...proper), fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', 'gzip', 'deflate', 'zstd'))
  .map(([{ path }, body, coding]) => ({
    method: 'POST',
    path,
    headers: { ...headers, ...(coding && { 'content-encoding': coding }) },
    body,
  }));
const packed: fc.Arbitrary<Sent> = changed.map((sent) => ({
  ...sent,
  headers: { ...sent.headers, 'content-encoding': 'gzip' },
  body: gzipSync(sent.body ?? ''),
}));
const look: fc.Arbitrary<Sent> = fc.constantFrom(...looks).map((path) => ({ method: 'GET', path, headers }));

/** To the Open Inference Protocol and MLflow's scoring protocol. */
export const inferenceRequests: fc.Arbitrary<Sent> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: changed },
      { weight: 1, arbitrary: csv },
      { weight: 1, arbitrary: bytes },
      { weight: 1, arbitrary: packed },
      { weight: 1, arbitrary: look },
    ),
    twists,
  )
  .map(([sent, { twist }]) => twist(sent));

const line = fc.oneof(
  fc.constantFrom(
    'host: localhost',
    'content-length: 10',
    'content-length: -1',
    'content-length: 99999999999999999999',
    'content-length: 3\r\ncontent-length: 4',
    'transfer-encoding: chunked',
    'transfer-encoding: chunked, gzip',
    'expect: 100-continue',
    'connection: upgrade\r\nupgrade: websocket',
    'connection: close',
    ': empty',
    'x y: z',
    `x: ${'y'.repeat(20_000)}`,
  ),
  fc.string({ maxLength: 30 }),
);
const head = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'get', 'CONNECT', 'TRACE', 'PRI', 'X'.repeat(100)),
    fc.constantFrom('/healthz', '*', 'http://127.0.0.1/healthz', '//', '/\u0000', `/v2/models/${endpoint}/infer`, '127.0.0.1:80'),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', 'http/1.1', ''),
    fc.array(line, { maxLength: 4 }),
    fc.constantFrom('', '5\r\nhello\r\n0\r\n\r\n', 'ffffffffffffffff\r\nx', '{"inputs":', 'GET / HTTP/1.1\r\n\r\n'),
  )
  .map(([method, path, version, lines, body]) => Buffer.from(`${method} ${path} ${version}\r\n${lines.join('\r\n')}\r\n\r\n${body}`));
export const requestsAsBytes: fc.Arbitrary<Uint8Array> = fc.oneof(head, fc.uint8Array({ minLength: 1, maxLength: 200 }));
