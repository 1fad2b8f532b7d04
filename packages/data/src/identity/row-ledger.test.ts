import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columns } from '../testing/tables.ts';
import { RowLedger } from './row-ledger.ts';

type Row = readonly [number, string];
const schema = columns({ id: 'int', text: 'text' });
const enter = (rows: readonly Row[], key: readonly string[] = []) => {
  const ledger = new RowLedger(schema, key);
  for (const row of rows) ledger.add(row);
  return { ids: [...ledger.ids()], digest: ledger.digest(), repeated: ledger.repeated };
};
const someRows = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b', 'c')), { maxLength: 40 });

test('a row is named by its content, and equal ones are counted in their order', () => {
  const { ids, repeated } = enter([
    [1, 'a'],
    [2, 'a'],
    [1, 'a'],
    [1, 'a'],
  ]);
  assert.equal(repeated, 2);
  assert.match(ids[0] ?? '', /^[0-9a-f]{32}$/);
  assert.notEqual(ids[0], ids[1]);
  assert.deepEqual(ids.slice(2), [`${ids[0]}.1`, `${ids[0]}.2`]);
});

test('a row is named by its key where there is one, whatever else it says', () => {
  const before = enter(
    [
      [1, 'a'],
      [2, 'b'],
    ],
    ['id'],
  );
  const after = enter(
    [
      [2, 'c'],
      [1, 'a'],
    ],
    ['id'],
  );
  assert.deepEqual(after.ids, before.ids.toReversed());
  assert.notEqual(after.digest, before.digest);
});

test('in the order of the file, every swap of two different rows is another table', () => {
  assert.notEqual(
    enter([
      [1, 'a'],
      [2, 'b'],
    ]).digest,
    enter([
      [2, 'b'],
      [1, 'a'],
    ]).digest,
  );
});

test('under a key, the order of the file changes neither digest nor names', () => {
  const shuffled = someRows.chain((rows) =>
    fc.record({ rows: fc.constant(rows), other: fc.shuffledSubarray(rows, { minLength: rows.length }) }),
  );
  fc.assert(
    fc.property(shuffled, ({ rows, other }) => {
      const [one, two] = [enter(rows, ['id']), enter(other, ['id'])];
      assert.equal(one.digest, two.digest);
      const named = (table: readonly Row[], ids: readonly string[]) => table.map((row, i) => `${ids[i]} ${row.join()}`).sort();
      assert.deepEqual(named(rows, one.ids), named(other, two.ids));
    }),
  );
});

test('names are distinct, and rows are repeated as often as a plain count says', () => {
  fc.assert(
    fc.property(someRows, fc.constantFrom([], ['id'], ['text', 'id']), (rows, key) => {
      const { ids, repeated } = enter(rows, key);
      const distinct = new Set(rows.map(([id, text]) => (key.length === 1 ? id : `${id} ${text}`)));
      assert.equal(new Set(ids).size, rows.length);
      assert.equal(repeated, rows.length - distinct.size);
    }),
  );
});

test('twenty thousand rows are told apart', () => {
  const ledger = new RowLedger(schema, ['id']);
  for (let i = 0; i < 20_000; i++) ledger.add([i % 12_000, 'x']);
  assert.equal(ledger.repeated, 8_000);
});
