import { type Columns, invalid, type Signature, type TensorSpec } from '@boucle/contract';

/** Refuses columns that the model was not made for, by name, and returns how many rows they hold. */
export const checkInput = (signature: Signature, columns: Columns): number => checkColumns(signature.inputs, columns);

/** What a request may leave out, it says by null in every row from here on. */
export const withOptional = ({ inputs }: Signature, columns: Columns): Columns => {
  const missing = inputs.filter(({ name, optional }) => optional === true && !Object.hasOwn(columns, name));
  if (missing.length === 0) return columns;
  const rows = Object.values(columns)[0]?.length ?? 0;
  return { ...columns, ...Object.fromEntries(missing.map(({ name }) => [name, Array.from({ length: rows }, () => null)])) };
};

export const checkColumns = (specs: readonly TensorSpec[], columns: Columns): number => {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) {
    throw invalid(`Columns by name are needed: ${namesOf(specs)}`, 'wrong_type');
  }
  const known = new Set(specs.map(({ name }) => name));
  for (const column of Object.keys(columns)) {
    if (!known.has(column)) {
      throw invalid(`There is no column ${quoted(column)} in the signature; it has ${namesOf(specs)}`, 'unknown_column', {
        column: clip(column),
      });
    }
  }
  const lengths = specs.map((spec) => checkColumn(spec, Object.hasOwn(columns, spec.name) ? columns[spec.name] : undefined));
  const rows = lengths[0] ?? 0;
  const odd = lengths.findIndex((length) => length !== rows);
  if (odd !== -1) {
    const column = specs[odd]!.name;
    throw invalid(
      `Column ${quoted(column)} has ${lengths[odd]} values, but ${quoted(specs[0]!.name)} has ${rows}; give every column a value for each row`,
      'unequal_lengths',
      { column },
    );
  }
  return rows;
};

const clip = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
const quoted = (name: string): string => JSON.stringify(clip(name));
const namesOf = (specs: readonly TensorSpec[]): string => specs.map(({ name }) => quoted(name)).join(', ');

const checkColumn = (spec: TensorSpec, values: unknown): number => {
  const column = spec.name;
  if (values === undefined) throw invalid(`Column ${quoted(column)} is missing`, 'missing_column', { column });
  if (!Array.isArray(values)) throw invalid(`Column ${quoted(column)} must be a list with a value for each row`, 'wrong_type', { column });
  const [rows = -1, ...shape] = spec.shape;
  if (rows !== -1 && rows !== values.length) {
    throw invalid(`Column ${quoted(column)} has ${values.length} values; the model takes ${rows} at a time`, 'wrong_shape', { column });
  }
  const row = values.findIndex((value) => !(value === null && spec.nullable) && !fits(spec.datatype, shape, value));
  if (row !== -1) {
    const wanted = shape.length === 0 ? describe[spec.datatype] : `${describe[spec.datatype]} in the shape [${shape.join(', ')}]`;
    throw invalid(
      `Column ${quoted(column)} holds ${nameOf(values[row])} in row ${row} (the first is 0); it takes ${wanted}`,
      'wrong_type',
      { column, row },
    );
  }
  return values.length;
};

const describe = {
  BOOL: 'true or false',
  INT64: 'whole numbers',
  FP32: 'finite numbers',
  FP64: 'finite numbers',
  BYTES: 'text',
} as const satisfies Record<TensorSpec['datatype'], string>;

const nameOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
};

const fits = (datatype: TensorSpec['datatype'], shape: readonly number[], value: unknown): boolean => {
  if (shape.length > 0) {
    const [length = -1, ...rest] = shape;
    return Array.isArray(value) && (length === -1 || value.length === length) && value.every((inner) => fits(datatype, rest, inner));
  }
  switch (datatype) {
    case 'BOOL':
      return typeof value === 'boolean';
    case 'INT64':
      return Number.isSafeInteger(value);
    case 'FP32':
    case 'FP64':
      return Number.isFinite(value);
    case 'BYTES':
      return typeof value === 'string';
  }
};
