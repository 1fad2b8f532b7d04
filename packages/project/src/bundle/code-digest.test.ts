import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder, writeProject } from '../testing/step-lab.ts';
import { codeOf } from './code-digest.ts';
import { libraryFile } from '../library/address.ts';
import { createModuleGraph } from './module-graph.ts';

const kinds = ['static', 'dynamic', 'reexport', 'json', 'type'] as const;
type Edge = readonly [kind: (typeof kinds)[number], to: number];

/** Modules 0 … n-1; each imports only later ones, but for the last, which may close a cycle. JSON files import nothing. */
const graphs = fc.integer({ min: 3, max: 9 }).chain((size) =>
  fc.record({
    edges: fc.tuple(
      ...Array.from({ length: size }, (_, from) =>
        fc.array(fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: from === size - 1 ? 0 : from + 1, max: size - 1 })), {
          maxLength: 3,
        }),
      ),
    ),
    steps: fc.array(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: 4 }),
    edited: fc.integer({ min: 0, max: size - 1 }),
    editedJson: fc.boolean(),
  }),
);

const sourceOf = (edges: readonly Edge[]): string =>
  edges
    .map(([kind, to], i) => {
      switch (kind) {
        case 'static':
          return `import { value as v${i} } from './m${to}.ts';`;
        case 'dynamic':
          return `export const load${i} = () => import('./m${to}.ts');`;
        case 'reexport':
          return `export * as r${i} from './m${to}.ts';`;
        case 'json':
          return `import j${i} from './m${to}.json' with { type: 'json' };`;
        case 'type':
          return `import type { T as T${i} } from './m${to}.ts'; let x${i}: import('./m${to}.ts').T;`;
      }
    })
    .concat('export const value = 1; export type T = number;')
    .join('\n');

const reachOf = (edges: readonly (readonly Edge[])[], start: number): { modules: Set<number>; json: Set<number> } => {
  const modules = new Set<number>();
  const json = new Set<number>();
  const visit = (at: number): void => {
    if (modules.has(at)) return;
    modules.add(at);
    for (const [kind, to] of edges[at] ?? []) {
      if (kind === 'json') json.add(to);
      else if (kind !== 'type') visit(to);
    }
  };
  visit(start);
  return { modules, json };
};

test('an edit anywhere changes the digests of exactly those steps that reach it', async (t) => {
  const root = await temporaryFolder(t);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(graphs, async ({ edges, steps, edited, editedJson }) => {
      const folder = join(root, String(round++));
      await mkdir(folder);
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await Promise.all(
        edges.flatMap((own, i) => [writeFile(join(folder, `m${i}.ts`), sourceOf(own)), writeFile(join(folder, `m${i}.json`), '{}')]),
      );
      const digests = () =>
        Promise.all(steps.map(async (at) => (await codeOf({ step: 's', code: { module: `m${at}.ts` } }, folder)).digest));
      const before = await digests();
      await appendFile(join(folder, `m${edited}.${editedJson ? 'json' : 'ts'}`), '\n');
      const after = await digests();
      for (const [i, at] of steps.entries()) {
        const { modules, json } = reachOf(edges, at);
        assert.equal(before[i] !== after[i], (editedJson ? json : modules).has(edited), `step in m${at}`);
      }
    }),
    { numRuns: 60 },
  );
});

const digestIn = async (folder: string, module = 'steps/a.ts'): Promise<string> =>
  (await codeOf({ step: 'a', code: { module } }, folder)).digest;
const projectWith = async (t: TestContext, files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await temporaryFolder(t);
  await writeProject(folder, files);
  return folder;
};

test('a digest does not depend on where the project is', async (t) => {
  const files = {
    'steps/a.ts': `import { b } from './b.ts'; import { Type } from '@boucle/project';`,
    'steps/b.ts': 'export const b = 1;',
  };
  assert.equal(await digestIn(await projectWith(t, files)), await digestIn(await projectWith(t, files)));
});

test('two steps of one module have digests of their own', async (t) => {
  const folder = await projectWith(t, { 'steps/a.ts': '' });
  const [a, b] = await Promise.all(['a', 'b'].map((step) => codeOf({ step, code: { module: 'steps/a.ts' } }, folder)));
  assert.notEqual(a?.digest, b?.digest);
});

