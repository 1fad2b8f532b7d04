import { init, parse } from 'es-module-lexer';

export interface Import {
  readonly specifier: string;
  /** Names in its braces, as the other module exports them; `*` where it takes everything, or nobody can tell. */
  readonly names: readonly string[];
}
export interface Unfollowable {
  readonly text: string;
  readonly line: number;
}

/** What a module loads when it runs. Imports of types alone load nothing; an import() of something computed cannot be followed. */
export const importsOf = async (source: string): Promise<{ imports: Import[]; unfollowable: Unfollowable[] }> => {
  await init();
  const imports: Import[] = [];
  const unfollowable: Unfollowable[] = [];
  for (const found of parse(source)[0]) {
    const text = source.slice(found.importStart, found.importEnd);
    if (found.type === 'static' || found.type === 'reexport-star') {
      if (!found.typeOnly) imports.push({ specifier: found.specifier, names: namesIn(text) });
    } else if (found.type === 'dynamic' && !found.probablyTypeOnly) {
      if (found.specifier !== undefined && !found.glob) imports.push({ specifier: found.specifier, names: ['*'] });
      else unfollowable.push({ text, line: source.slice(0, found.importStart).split('\n').length });
    }
  }
  return { imports, unfollowable };
};

/** `import { Type, split as cut, type Row } from …` gives Type and split. */
const namesIn = (statement: string): string[] => {
  const braces = /^(?:import|export)\s*\{([^}]*)\}/.exec(statement)?.[1];
  if (braces === undefined) return ['*'];
  return braces
    .replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^type\s+(?!as\b)/.test(part))
    .map((part) => part.split(/\s+/)[0]!);
};
