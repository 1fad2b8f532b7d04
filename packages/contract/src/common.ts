import { type TObject, type TProperties, type TSchema, Type } from 'typebox';
import { withDefault } from './route.ts';

/** UUIDv7 without hyphens. */
export const Id = Type.String({ pattern: '^[0-9a-f]{32}$' });
/** What a user names: projects, datasets, pipelines, steps, endpoints, aliases. Compared byte by byte. */
export const Name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' });
/** Names that MLflow allows to be freer: models and experiments. */
export const FreeName = Type.String({ pattern: '^[^\\u0000-\\u001f/:][^\\u0000-\\u001f:]{0,249}$' });
/** Not blank: the first sign that is no space decides, so that no text takes long to look at. */
const modelName = '^[^\\S\\u0000-\\u001f]*[^\\u0000-\\u001f/:\\s][^\\u0000-\\u001f/:]*$';
const longestModelName = 256;
export const ModelName = Type.String({ pattern: modelName, maxLength: longestModelName });
const modelNamePattern = new RegExp(modelName, 'u');
export const isModelName = (text: string): boolean => text.length <= longestModelName && modelNamePattern.test(text);
/** What a version is known by beside its number. Which names are taken by numbers, the registry says. */
export const AliasName = Type.String({ pattern: '^[\\p{L}\\p{N}_.\\-]{1,255}$' });
/** Free text: no NUL, which Postgres cannot hold. */
export const Text = (maxLength = 8000) => Type.String({ pattern: '^[^\\u0000]*$', maxLength });
/** ISO 8601, UTC. */
export const Time = Type.String({ format: 'date-time', pattern: 'Z$' });
export const Blob = Type.String({ pattern: '^blob:[0-9a-f]{64}$' });
export const Tree = Type.String({ pattern: '^tree:[0-9a-f]{64}$' });
export const Rows = Type.String({ pattern: '^rows:[0-9a-f]{64}$' });
export const AnyDigest = Type.String({ pattern: '^(blob|tree|rows):[0-9a-f]{64}$' });
/** Numbers of versions and the like: 1, 2, 3, as far as a database's integer goes. */
export const Ordinal = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
/** NaN and the infinities are not JSON: they travel as text. */
export const Real = Type.Union([Type.Number(), Type.Enum(['NaN', 'Infinity', '-Infinity'])]);
export const Json = Type.Unknown();
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** A file inside a folder that a user fills: relative, no `..`, no backslash, no drive. */
export const RelativePath = Type.String({ pattern: '^(?!/)(?!.*(^|/)\\.\\.?(/|$))[^\\u0000-\\u001f\\\\]{1,512}$' });

export const Empty = Type.Object({});
export const inProject = <P extends TProperties>(more: P = {} as P) => Type.Object({ project: Name, ...more });
export const paged = {
  limit: withDefault(Type.Integer({ minimum: 1, maximum: 500 }), 50),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};
/** What a list is asked for. */
export interface Paging {
  readonly limit: number;
  readonly cursor?: string;
}
/** One page of a list; `nextCursor` asks for the next, null ends it. */
export const Page = <T extends TObject>(item: T) => Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) });

/** What a permission, an event or a lineage edge is about. */
export const Subject = Type.Object({ project: Name, type: Type.String(), id: Type.String() }, { $id: 'Subject' });
