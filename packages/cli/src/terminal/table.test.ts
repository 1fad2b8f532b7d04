import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from './paint.ts';
import { facts, table } from './table.ts';

test('columns are as wide as what they hold, and numbers stand to the right', () => {
  const rows = [
    { name: 'tweets', rows: 14_640, note: null },
    { name: 'a', rows: 7, note: 'new' },
  ];
  assert.equal(
    table(rows, { name: (r) => r.name, rows: (r) => r.rows, note: (r) => r.note }, plain),
    ['name      rows  note', 'tweets  14,640', 'a            7  new'].join('\n'),
  );
});

test('a painted cell is as wide as its text', () => {
  const loud = table(['x'], { one: () => ['red', 'ab'], two: () => 'c' }, (format, text) => `<${String(format)}>${text}</>`);
  assert.equal(loud, '<dim>one  two</>\n<red>ab </>  c');
});

test('facts that are not there are left out', () => {
  assert.equal(facts({ digest: 'rows:1', key: '', 'not committed': null, seed: undefined, rows: 3 }, plain), 'digest  rows:1\nrows    3');
});
