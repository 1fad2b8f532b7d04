import { parseSync } from 'oxc-parser';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function* nodesOf(node: unknown): Generator<Node> {
  if (isNode(node)) yield node;
  if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) yield* nodesOf(child);
}
const nameOf = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return node['name'] as string;
  if (node.type === 'AssignmentPattern') return nameOf(node['left']);
  return node.type === 'MemberExpression' ? nameOf(node['property']) : undefined;
};
const paramsOf = (node: Node): readonly unknown[] => {
  const params = node['params'] as readonly unknown[] | { readonly items?: readonly unknown[] } | undefined;
  return Array.isArray(params) ? params : ((params as { items?: readonly unknown[] })?.items ?? []);
};

/** A file, parsed once. */
export interface Source {
  readonly file: string;
  readonly nodes: readonly Node[];
}
export const parse = (file: string, text: string): Source => {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  return { file, nodes: [...nodesOf(program)] };
};

/** Functions that are handed a `reason`, by name: at which place. */
const refusersIn = ({ nodes }: Source): Map<string, number> => {
  const found = new Map<string, number>();
  for (const node of nodes) {
    const name = nameOf(node['id'] ?? node['key']);
    for (const maker of [node, node['init'], node['value']]) {
      if (!isNode(maker) || name === undefined) continue;
      const at = paramsOf(maker).findIndex((param) => nameOf(param) === 'reason');
      if (at >= 0) found.set(name, at);
    }
  }
  return found;
};

/** The texts that an expression may come to, as far as its file says. */
const textsIn = (node: unknown, { nodes }: Source, seen = new Set<unknown>()): string[] => {
  if (!isNode(node) || seen.has(node)) return [];
  seen.add(node);
  const follow = (...parts: unknown[]) => parts.flatMap((part) => textsIn(part, { file: '', nodes }, seen));
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'ConditionalExpression':
      return follow(node['consequent'], node['alternate']);
    case 'LogicalExpression':
      return follow(node['left'], node['right']);
    case 'TSAsExpression':
    case 'ParenthesizedExpression':
      return follow(node['expression']);
    case 'ObjectExpression':
      return follow(...(node['properties'] as readonly Node[]).map((property) => property['value']));
    case 'MemberExpression':
      return follow(node['object']);
    case 'Identifier':
      return follow(
        ...nodes.filter((one) => one.type === 'VariableDeclarator' && nameOf(one['id']) === node['name']).map((one) => one['init']),
      );
    default:
      return [];
  }
};

/** Every `reason` that is given somewhere: as a property, or to a function that is handed one. With the files that name it. */
export const reasonsOf = (sources: readonly Source[]): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  const shared = refusersIn(sources.find(({ file }) => file.endsWith('contract/src/errors.ts'))!);
  for (const source of sources) {
    const refusers = new Map([...shared, ...refusersIn(source)]);
    for (const node of source.nodes) {
      const at = node.type === 'CallExpression' ? refusers.get(nameOf(node['callee']) ?? '') : undefined;
      const given =
        node.type === 'Property' && nameOf(node['key']) === 'reason'
          ? node['value']
          : at === undefined
            ? undefined
            : (node['arguments'] as readonly unknown[])[at];
      for (const reason of textsIn(given, source)) {
        if (/^[a-z][a-z0-9_]+$/.test(reason)) found.set(reason, (found.get(reason) ?? new Set()).add(source.file));
      }
    }
  }
  return found;
};
