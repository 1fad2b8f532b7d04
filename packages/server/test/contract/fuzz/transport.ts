import fc from 'fast-check';
import type { Sent } from '../send.ts';
import { hostileText } from './hostile.ts';

/** Something that happens to a request on its way. */
export interface Twist {
  readonly name: string;
  readonly twist: (sent: Sent) => Sent;
}
const cut = (body: string | Uint8Array | undefined, part: number): string | Uint8Array =>
  (body ?? '').slice(0, Math.floor((body ?? '').length * part));

const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc.constantFrom<Record<string, string>>(
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/xml' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': ';' },
  { 'content-type': '' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'br, br' },
  { accept: 'image/png' },
  { 'accept-encoding': '*;q=0' },
  { range: 'bytes=0-0' },
  { range: 'bytes=-0' },
  { range: 'bytes=5-2' },
  { range: 'bytes=99999999999999999999-' },
  { range: 'bytes=-99999999999999999999' },
  { range: 'bytes=0-1,3-4' },
  { range: 'lines=1-2' },
  { 'if-none-match': '*' },
  { 'if-range': '"x"' },
  { 'last-event-id': '-1' },
  { 'last-event-id': '1e308' },
  { 'last-event-id': '99999999999999999999' },
  { 'last-event-id': 'x' },
  { 'idempotency-key': '' },
  { 'idempotency-key': 'x'.repeat(5000) },
  { 'idempotency-key': '\u00e9\u00ff' },
  { authorization: 'Bearer' },
  { authorization: 'Basic eDp5' },
  { authorization: `Bearer ${'x'.repeat(5000)}` },
  { host: 'evil.example' },
  { host: 'localhost:' },
  { origin: 'null' },
  { 'x-forwarded-for': '127.0.0.1' },
  { 'x-request-id': 'x\u00ff' },
  { 'boucle-project': '../x' },
  { 'boucle-event-time': 'soon' },
  { 'boucle-timeout-ms': '-1' },
  { 'boucle-timeout-ms': '1e308' },
  { 'boucle-unit': '' },
  { cookie: 'a=b; '.repeat(100) },
  { 'x-http-method-override': 'DELETE' },
);

/** Cursors that no list gave, and that look as if one had. */
const cursors: fc.Arbitrary<string> = fc
  .array(fc.oneof(hostileText, fc.constantFrom<unknown>(0, -1, 0.5, 2 ** 31, 2 ** 53, 1e300, -1e300, null)), { minLength: 1, maxLength: 4 })
  .map((position) => Buffer.from(JSON.stringify(position)).toString('base64url').slice(0, 400));

/** Mostly none. */
export const twists: fc.Arbitrary<Twist> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ name: 'as it is', twist: (sent: Sent) => sent }) },
  {
    weight: 5,
    arbitrary: headers.map((more) => ({ name: 'header', twist: (sent: Sent) => ({ ...sent, headers: { ...sent.headers, ...more } }) })),
  },
  {
    weight: 2,
    // Not DELETE: it would be a proper one of what others are still to be asked about.
    arbitrary: fc
      .constantFrom('GET', 'POST', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY')
      .map((method) => ({ name: 'method', twist: (sent: Sent) => ({ ...sent, method }) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((part) => ({ name: 'cut', twist: (sent: Sent) => ({ ...sent, body: cut(sent.body, part) }) })),
  },
  {
    weight: 2,
    arbitrary: fc.uint8Array({ maxLength: 200 }).map((body) => ({ name: 'bytes', twist: (sent: Sent) => ({ ...sent, body }) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '?limit=1&limit=2',
        '?limit=',
        '?limit=1e3',
        '?cursor=%00',
        '?__proto__=x',
        '?a[b]=c',
        '?limit=1%26cursor',
        `?cursor=${'x'.repeat(5000)}`,
        '?%',
        '?&&&=',
      )
      .map((query) => ({ name: 'query', twist: (sent: Sent) => ({ ...sent, path: sent.path.split('?')[0] + query }) })),
  },
  {
    weight: 2,
    arbitrary: cursors.map((cursor) => ({
      name: 'cursor',
      twist: (sent: Sent) => ({ ...sent, path: `${sent.path}${sent.path.includes('?') ? '&' : '?'}cursor=${cursor}` }),
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '/..',
        '/%2e%2e/x',
        '%2f',
        '%2F..%2F..',
        '/',
        '//',
        '%00',
        '%zz',
        '%',
        '%c0%af',
        '%ff',
        ';x',
        '#x',
        '/.',
        '\\',
        'x'.repeat(3000),
      )
      .map((tail) => ({
        name: 'path',
        twist: (sent: Sent) => {
          const [path, query] = sent.path.split('?');
          return { ...sent, path: `${path}${tail}${query === undefined ? '' : `?${query}`}` };
        },
      })),
  },
);
