import { type Column, invalid } from '@boucle/contract';

/** What a dataset declares about the file that fills it. */
export interface Declared {
  readonly columns: readonly Column[];
  /** Columns that the file need not have; they are then null throughout. */
  readonly optional?: readonly string[];
  /** Our name to the name in the file. */
  readonly from?: Readonly<Record<string, string>>;
  /** What happens to columns that are not declared; `keep` unless said. */
  readonly others?: 'keep' | 'drop' | 'refuse';
  /** Closed sets: a column that may hold nothing else, null aside. */
  readonly values?: Readonly<Record<string, readonly unknown[]>>;
}

/** A column of the table to be, and its place in the file; without a type, one is to be inferred. */
export interface PlannedColumn {
  readonly name: string;
  readonly at: number;
  readonly type?: Column['type'];
}

/** Declared columns in their order, then the others in the order of the file. */
export const planColumns = (names: readonly string[], declared: Declared | undefined): PlannedColumn[] => {
  if (!declared) return names.map((name, at) => ({ name, at }));
  const { columns, optional = [], from = {}, others = 'keep' } = declared;
  for (const name of Object.keys(from)) {
    if (!columns.some((column) => column.name === name))
      throw invalid(`"from" names column "${name}", which is not declared`, 'unknown_column', { column: name });
  }
  const planned = columns.map(({ name, type }) => {
    const source = from[name] ?? name;
    const at = names.indexOf(source);
    if (at < 0 && !optional.includes(name)) throw missing(name, source, names);
    return { name, at, type };
  });
  const taken = new Set(planned.map(({ at }) => at));
  const rest = names.flatMap((name, at) => (taken.has(at) ? [] : [{ name, at }]));
  const [extra] = rest;
  if (extra && others === 'refuse') {
    throw invalid(
      `The file has ${rest.map(({ name }) => `"${name}"`).join(', ')}, which the dataset does not declare; declare them, or say others: 'drop' or 'keep'`,
      'undeclared_column',
      {
        column: extra.name,
        columns: rest.map(({ name }) => name),
      },
    );
  }
  return others === 'keep' ? [...planned, ...rest] : planned;
};

const missing = (name: string, source: string, names: readonly string[]) =>
  invalid(
    `The file has no column "${source}"${source === name ? '' : ` for "${name}"`}; it has ${names.map((one) => `"${one}"`).join(', ')}. Say from: { ${JSON.stringify(name)}: … } where it has another name`,
    'missing_column',
    { column: name, columns: names },
  );
