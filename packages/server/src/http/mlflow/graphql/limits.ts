import type { DocumentNode, FieldNode, FragmentDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

const deepest = 10;
const most = { selections: 1000, rootFields: 10, aliases: 10 };

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
export const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])));

/** The fields of one level: what fragments bring to it belongs to it, and each fragment does so once. */
export const fieldsOf = (set: SelectionSetNode | undefined, fragments: Fragments): FieldNode[] => {
  const fields: FieldNode[] = [];
  const met = new Set<string>();
  const open: SelectionNode[] = [...(set?.selections ?? [])];
  for (let at = 0; at < open.length; at += 1) {
    const selection = open[at]!;
    if (selection.kind === 'Field') fields.push(selection);
    else if (selection.kind === 'InlineFragment') open.push(...selection.selectionSet.selections);
    else if (!met.has(selection.name.value)) {
      met.add(selection.name.value);
      open.push(...(fragments.get(selection.name.value)?.selectionSet.selections ?? []));
    }
  }
  return fields;
};

/** What is wrong with the size of a query. A fragment that leads back to itself is too deep. */
export const tooLarge = (document: DocumentNode): string | undefined => {
  const fragments = fragmentsOf(document);
  const operations = document.definitions.flatMap((one) => (one.kind === 'OperationDefinition' ? [one.selectionSet] : []));
  let level = operations;
  let selections = 0;
  let rootFields = 0;
  let aliases = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepest) return `Query exceeds maximum depth of ${deepest}`;
    const below: SelectionSetNode[] = [];
    for (const set of level) {
      const fields = fieldsOf(set, fragments);
      selections += fields.length;
      if (selections > most.selections) return `Query exceeds maximum total selections of ${most.selections}`;
      aliases = Math.max(aliases, fields.filter(({ alias }) => alias).length);
      below.push(...fields.flatMap(({ selectionSet }) => selectionSet ?? []));
    }
    if (depth === 1) rootFields = selections;
    level = below;
  }
  if (rootFields > most.rootFields) return overMost(most.rootFields, 'root fields', rootFields);
  return aliases > most.aliases ? overMost(most.aliases, 'aliases', aliases) : undefined;
};
const overMost = (limit: number, what: string, count: number): string =>
  `GraphQL queries should have at most ${limit} ${what}, and this one has ${count}: ask in several`;

/** How many fields a selection has, with all below it: counted once for each place in a query. */
export const countFields = (fragments: Fragments): ((field: FieldNode) => number) => {
  const counted = new WeakMap<FieldNode, number>();
  const countOf = (field: FieldNode): number => {
    const known = counted.get(field);
    if (known !== undefined) return known;
    const count = fieldsOf(field.selectionSet, fragments).reduce((sum, one) => sum + 1 + countOf(one), 0);
    counted.set(field, count);
    return count;
  };
  return countOf;
};
