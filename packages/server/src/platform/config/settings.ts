import { type AllowedCall, parseAllowedCall } from '../outbound/index.ts';

/** How a text from the environment or a flag becomes a value; throws a sentence about what is wrong. */
type Read<T> = (given: unknown) => T;
export interface Setting<T> {
  readonly initial: T;
  readonly about: string;
  readonly read: Read<T>;
  /** Never printed, logged or answered. */
  readonly secret?: true;
}
const setting = <T>(initial: T, about: string, read: Read<T>, more: { secret?: true } = {}): Setting<T> => ({
  initial,
  about,
  read,
  ...more,
});

const text: Read<string> = (given) => {
  if (typeof given !== 'string' || given.length === 0) throw new RangeError('must be a text');
  return given;
};
const optional =
  <T>(read: Read<T>): Read<T | undefined> =>
  (given) =>
    given === undefined ? undefined : read(given);
const integer =
  (low: number, high: number): Read<number> =>
  (given) => {
    const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
      throw new RangeError(`must be a whole number from ${low} to ${high}`);
    return value;
  };
const yesOrNo: Read<boolean> = (given) => {
  if (given === true || given === 'true' || given === '1') return true;
  if (given === false || given === 'false' || given === '0') return false;
  throw new RangeError('must be true or false');
};
const units: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };
/** `512Mi`, `4Gi`, or a number of bytes. */
const bytes: Read<number> = (given) => {
  const [, count, unit] = /^(\d+)(Ki|Mi|Gi)?$/.exec(String(given)) ?? [];
  if (count === undefined) throw new RangeError('must be a size such as 512Mi or 4Gi');
  return Number(count) * units[unit ?? '']!;
};
/** A list, or a text with commas between. */
const hosts: Read<readonly AllowedCall[]> = (given) => {
  const items: readonly unknown[] = Array.isArray(given) ? given : text(given).split(',');
  return items.map((item) => parseAllowedCall(text(item).trim()));
};
const webAddress: Read<string> = (given) => {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new RangeError('must be an address such as https://boucle.example.com');
  return url.href.replace(/\/+$/, '');
};
const place: Read<string> = (given) => {
  if (!/^[a-z][a-z0-9+.-]*:\/[^?#]*$/.test(text(given))) throw new RangeError('must be a place such as s3://bucket/runs');
  return text(given).replace(/\/+$/, '');
};
const oneOf =
  <const V extends string>(...values: readonly V[]): Read<V> =>
  (given) => {
    const value = values.find((v) => v === given);
    if (!value) throw new RangeError(`must be one of ${values.join(', ')}`);
    return value;
  };

/** Every setting there is. In the environment `stepMemory` is BOUCLE_STEP_MEMORY, on the command line --step-memory. */
export const settings = {
  host: setting('127.0.0.1', 'Address to listen at; another one than loopback wants an adminToken', text),
  port: setting(5050, 'Port to listen at; 0 takes a free one', integer(0, 65535)),
  data: setting('.boucle', 'The data directory: database, blobs, logs. One server owns it', text),
  database: setting<string | undefined>(
    undefined,
    'postgres://… for a database of its own; SQLite in the data directory without it',
    optional(text),
    { secret: true },
  ),
  adminToken: setting<string | undefined>(undefined, 'Who sends it may do everything, from anywhere', optional(text), { secret: true }),
  auth: setting(false, 'Ask everybody who they are, also on this machine; once there are users that is so in any case', yesOrNo),
  defaultLevel: setting<'none' | 'read' | 'use' | 'edit' | 'manage'>(
    'read',
    'What users may in projects that gave them no role',
    oneOf('none', 'read', 'use', 'edit', 'manage'),
  ),
  secretsFolder: setting<string | undefined>(
    undefined,
    'Files whose names are secrets and whose contents are their values',
    optional(text),
  ),
  keyFile: setting<string | undefined>(
    undefined,
    'The key that secrets are sealed with; made in the data directory without it',
    optional(text),
  ),
  maxUpload: setting(4 * 2 ** 30, 'Largest file that may be sent', bytes),
  maxBody: setting(16 * 2 ** 20, 'Largest JSON body', bytes),
  attempts: setting(2, 'Steps that run at the same time', integer(1, 256)),
  stepMemory: setting(4 * 2 ** 30, 'Memory of a step that does not ask for more or less', bytes),
  stepTimeout: setting(24 * 3600, 'Seconds after which a step that names no timeout is stopped', integer(1, 30 * 24 * 3600)),
  systemMetrics: setting(
    10,
    'Seconds between two looks at what a running step uses, logged as metrics of its run; 0 for none',
    integer(0, 3600),
  ),
  modelPrograms: setting(true, 'Whether a deployed model may bring a program of its own: Python code, or a command', yesOrNo),
  python: setting(
    'python3',
    'What makes the environments of Python models; one with the version that a model was logged with is preferred',
    text,
  ),
  artifactRoot: setting<string | undefined>(
    undefined,
    'Where MLflow clients keep the artifacts of new experiments, if not with Boucle: s3://bucket/runs; they reach it by themselves',
    optional(place),
  ),
  publicUrl: setting<string | undefined>(
    undefined,
    'Where people reach this server; links in notifications begin with it',
    optional(webAddress),
  ),
  allowCalls: setting<readonly AllowedCall[] | undefined>(
    undefined,
    'Hosts, host or host:port with commas between, that the server may call although they are in its own network',
    optional(hosts),
  ),
  checkAnswers: setting(false, 'Hold every answer against its schema; for development', yesOrNo),
  logLevel: setting<'info' | 'warn' | 'error' | 'silent'>(
    'info',
    'Least serious entry that is logged',
    oneOf('info', 'warn', 'error', 'silent'),
  ),
} as const;

export type Config = { readonly [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never };
