import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsOf } from './imports-of.ts';

test('imports of values count, those of types alone do not', async () => {
  const { imports } = await importsOf(`
    import a from './a.ts'; import './b.ts'; export { c } from './c.ts'; export * from './d.ts'; import * as e from './e.ts';
    import type { F } from './f.ts'; export type { G } from './g.ts'; let x: import('./h.ts').H; type I = typeof import('./i.ts');
    const j = await import('./j.ts'); import k from './k.json' with { type: 'json' }; import { type L } from './l.ts';
    // import './m.ts'
    const text = "import './n.ts'";
  `);
  assert.deepEqual(
    imports.map(({ specifier }) => specifier),
    ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './j.ts', './k.json', './l.ts'],
  );
});

test('names are those that the other module exports', async () => {
  const { imports } = await importsOf(`
    import { a, b as c, type D, /* e, */ type } from 'x'; export { f as g } from 'x'; import h from 'x'; import * as i from 'x'; import j, { k } from 'x'; import 'x';
  `);
  assert.deepEqual(
    imports.map(({ names }) => names),
    [['a', 'b', 'type'], ['f'], ['*'], ['*'], ['*'], ['*']],
  );
});

test('an import of something computed is said with its line', async () => {
  const { unfollowable } = await importsOf('const a = 1;\nawait import(`./${a}.ts`);\nimport(a);');
  assert.deepEqual(unfollowable, [
    { text: 'import(`./${a}.ts`)', line: 2 },
    { text: 'import(a)', line: 3 },
  ]);
});

/** Our own sources are the sample: types written in every way that we know. */
test('what is found in TypeScript is what is left once Node has taken the types out', async () => {
  const packages = join(import.meta.dirname, '../../..');
  const sources = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^(contract|data|models|project|statistics)\/src\/.*\.ts$/.test(path),
  );
  assert.ok(sources.length > 100);
  for (const path of sources) {
    const source = readFileSync(join(packages, path), 'utf8');
    const specifiers = async (text: string) => (await importsOf(text)).imports.map(({ specifier }) => specifier);
    assert.deepEqual(await specifiers(source), await specifiers(stripTypeScriptTypes(source)), path);
  }
});
