/** Every operator there is; a field says which of them it takes. */
export type SearchOperator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'LIKE'
  | 'ILIKE'
  | 'RLIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL';
export type SearchValue = string | number;

export interface SearchField {
  /** Texts stand in quotes, numbers do not; a time is either (epoch milliseconds, or ISO 8601), and a number in the tree. A name may have a number too. */
  readonly kind: 'text' | 'number' | 'time' | 'name';
  readonly operators: readonly SearchOperator[];
  /** Other names for it. */
  readonly also?: readonly string[];
  /** What a value means, where it is not what was written: a status in any case, for one. */
  readonly read?: (value: SearchValue) => SearchValue;
}
export interface SearchEntity {
  readonly also?: readonly string[];
  /** The keys that it has. */
  readonly fields?: Readonly<Record<string, SearchField>>;
  /** Whatever other key it is asked for. */
  readonly any?: SearchField;
  /** One thing may have several, so nothing is ordered by it. */
  readonly isUnordered?: true;
}
/** What can be searched by. Names of entities and of their fields are told in any case, other keys as they are written. */
export interface SearchFields<E extends string = string> {
  readonly entities: Readonly<Record<E, SearchEntity>>;
  /** The entity of a name that stands alone. */
  readonly bare: NoInfer<E>;
}

/** Sets of operators that most fields have. */
export const searchOperators = {
  number: ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  text: ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
} as const satisfies Record<string, readonly SearchOperator[]>;

export interface SearchKey<E extends string = string> {
  readonly entity: E;
  readonly key: string;
}

/** What a name means: the field's own name for an alias. Undefined where nothing is called so; `known` tells what is. */
export const findField = <E extends string>(
  { entities, bare }: SearchFields<E>,
  name: { readonly entity: string | undefined; readonly key: string },
): { readonly at: SearchKey<E>; readonly field: SearchField } | { readonly known: readonly string[] } => {
  const entity = name.entity === undefined ? bare : named(entities, name.entity);
  if (entity === undefined) return { known: (Object.keys(entities) as E[]).map((one) => `${one}.…`) };
  const { fields = {}, any } = entities[entity];
  const key = named(fields, name.key);
  if (key !== undefined) return { at: { entity, key }, field: fields[key]! };
  return any && name.key !== '' ? { at: { entity, key: name.key }, field: any } : { known: Object.keys(fields) };
};

const named = <N extends string>(all: Readonly<Record<N, { readonly also?: readonly string[] }>>, name: string): N | undefined => {
  const folded = name.toLowerCase();
  return (Object.keys(all) as N[]).find((one) => [one, ...(all[one].also ?? [])].some((known) => known.toLowerCase() === folded));
};
