import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { importsOf } from './imports-of.ts';
import { doors as innerDoors, inTests, shared, table, type Row } from './table.ts';

export interface Violation {
  readonly file: string;
  readonly import: string;
  readonly message: string;
}

/** Holds every source file under `root/packages` against the table, and looks for cycles between files. */
export const checkImports = (root: string): { files: number; violations: Violation[] } => {
  const packages = path.join(root, 'packages');
  const files = sourcesIn(packages);
  const graph = new Map<string, string[]>();
  const violations: Violation[] = [];
  const doors = new Map(
    readdirSync(packages).map((name) => [
      manifestOf(packages, name).name,
      { folder: name, exports: manifestOf(packages, name).exports ?? {} },
    ]),
  );

  for (const file of files) {
    const relative = path.relative(packages, file);
    const area = areaOf(relative);
    const refuse = (imported: string, message: string) => violations.push({ file: relative, import: imported, message });
    if (!area) {
      refuse('', 'lies in a folder that the import table does not list');
      continue;
    }
    const targets: string[] = [];
    for (const specifier of importsOf(file, readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) {
        const target = path.resolve(path.dirname(file), specifier);
        targets.push(target);
        const problem = relativeProblem(area, path.relative(packages, target));
        if (problem) refuse(specifier, problem);
        else if (!existsSync(target)) refuse(specifier, 'does not exist');
      } else {
        const problem = isBuiltin(specifier) ? builtinProblem(area, specifier) : packageProblem(area, specifier, doors);
        if (problem) refuse(specifier, problem);
      }
    }
    graph.set(file, targets);
  }
  for (const cycle of cyclesOf(graph)) {
    const names = cycle.map((file) => path.relative(packages, file));
    violations.push({ file: names[0]!, import: names[1] ?? names[0]!, message: `is part of a cycle: ${[...names, names[0]].join(' → ')}` });
  }
  return { files: files.length, violations };
};

const manifestOf = (packages: string, name: string): { name: string; exports?: Record<string, unknown> } => {
  const file = path.join(packages, name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name: string }) : { name };
};

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) return [];
    const full = path.join(folder, name);
    if (statSync(full).isDirectory()) return sourcesIn(full);
    return /\.(ts|tsx|mts|js|mjs)$/.test(name) && !name.endsWith('.d.ts') ? [full] : [];
  });

interface Area {
  readonly name: string;
  readonly row: Row;
  readonly isTest: boolean;
}

/** The row of the table that a file falls under. */
const areaOf = (file: string): Area | undefined => {
  const [pack = '', top = '', folder = ''] = file.split(path.sep);
  const isTest = /\.test\.tsx?$/.test(file) || top === 'test' || folder === 'testing';
  const of = (name: string): Area | undefined => (table[name] ? { name, row: table[name], isTest } : undefined);
  if (pack !== 'server')
    return ['src', 'bin', 'test', 'scripts', 'public', 'vite.config.ts'].includes(top)
      ? of(pack) && { ...of(pack)!, isTest: isTest || top === 'scripts' || top === 'vite.config.ts' }
      : undefined;
  if (top === 'migrations') return of('server/platform');
  if (top === 'test') return { name: 'server/main', row: table['server/main']!, isTest: true };
  if (top !== 'src') return undefined;
  if (folder === 'testing' || file.split(path.sep).length === 3)
    return { name: 'server/main', row: { ...table['server/main']!, ours: [...table['server/main']!.ours, 'server/main'] }, isTest };
  return of(`server/${folder}`);
};

const isDoor = (target: string): boolean => path.basename(target) === 'index.ts' || innerDoors.includes(target);

const relativeProblem = (area: Area, target: string): string | undefined => {
  const there = areaOf(target);
  const pack = area.name.split('/')[0]!;
  if (target.split(path.sep)[0] !== pack) return 'reaches into another package; import it by its name';
  if (target.startsWith(path.join('server', 'src', 'testing'))) return area.isTest ? undefined : 'is for tests only';
  if (shared[target.replace('/src/', '/')]?.includes(pack)) return undefined;
  if (path.basename(target) === 'package.json' && target.split(path.sep).length === 2) return undefined;
  if (!there) return 'lies in a folder that the import table does not list';
  if (there.name === area.name || area.isTest) return undefined;
  if (!area.row.ours.includes(there.name)) return `${area.name} may import only: ${area.row.ours.join(', ') || 'nothing of ours'}`;
  return isDoor(target) ? undefined : `Import ${there.name} through its index.ts`;
};

const builtinProblem = (area: Area, specifier: string): string | undefined => {
  if (!specifier.startsWith('node:')) return 'Write the node: prefix';
  if (area.isTest) return undefined;
  // The command line reads databases of MLflow, and never ours.
  if (specifier === 'node:sqlite' && area.name !== 'server/platform' && area.name !== 'cli')
    return 'The database is asked through server/platform';
  return area.row.node ? undefined : `${area.name} also runs in browsers: nothing of Node's there`;
};

const packageProblem = (
  area: Area,
  specifier: string,
  doors: ReadonlyMap<string, { folder: string; exports: Record<string, unknown> }>,
): string | undefined => {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const ours = doors.get(name);
  if (!ours) {
    if (area.row.libraries.includes(name) || (area.isTest && inTests.libraries.includes(name))) return undefined;
    if (area.isTest && area.name === 'web') return undefined;
    return `${name} is not a library for ${area.name}`;
  }
  const door = `.${specifier.slice(name.length)}`;
  if (!(door in ours.exports)) return `${specifier} is not a door of ${name}: ${Object.keys(ours.exports).join(', ')}`;
  if (area.row.ours.includes(ours.folder) || (area.isTest && inTests.ours.includes(ours.folder))) return undefined;
  return `${area.name} may import only: ${area.row.ours.join(', ') || 'nothing of ours'}`;
};

/** Strongly connected files, each knot once (Tarjan 1972). */
export const cyclesOf = (graph: ReadonlyMap<string, readonly string[]>): string[][] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const on = new Set<string>();
  const cycles: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    on.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (on.has(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const knot = stack.splice(stack.indexOf(node));
    for (const member of knot) on.delete(member);
    if (knot.length > 1 || graph.get(node)!.includes(node)) cycles.push(knot);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return cycles;
};
