import { type Column, invalid } from '@boucle/contract';

export interface DeclaredColumn extends Column {
  /** Its name in the file, where that is another. */
  readonly from?: string;
  /** The file need not have it; it is then null throughout. */
  readonly optional?: boolean;
  /** A closed set: it may hold nothing else, null aside. */
  readonly values?: readonly unknown[];
}
/** What a dataset declares about the file that fills it. */
export interface Declared {
  readonly columns: readonly DeclaredColumn[];
  /** What happens to columns that are not declared; `keep` unless said. */
  readonly others?: 'keep' | 'drop' | 'refuse';
}

/** A column of the table to be, and its place in the file; without a type, one is to be inferred. */
export interface PlannedColumn {
  readonly name: string;
  readonly at: number;
  readonly type?: Column['type'];
  readonly values?: readonly unknown[];
}

/** Declared columns in their order, then the others in the order of the file. */
export const planColumns = (names: readonly string[], declared: Declared | undefined): PlannedColumn[] => {
  if (!declared) return names.map((name, at) => ({ name, at }));
  const { columns, others = 'keep' } = declared;
  const planned = columns.map(({ name, type, from = name, optional, values }) => {
    const at = names.indexOf(from);
    if (at < 0 && !optional) throw missing(name, from, names);
    return { name, at, type, ...(values && { values }) };
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
