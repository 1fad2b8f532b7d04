import { type Static, Type } from 'typebox';
import { AnyDigest, Name, Ordinal, Real, Text } from './common.ts';
import { withDefault } from './route.ts';

const logKey = '^[\\p{L}\\p{N}_/.\\- :]{1,250}$';
/** What metrics, params and tags are called. */
export const LogKey = Type.String({ pattern: logKey });
const logKeyPattern = new RegExp(logKey, 'u');
/** A plain relative path besides, for clients store by it. */
export const isLogKey = (text: string): boolean =>
  logKeyPattern.test(text) && !text.split('/').some((part) => part === '' || part === '.' || part === '..');
/** Of what a run used, not of what it found: told where somebody looks at the run, and not beside its results. */
export const isSystemMetric = (key: string): boolean => key.startsWith('system/');
/** A whole number of 64 bits; beyond 2^53 it travels as text. */
export const Step = Type.Union([
  Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: '^-?[0-9]{1,19}$' }),
]);
export const Metric = Type.Object(
  {
    key: LogKey,
    value: Real,
    step: withDefault(Step, 0),
    /** Epoch milliseconds. */ time: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { $id: 'Metric' },
);
export type Metric = Static<typeof Metric>;
export const Point = Type.Object({ value: Real, step: Step, time: Type.Integer() });
export const DatasetInput = Type.Object(
  { dataset: Name, number: Ordinal, digest: AnyDigest, context: Type.Optional(Text(250)) },
  { $id: 'DatasetInput' },
);
export type DatasetInput = Static<typeof DatasetInput>;

/** A table that is no version of ours, by what a client says of it. */
export const LoggedDataset = Type.Object(
  {
    name: Type.String(),
    digest: Type.String(),
    sourceType: Type.String(),
    source: Type.String(),
    /** These two may be large, and lists leave them out. */
    schema: Type.Optional(Type.String()),
    profile: Type.Optional(Type.String()),
    tags: Type.Record(Type.String(), Type.String()),
  },
  { $id: 'LoggedDataset' },
);
export type LoggedDataset = Static<typeof LoggedDataset>;

/** A key that is none is refused, not ignored. */
export const closedKeys = { additionalProperties: false, maxProperties: 1000 };
export const Tags = Type.Record(LogKey, Text(8000), closedKeys);
export const view = withDefault(Type.Enum(['active', 'deleted', 'all']), 'active');
/** `filter` as in `metrics.accuracy > 0.9 AND params.model = 'bert'`; `orderBy` as in `metrics.accuracy DESC`. */
export const searched = {
  filter: withDefault(Text(200_000), ''),
  orderBy: withDefault(Type.Array(Text(1000), { maxItems: 10 }), []),
  view,
  limit: withDefault(Type.Integer({ minimum: 1, maximum: 1000 }), 50),
  // It holds what the last row was ordered by, which may be a long text.
  cursor: Type.Optional(Type.String({ maxLength: 500_000 })),
};
