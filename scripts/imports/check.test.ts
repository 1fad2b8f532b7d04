import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checkImports } from './check.ts';

/** A small tree that obeys, with some files planted into it. */
const plant = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
  const root = await mkdtemp(path.join(tmpdir(), 'boucle-imports-'));
  const obedient = {
    'packages/contract/package.json': '{ "name": "@boucle/contract", "exports": { ".": "./src/index.ts" } }',
    'packages/contract/src/index.ts': "import 'typebox';",
    'packages/server/package.json': '{ "name": "@boucle/server", "exports": { ".": "./src/index.ts" } }',
    'packages/server/src/platform/index.ts': "export * from './db.ts';",
    'packages/server/src/platform/db.ts': "import 'kysely'; import '@boucle/contract'; export const db = 1;",
    'packages/server/src/tracking/index.ts': "import { db } from '../platform/index.ts'; export const runs = db;",
    'packages/server/src/serving/index.ts': 'export const endpoints = 1;',
  };
  for (const [file, content] of Object.entries({ ...obedient, ...files })) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
  }
  const { violations } = checkImports(root);
  await rm(root, { recursive: true });
  return violations.map(({ file, message }) => `${file}: ${message}`);
};

test('a tree that obeys the table passes', async () => {
  assert.deepEqual(await plant({}), []);
});

const planted: Readonly<Record<string, [file: string, content: string, message: RegExp]>> = {
  'an import against the direction': [
    'packages/server/src/platform/up.ts',
    "import '../tracking/index.ts';",
    /server\/platform may import only/,
  ],
  'an import between modules that the table does not name': [
    'packages/server/src/tracking/side.ts',
    "import '../serving/index.ts';",
    /server\/tracking may import only/,
  ],
  'an import past the door': [
    'packages/server/src/tracking/deep.ts',
    "import { db } from '../platform/db.ts'; void db;",
    /through its index\.ts/,
  ],
  'an import past the door of a package': [
    'packages/server/src/tracking/deep.ts',
    "import '@boucle/contract/src/route.ts';",
    /is not a door of @boucle\/contract/,
  ],
  'a relative path into another package': [
    'packages/server/src/tracking/far.ts',
    "import '../../../contract/src/index.ts';",
    /another package/,
  ],
  'a cycle': ['packages/server/src/platform/db.ts', "import './index.ts'; export const db = 1;", /part of a cycle/],
  'a cycle of types alone': [
    'packages/server/src/platform/db.ts',
    "import type { x } from './index.ts'; export type db = x;",
    /part of a cycle/,
  ],
  'a foreign library': ['packages/server/src/tracking/web.ts', "import 'fastify';", /fastify is not a library for server\/tracking/],
  'a folder that the table does not list': ['packages/server/src/helpers/index.ts', 'export const x = 1;', /does not list/],
  'a package that the table does not list': ['packages/tools/src/index.ts', 'export const x = 1;', /does not list/],
  "a type-only import('…')": [
    'packages/server/src/platform/up.ts',
    "export type Runs = typeof import('../tracking/index.ts').runs;",
    /server\/platform may import only/,
  ],
  'a dynamic import': ['packages/server/src/platform/up.ts', "void import('../tracking/index.ts');", /server\/platform may import only/],
  'a re-export': ['packages/server/src/platform/up.ts', "export { runs } from '../tracking/index.ts';", /server\/platform may import only/],
  'something of Node in what browsers run': ['packages/contract/src/read.ts', "import 'node:fs';", /also runs in browsers/],
  'the database past the platform': ['packages/server/src/tracking/sql.ts', "import 'node:sqlite';", /asked through server\/platform/],
  'test equipment in the product': ['packages/server/src/tracking/fake.ts', "import '../testing/clock.ts';", /for tests only/],
};
for (const [what, [file, content, message]] of Object.entries(planted)) {
  test(`${what} is refused`, async () => {
    const violations = await plant({ [file]: content });
    assert.ok(
      violations.some((violation) => message.test(violation)),
      `expected ${message}, got:\n${violations.join('\n') || 'nothing'}`,
    );
  });
}

test('the tree that this test belongs to obeys, and was looked at', () => {
  const { files, violations } = checkImports(path.join(import.meta.dirname, '../..'));
  assert.ok(files > 100, `only ${files} files were seen`);
  assert.deepEqual(
    violations.map((v) => `${v.file} imports ${v.import}: ${v.message}`),
    [],
  );
});
