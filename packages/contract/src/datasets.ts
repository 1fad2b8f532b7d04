import { type Static, Type } from 'typebox';
import { Blob, Id, Json, Name, Nullable, Ordinal, Page, Rows, Text, Time, inProject, paged } from './common.ts';
import { DeclaredColumn } from './projects.ts';
import { defineRoute, withDefault } from './route.ts';
import { ColumnDistribution, ColumnProfile, Expectation, RowChanges, SchemaChanges, TableSchema, ValidationResult } from './table.ts';

export const Dataset = Type.Object(
  {
    id: Id,
    project: Name,
    name: Name,
    createdAt: Time,
    latest: Type.Union([Type.Integer(), Type.Null()]),
    /** What a list shows of the latest version. */
    newest: Type.Optional(
      Type.Object({
        digest: Rows,
        rows: Type.Integer(),
        bytes: Type.Integer(),
        source: Type.String(),
        createdAt: Time,
        createdBy: Type.String(),
      }),
    ),
  },
  { $id: 'Dataset' },
);
export type Dataset = Static<typeof Dataset>;

export const DatasetVersion = Type.Object(
  {
    id: Id,
    project: Name,
    dataset: Name,
    number: Type.Integer({ minimum: 1 }),
    /** Names the table whatever file carried it. */
    digest: Rows,
    /** The stored Parquet. */
    blob: Blob,
    schema: TableSchema,
    key: Type.Array(Type.String()),
    rows: Type.Integer(),
    bytes: Type.Integer(),
    /** Rows whose key an earlier row has; they are kept, and share a side in every split. */
    repeatedKeys: Type.Integer(),
    columns: Type.Array(ColumnProfile),
    source: Type.String(),
    createdAt: Time,
    createdBy: Type.String(),
    correlationId: Id,
  },
  { $id: 'DatasetVersion' },
);
export type DatasetVersion = Static<typeof DatasetVersion>;

/** How a file is read. What the project's manifest declares for the dataset is used where nothing is said here. */
export const IngestOptions = Type.Object(
  {
    format: Type.Optional(Type.Enum(['csv', 'tsv', 'jsonl', 'parquet'])),
    encoding: Type.Optional(Type.Enum(['utf-8', 'latin1'])),
    key: Type.Optional(Type.Array(Text(250))),
    columns: Type.Optional(Type.Array(DeclaredColumn)),
    others: Type.Optional(Type.Enum(['keep', 'drop', 'refuse'])),
    source: Type.Optional(Text(1000)),
  },
  { $id: 'IngestOptions' },
);
export type IngestOptions = Static<typeof IngestOptions>;

const dataset = inProject({ dataset: Name });
const version = inProject({ dataset: Name, number: Ordinal });
export const datasets = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/datasets',
    summary: 'List datasets',
    tag: 'datasets',
    permission: 'datasets:read',
    params: inProject(),
    query: Type.Object(paged),
    response: Page(Dataset),
    errors: ['invalid_request'],
  }),
  versions: {
    /** The body is the file. `options` is JSON (IngestOptions). */
    create: defineRoute({
      kind: 'upload',
      method: 'POST',
      path: '/api/v1/projects/:project/datasets/:dataset/versions',
      summary: 'Make a dataset version of a file',
      tag: 'datasets',
      permission: 'datasets:write',
      params: dataset,
      query: Type.Object({ options: withDefault(Type.String({ maxLength: 1_000_000 }), '{}'), correlationId: Type.Optional(Id) }),
      response: Type.Object({ version: DatasetVersion, created: Type.Boolean() }),
      status: 201,
      errors: ['invalid_request', 'too_large', 'unavailable'],
    }),
    list: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions',
      summary: 'List the versions of a dataset',
      tag: 'datasets',
      permission: 'datasets:read',
      params: dataset,
      query: Type.Object(paged),
      response: Page(DatasetVersion),
      errors: ['invalid_request', 'not_found'],
    }),
    get: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions/:number',
      summary: 'Get a dataset version',
      tag: 'datasets',
      permission: 'datasets:read',
      params: version,
      response: DatasetVersion,
      errors: ['not_found'],
    }),
    rows: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions/:number/rows',
      summary: 'Look at rows, or at those of given identities',
      tag: 'datasets',
      permission: 'datasets:read',
      params: version,
      query: Type.Object({
        limit: withDefault(Type.Integer({ minimum: 1, maximum: 500 }), 20),
        offset: withDefault(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), 0),
        /** Identities (`_row`), with commas between. */
        rows: Type.Optional(Type.String({ maxLength: 20000 })),
        /** Values longer than so many characters are cut, and end in `…`. */
        cells: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
      }),
      response: Type.Object({ items: Type.Array(Type.Record(Type.String(), Json)) }),
      errors: ['not_found', 'failed_precondition'],
    }),
    profile: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions/:number/profile',
      summary: 'How the values of each column lie',
      tag: 'datasets',
      permission: 'datasets:read',
      params: version,
      response: Type.Object({ digest: Rows, rows: Type.Integer(), columns: Type.Array(ColumnDistribution) }),
      errors: ['not_found', 'failed_precondition'],
    }),
    /** Against the expectations that the manifest in force declares: they may have come after the version. */
    validation: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions/:number/validation',
      summary: 'Does the version meet what is expected of its dataset today?',
      tag: 'datasets',
      permission: 'datasets:read',
      params: version,
      /** No result where nothing is expected. */
      response: Type.Object({ expected: Type.Array(Expectation), result: Nullable(ValidationResult) }),
      errors: ['not_found', 'failed_precondition'],
    }),
    changes: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions/:number/changes',
      summary: 'What is different from an earlier version',
      tag: 'datasets',
      permission: 'datasets:read',
      params: version,
      query: Type.Object({
        /** The version before where none is said. */
        against: Type.Optional(Ordinal),
      }),
      response: Type.Object({
        before: Type.Integer(),
        now: Type.Integer(),
        columns: SchemaChanges,
        /** By their key, or by all they say where they have none. Null where the two versions have different keys. */
        rows: Nullable(RowChanges),
      }),
      errors: ['not_found', 'failed_precondition'],
    }),
    /** One address for pandas, DuckDB and whatever else reads Parquet: its end says what it is, and parts of it can be asked for. */
    file: defineRoute({
      kind: 'download',
      method: 'GET',
      path: '/api/v1/projects/:project/datasets/:dataset/versions/:number/data.parquet',
      summary: 'The version as Parquet, by its number or as `latest`',
      tag: 'datasets',
      permission: 'datasets:read',
      params: inProject({ dataset: Name, number: Type.Union([Ordinal, Type.Literal('latest')]) }),
      media: 'application/vnd.apache.parquet',
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
  },
};
