import { type Static, Type } from 'typebox';
import { Json, Real } from './common.ts';

/** Narrower types widen to these on their way in (DESIGN.md, section 8). */
export const logicalTypes = [
  'bool',
  'int',
  'decimal',
  'float',
  'text',
  'bytes',
  'date',
  'time',
  'timestamp',
  'local timestamp',
  'list',
  'struct',
] as const;
/** `item` belongs to a list, `fields` to a struct, `precision` and `scale` to a decimal. */
export const LogicalType = Type.Cyclic(
  {
    LogicalType: Type.Object({
      type: Type.Enum([...logicalTypes]),
      item: Type.Optional(Type.Ref('LogicalType')),
      fields: Type.Optional(Type.Array(Type.Object({ name: Type.String(), type: Type.Ref('LogicalType') }))),
      precision: Type.Optional(Type.Integer()),
      scale: Type.Optional(Type.Integer()),
    }),
  },
  'LogicalType',
);
export type LogicalType = {
  readonly type: (typeof logicalTypes)[number];
  readonly item?: LogicalType;
  readonly fields?: readonly { readonly name: string; readonly type: LogicalType }[];
  readonly precision?: number;
  readonly scale?: number;
};

export interface Column {
  readonly name: string;
  readonly type: LogicalType;
}
/** Columns in their order; the reserved `_row` is not among them. */
export interface TableSchema {
  readonly columns: readonly Column[];
}
export const TableSchema = Type.Unsafe<TableSchema>(
  Type.Object(
    { columns: Type.Array(Type.Object({ name: Type.String(), type: Type.Object({ type: Type.Enum([...logicalTypes]) }) })) },
    { $id: 'TableSchema' },
  ),
);

/** What was counted in one column of one version. Numbers are exact; `distinct` is approximate above 100,000. */
export const ColumnProfile = Type.Object(
  {
    name: Type.String(),
    type: Type.String(),
    nulls: Type.Integer(),
    distinct: Type.Integer(),
    min: Type.Union([Json, Type.Null()]),
    max: Type.Union([Json, Type.Null()]),
    mean: Type.Union([Real, Type.Null()]),
    /** The most frequent values, at most ten. */
    top: Type.Array(Type.Object({ value: Json, count: Type.Integer() })),
  },
  { $id: 'ColumnProfile' },
);
export type ColumnProfile = Static<typeof ColumnProfile>;

/** How the values of one column lie, in bins of one width; none where it has no order, or no value. */
export const ColumnDistribution = Type.Object(
  {
    name: Type.String(),
    /** `time` in milliseconds since 1970, `length` in characters. NaN and the infinities lie in no bin. */
    of: Type.Union([Type.Enum(['value', 'time', 'length']), Type.Null()]),
    /** Each holds what is below its end, the last one its end too. One of a single whole number says it twice. */
    bins: Type.Array(Type.Object({ from: Type.Number(), to: Type.Number(), count: Type.Integer() })),
  },
  { $id: 'ColumnDistribution' },
);
export type ColumnDistribution = Static<typeof ColumnDistribution>;

/** Columns that one of two tables has alone, or has in another type. */
export const SchemaChanges = Type.Object(
  {
    added: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
    removed: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
    changed: Type.Array(Type.Object({ name: Type.String(), before: Type.String(), now: Type.String() })),
  },
  { $id: 'SchemaChanges' },
);
export type SchemaChanges = Static<typeof SchemaChanges>;

const ShownRow = Type.Object({ _row: Type.String(), columns: Type.Array(Type.Object({ name: Type.String(), value: Json })) });
/** Rows that one of two tables has alone, and those that say something else in a column of both; of each kind at most ten, shortened. */
export const RowChanges = Type.Object(
  {
    added: Type.Integer(),
    removed: Type.Integer(),
    changed: Type.Integer(),
    same: Type.Integer(),
    examples: Type.Object({
      added: Type.Array(ShownRow),
      removed: Type.Array(ShownRow),
      changed: Type.Array(
        Type.Object({ _row: Type.String(), columns: Type.Array(Type.Object({ name: Type.String(), before: Json, now: Json })) }),
      ),
    }),
  },
  { $id: 'RowChanges' },
);
export type RowChanges = Static<typeof RowChanges>;

/** One thing that is expected of a table, in the field's own names (Great Expectations). */
export const Expectation = Type.Object(
  {
    type: Type.String(),
    columns: Type.Array(Type.String()),
    args: Type.Record(Type.String(), Json),
    level: Type.Optional(Type.Enum(['error', 'warning'])),
  },
  { $id: 'Expectation' },
);
export type Expectation = Static<typeof Expectation>;

export const ExpectationResult = Type.Object(
  {
    expectation: Expectation,
    /** `errored`: the check itself could not be carried out; neither passed nor failed. */
    outcome: Type.Enum(['passed', 'failed', 'errored']),
    rows: Type.Integer(),
    unexpected: Type.Integer(),
    /** Up to 20 failing rows, by identity. */
    samples: Type.Array(Type.Object({ _row: Type.String(), value: Json })),
    message: Type.Optional(Type.String()),
  },
  { $id: 'ExpectationResult' },
);
export type ExpectationResult = Static<typeof ExpectationResult>;
export const ValidationResult = Type.Object(
  { success: Type.Boolean(), results: Type.Array(ExpectationResult) },
  { $id: 'ValidationResult' },
);
export type ValidationResult = Static<typeof ValidationResult>;
