import type { Column, LogicalType } from '@boucle/contract';

/** The part of JSON Schema that columns are written in. */
interface ColumnSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly ColumnSchema[];
  readonly items?: ColumnSchema;
  readonly properties?: Readonly<Record<string, ColumnSchema>>;
  readonly required?: readonly string[];
}
export interface DescribedColumn extends Column {
  readonly values?: readonly unknown[];
  readonly optional: boolean;
}

/** The columns that an object's schema describes. Any cell may be empty; `optional` says that the column may lack altogether. */
export const columnsOf = (schema: unknown): DescribedColumn[] => {
  const { properties = {}, required = [] } = (schema ?? {}) as ColumnSchema;
  return Object.entries(properties).map(([name, column]) => {
    const values = valuesOf(column);
    return { name, type: logicalTypeOf(column, name), ...(values && { values }), optional: !required.includes(name) };
  });
};

const texts = { date: 'date', time: 'time', 'date-time': 'timestamp' } as const;
const simple = { string: 'text', integer: 'int', number: 'float', boolean: 'bool' } as const;
const isIn = <T extends object>(key: PropertyKey | undefined, object: T): key is keyof T => key !== undefined && Object.hasOwn(object, key);

const logicalTypeOf = (schema: ColumnSchema, name: string): LogicalType => {
  const { type, format } = schema;
  if (type === 'string' && isIn(format, texts)) return { type: texts[format] };
  if (isIn(type, simple)) return { type: simple[type] };
  if (type === 'array' && schema.items) return { type: 'list', item: logicalTypeOf(schema.items, name) };
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {});
    return { type: 'struct', fields: fields.map(([field, inner]) => ({ name: field, type: logicalTypeOf(inner, name) })) };
  }
  const kinds = new Set(valuesOf(schema)?.map(kindOf));
  const [kind, another] = kinds;
  if (kind && !another) return { type: kind };
  const [only, second] = (schema.anyOf ?? []).filter((one) => one.type !== 'null');
  if (only && !second) return logicalTypeOf(only, name);
  throw new TypeError(
    `Column "${name}" is of no type that a table can hold: use Type.String, Integer, Number, Boolean, Enum, Array or Object`,
  );
};

const kindOf = (value: unknown): 'text' | 'bool' | 'int' | 'float' => {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'float';
};

/** The closed set of a column's values, where it has one. */
const valuesOf = ({ enum: listed, const: single, anyOf }: ColumnSchema): readonly unknown[] | undefined => {
  if (listed) return listed;
  if (single !== undefined) return [single];
  const inner = anyOf?.filter((one) => one.type !== 'null').map(valuesOf);
  return inner?.length && inner.every((one) => one !== undefined) ? inner.flat() : undefined;
};
