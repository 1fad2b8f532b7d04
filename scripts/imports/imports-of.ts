import { parseSync } from 'oxc-parser';

/**
 * Every module that a file names: static and dynamic imports, re-exports, and `import('…')` as a type,
 * which a linter that looks at statements alone does not see.
 */
export const importsOf = (file: string, source: string): string[] => {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node !== 'object' || node === null) return;
    const { type, source, argument } = node as { type?: string; source?: unknown; argument?: unknown };
    if (
      type === 'ImportDeclaration' ||
      type === 'ExportNamedDeclaration' ||
      type === 'ExportAllDeclaration' ||
      type === 'ImportExpression' ||
      type === 'TSImportType'
    ) {
      const named = textOf(source) ?? textOf(argument);
      if (named !== undefined) found.add(named);
    }
    Object.values(node).forEach(walk);
  };
  walk(program);
  return [...found];
};

const textOf = (node: unknown): string | undefined => {
  const { type, value, literal } = (node ?? {}) as { type?: string; value?: unknown; literal?: unknown };
  if (type === 'Literal' && typeof value === 'string') return value;
  return literal ? textOf(literal) : undefined;
};
