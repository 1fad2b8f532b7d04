import assert from 'node:assert/strict';
import { errorsOf, type Problem, type Route } from '@boucle/contract';
import { type Got, jsonOf, type Sent } from '../send.ts';

export const shown = ({ method, path, headers, body }: Sent, got?: Got): string =>
  [
    `${method} ${path.slice(0, 500)}`,
    JSON.stringify(headers),
    ...(body === undefined ? [] : [JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 1500))]),
    ...(got ? [`→ ${got.status} ${got.bytes.toString('latin1').slice(0, 1000)}`] : []),
  ].join('\n');

/** Whatever is sent, the answer is one that can be acted on. */
export const judge = (sent: Sent, got: Got): void => {
  const said = shown(sent, got);
  assert.ok(got.status < 500 || got.status === 503 || got.status === 504, said);
  if (got.status === 503 && isProblem(got)) assert.ok(jsonOf<Problem>(got).reason, said);
};

/** A refusal of a route of the contract says so as a problem, with a code that the contract declares. */
export const judgeRefusal = (route: Route, sent: Sent, got: Got): void => {
  if (got.status < 400 || sent.method === 'HEAD') return;
  const said = shown(sent, got);
  assert.ok(isProblem(got), said);
  const { code, reason, status, requestId, detail, details } = jsonOf<Problem>(got);
  assert.equal(status, got.status, said);
  assert.ok(detail.length > 0 && requestId === got.headers['x-request-id'], said);
  if (reason === 'headers_too_large' || (code === 'not_found' && details['what'] === 'route')) return;
  assert.ok(errorsOf(route).includes(code), `${code} is not declared: ${said}`);
};

const isProblem = ({ headers }: Got): boolean => String(headers['content-type']).startsWith('application/problem+json');