test('a package counts by what npm locked, or by its files where nothing is locked', async (t) => {
  const files = {
    'steps/a.ts': `import 'left';`,
    'steps/b.ts': '',
    'node_modules/left/package.json': '{ "name": "left", "version": "1.0.0", "dependencies": { "deep": "1" } }',
    'node_modules/left/index.js': 'export {};',
    'node_modules/deep/package.json': '{ "name": "deep", "version": "1.0.0" }',
  };
  const digestWith = async (more: Readonly<Record<string, string>>) => {
    const folder = await projectWith(t, { ...files, ...more });
    return { a: await digestIn(folder), b: await digestIn(folder, 'steps/b.ts') };
  };
  const plain = await digestWith({});
  const edited = await digestWith({ 'node_modules/left/index.js': 'export const more = 1;' });
  const deeper = await digestWith({ 'node_modules/deep/index.js': 'export {};' });
  const lock = (integrity: string) => ({
    'package-lock.json': JSON.stringify({ packages: { 'node_modules/left': { integrity }, 'node_modules/deep': { integrity: 'd' } } }),
  });
  const locked = await digestWith(lock('sha512-1'));
  const relocked = await digestWith(lock('sha512-2'));
  assert.equal(new Set([plain.a, edited.a, deeper.a, locked.a, relocked.a]).size, 5);
  assert.equal(new Set([plain.b, edited.b, deeper.b, locked.b, relocked.b]).size, 1);
});

const pathsOf = async (...given: Parameters<ReturnType<typeof createModuleGraph>['closureOf']>): Promise<string[]> =>
  (await createModuleGraph().closureOf(...given)).modules.map(({ path }) => path);

test('a step of the library reaches what it computes with, and nothing of its neighbours', async () => {
  const training = await pathsOf(libraryFile('@boucle/project/library/train-text'));
  assert.ok(training.includes('@boucle/models/src/train-text-classifier.ts'));
  assert.ok(training.includes('@boucle/statistics/src/classification-metrics.ts'));
  assert.deepEqual(
    training.filter((path) => /@boucle\/(data|contract|server)|library\/(evaluate|split)|\/(runner|bundle)\//.test(path)),
    [],
  );
});

test('a step of one’s own does not depend on the library behind the surface, but for what it imports by name', async (t) => {
  const root = await projectWith(t, {
    'steps/a.ts': `import { Type, defineStep, type Step } from '@boucle/project';`,
    'steps/b.ts': `import { Type, evaluate as judge } from '@boucle/project';`,
    'steps/c.ts': `import * as everything from '@boucle/project';`,
  });
  assert.deepEqual(await pathsOf(join(root, 'steps/a.ts'), root), ['steps/a.ts']);
  const named = await pathsOf(join(root, 'steps/b.ts'), root);
  assert.ok(named.includes('@boucle/project/src/library/evaluate.ts') && !named.includes('@boucle/project/src/library/split.ts'));
  assert.ok((await pathsOf(join(root, 'steps/c.ts'), root)).includes('@boucle/project/src/library/split.ts'));
});

test('#names of the project’s own package are followed', async (t) => {
  const root = await projectWith(t, {
    'package.json': '{ "type": "module", "imports": { "#tidy": "./lib/tidy.ts", "#lib/*": { "default": "./lib/*.ts" } } }',
    'steps/a.ts': `import '#tidy'; import '#lib/more';`,
    'lib/tidy.ts': '',
    'lib/more.ts': '',
  });
  assert.deepEqual(await pathsOf(join(root, 'steps/a.ts'), root), ['lib/more.ts', 'lib/tidy.ts', 'steps/a.ts']);
});

test('what cannot be followed is refused by name', async (t) => {
  const root = await projectWith(t, {
    'steps/gone.ts': `\nimport './nowhere.ts';`,
    'steps/package.ts': `import 'not-installed';`,
    'steps/outside.ts': `import '../../elsewhere.ts';`,
    'steps/old.cjs': `require('./x.cjs');`,
  });
  await assert.rejects(digestIn(root, 'steps/gone.ts'), { reason: 'module_missing', message: /steps\/nowhere\.ts/ });
  await assert.rejects(digestIn(root, 'steps/package.ts'), {
    reason: 'module_missing',
    message: /steps\/package\.ts imports "not-installed"/,
  });
  await assert.rejects(digestIn(root, 'steps/outside.ts'), { reason: 'module_outside' });
  await assert.rejects(digestIn(root, 'steps/old.cjs'), { reason: 'not_a_module' });
});

test('a command counts by its words, the files it reads and its lock', async (t) => {
  const root = await projectWith(t, { 'train.py': 'a', 'lib/x.py': 'b', 'lib/deep/y.py': 'c', 'requirements.lock': 'd', 'other.py': 'e' });
  const code = { command: ['python', 'train.py'], reads: ['train.py', 'lib/**/*.py'], python: { lock: 'requirements.lock' } };
  const digest = async () => (await codeOf({ step: 'train', code }, root)).digest;
  assert.deepEqual((await codeOf({ step: 'train', code }, root)).files, ['lib/deep/y.py', 'lib/x.py', 'requirements.lock', 'train.py']);
  const first = await digest();
  await writeFile(join(root, 'other.py'), 'f');
  assert.equal(await digest(), first);
  await writeFile(join(root, 'lib/deep/y.py'), 'f');
  const second = await digest();
  assert.notEqual(second, first);
  await writeFile(join(root, 'lib/new.py'), '');
  assert.notEqual(await digest(), second);
  await assert.rejects(codeOf({ step: 'x', code: { command: ['x'], reads: ['*.jl'] } }, root), { reason: 'reads_nothing' });
});
