import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whereIn } from './where.ts';

const folder = '/home/ann/my project';
const whereOf = (...lines: string[]): string | undefined =>
  whereIn(`Error: no\n${lines.map((line) => `    at ${line}`).join('\n')}`, folder);

test('the innermost place of the project counts, whatever lies within it', () => {
  assert.equal(
    whereOf(
      'Array.map (<anonymous>)',
      'parse (file:///opt/boucle/src/runner/run-step.ts:3:1)',
      'x (file:///home/ann/my%20project/node_modules/lib/index.js:1:1)',
      'clean (file:///home/ann/my%20project/steps/clean.ts:12:7)',
      'file:///home/ann/my%20project/boucle.config.ts:40:3',
    ),
    'steps/clean.ts:12',
  );
});

test('frames of an async function, of a plain path and without a name are read too', () => {
  assert.equal(whereOf('async Object.run (file:///home/ann/my%20project/a.ts:2:3)'), 'a.ts:2');
  assert.equal(whereOf('file:///home/ann/my%20project/b.ts:5:1'), 'b.ts:5');
  assert.equal(whereIn('file:///home/ann/my%20project/c.ts:7\nconst = 1;\n      ^\nSyntaxError: no', folder), 'c.ts:7');
});

test('what happened elsewhere has no place', () => {
  assert.equal(whereOf('file:///home/ann/other/a.ts:1:1', 'node:internal/process:1:1'), undefined);
  assert.equal(whereIn('', folder), undefined);
});

test('of a missing module it is who wants it', () => {
  assert.equal(whereIn(`Cannot find module '/x/gone.ts' imported from ${folder}/steps/a.ts`, folder), 'steps/a.ts');
});
