import fc from 'fast-check';
import type { MlflowRoute } from '../../../src/http/mlflow/route.ts';
import { edited, type Edit, edits } from '../../contract/fuzz/edits.ts';
import { jsonTextOf } from '../../contract/fuzz/hostile.ts';
import { type Twist, twists } from '../../contract/fuzz/transport.ts';
import type { Sent } from '../../contract/send.ts';
import { json } from './ground.ts';

/** What becomes of an input that was proper, on its way to the wire. */
export interface Attempt {
  readonly prefix: 'api' | 'ajax-api';
  readonly changes: readonly Edit[];
  readonly spelling: (text: string) => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly twist: Twist;
  /** A name that nothing has yet. */
  readonly isNew: boolean;
}

const camel = (text: string): string => text.replace(/_([a-z])(?=\w*":)/g, (_, letter: string) => letter.toUpperCase());
/** Odd ways to write the same JSON, and others that are none. */
const spellings: readonly ((text: string) => string)[] = [
  camel,
  (text) => text.replace(/:(-?\d+)(?=[,}])/g, ':"$1"'),
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(JSON.stringify(text)),
  (text) => `\uFEFF${text}`,
  (text) => text.replace('{', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}},"not_a_field":[{}],'),
  (text) => `${text.slice(0, -1)},${text.slice(1)}`,
  (text) =>
    text.replaceAll(/"([^"\\]+)":/g, (_, name: string) => `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}":`),
  (text) => text.replace(/:("[^"]*"|\d+)/, ':NaN'),
  (text) => text.replace(/:("[^"]*"|\d+)/, ':-Infinity'),
  (text) => text.replace(/:("[^"]*"|\d+)/, ':"\\ud800"'),
  (text) => text.replace(/:("[^"]*"|\d+)/, ':"a\\u0000b"'),
  (text) => text.replace(/:("[^"]*"|\d+)/, ':123456789012345678901234567890'),
  (text) => text.replace(/:("[^"]*"|\d+)/, ':9223372036854775807'),
  (text) => text.replace(/:("[^"]*"|\d+)/, `:"${'x'.repeat(600_000)}"`),
  (text) => text.replace(/:("[^"]*"|\d+)/, `:${'['.repeat(5000)}${']'.repeat(5000)}`),
  (text) => text.replace(/:("[^"]*"|\d+)/, `:${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`),
  (text) => `${text} x`,
  (text) => text.replaceAll('"', "'"),
  () => '',
  () => 'null',
  () => '[]',
  () => '"{"',
  () => '1e999',
];
const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc.constantFrom<Readonly<Record<string, string>>>(
  { 'x-mlflow-workspace': 'nobody-has-this' },
  { 'x-mlflow-workspace': '' },
  { 'x-mlflow-workspace': '../default' },
  { 'x-mlflow-workspace': 'x'.repeat(3000) },
  { 'x-mlflow-workspace': 'd\u00e9fault' },
  { authorization: 'Basic' },
  { authorization: `Basic ${Buffer.from('ada').toString('base64')}` },
  { authorization: `Basic ${Buffer.from('ada:\0').toString('base64')}` },
  { authorization: `Basic ${'='.repeat(100)}` },
  { authorization: 'Bearer the-admin-token the-admin-token' },
  { authorization: '\u00ff' },
  { authorization: '' },
  { 'content-type': 'application/json; charset=latin1' },
  { 'content-type': 'application/jsonp' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-length': '0' },
  { host: '' },
  { host: 'a b' },
  { 'x-forwarded-proto': 'https, http' },
  { 'x-forwarded-for': '\u00e9' },
);

export const attempts: fc.Arbitrary<Attempt> = fc.record({
  prefix: fc.constantFrom('api', 'ajax-api'),
  changes: fc.oneof({ weight: 1, arbitrary: fc.constant<readonly Edit[]>([]) }, { weight: 2, arbitrary: edits }),
  spelling: fc.oneof(
    { weight: 3, arbitrary: fc.constant((text: string) => text) },
    { weight: 1, arbitrary: fc.constantFrom(...spellings) },
  ),
  headers: fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
  twist: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Twist>({ name: 'as it is', twist: (sent) => sent }) },
    { weight: 1, arbitrary: twists },
  ),
  isNew: fc.boolean(),
});

/** A lone surrogate has no UTF-8. */
const encoded = (value: unknown): string =>
  encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
let names = 0;

/** The request before its twist. */
export const sentFor = (
  { method, path, family, version }: MlflowRoute,
  proper: Record<string, unknown>,
  { prefix, changes, spelling, headers: more, isNew }: Attempt,
): Sent => {
  const start = isNew && 'name' in proper ? { ...proper, name: `new-${(names += 1)}` } : proper;
  const input = edited(start, changes);
  const fields = isRecord(input) ? { ...input } : {};
  const take = (name: string): string => {
    const value = fields[name];
    delete fields[name];
    return encoded(value);
  };
  const where = path.replace(/:(\w+)/g, (_, name: string) => take(name)).replace('*', () => take('*').replaceAll('%2F', '/'));
  const at = `/${prefix}/${version}/${family}/${where}`;
  const sent = { method, headers: { ...json, ...more } };
  if (method !== 'GET')
    return { ...sent, path: at, body: spelling(isRecord(input) ? jsonTextOf(fields) : jsonTextOf(input)).toWellFormed() };
  const asked = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${encoded(name)}=${encoded(one)}`),
  );
  // Addresses have their own limit, which is not what is looked at here.
  return { ...sent, path: `${at}${asked.length > 0 ? `?${asked.join('&')}` : ''}`.slice(0, 12_000) };
};
