import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, RowsDigest } from '@boucle/contract';
import fc from 'fast-check';
import type { Cell } from './cells/cell.ts';
import { cellType } from './cells/cell-type.ts';
import { digestTable } from './digest-table.ts';
import { RowLedger } from './identity/row-ledger.ts';
import { ingest, type IngestOptions } from './ingest.ts';
import { folder } from './testing/folder.ts';
import { columns, csv, foreignParquet, readAll, writeNew } from './testing/tables.ts';

const types = columns({
  id: 'int',
  name: 'text',
  price: { type: 'decimal', scale: 3 },
  score: 'float',
  ok: 'bool',
  raw: 'bytes',
  day: 'date',
  hour: 'time',
  at: 'timestamp',
  local: 'local timestamp',
  list: { type: 'list', item: { type: 'text' } },
  pair: {
    type: 'struct',
    fields: [
      { name: 'a', type: { type: 'int' } },
      { name: 'b', type: { type: 'float' } },
    ],
  },
});
const micros = fc
  .bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
  .map((value) => (value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value));
const int = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (value > -(2n ** 53n) && value < 2n ** 53n ? Number(value) : value));
// The unit is well-formed text, NUL and all; a lone surrogate has no UTF-8.
const text = fc.string({ unit: 'binary', maxLength: 12 });
const float = fc.oneof(fc.double(), fc.constantFrom(-0, 0, NaN, Infinity, 0.1));
const cells: readonly fc.Arbitrary<Cell>[] = [
  int,
  text,
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  float,
  fc.boolean(),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  fc.integer({ min: -719_162, max: 2_932_896 }),
  fc.integer({ min: 0, max: 86_399_999_999 }),
  micros,
  micros,
  fc.array(fc.option(text), { maxLength: 3 }),
  fc.tuple(fc.option(int), fc.option(float)) as fc.Arbitrary<Cell>,
];
const someRow: fc.Arbitrary<Cell[]> = fc.tuple(...cells.map((cell) => fc.option(cell, { freq: 4 })));
const someRows = fc.array(someRow, { minLength: 1, maxLength: 12 });

const present = (column: Column, cell: Cell): unknown => (cell === null ? null : cellType(column.type).present(cell));
const field = (column: Column, cell: Cell): string | null => {
  if (cell === null) return null;
  const shown = cellType(column.type).json(cell);
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
};
const objects = (rows: readonly Cell[][]) =>
  rows.map((row) => Object.fromEntries(types.map((column, i) => [column.name, present(column, row[i] ?? null)])));

test('the same rows have one digest and one set of names, from CSV, TSV, Parquet or a program', async () => {
  await using here = await folder();
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      const written = await writeNew(here.at('program.parquet'), types, objects(rows));
      const names = (await readAll(here.at('program.parquet'))).map(({ _row }) => _row);
      const content = [types.map(({ name }) => name), ...rows.map((row) => types.map((column, i) => field(column, row[i] ?? null)))];
      const declared = { columns: types };
      const sources: [string, IngestOptions][] = [
        [await here.file('a.csv', csv(content, { newline: '\r\n' })), { declared }],
        [await here.file('a.tsv', csv(content, { delimiter: '\t' })), { declared, format: 'tsv' }],
        [await foreignParquet(here.at('a.parquet'), `SELECT * EXCLUDE _row FROM '${here.at('program.parquet')}'`), {}],
      ];
      for (const [source, options] of sources) {
        const { digest } = await ingest(source, here.at('out.parquet'), options);
        assert.equal(digest, written.digest, source);
        assert.equal((await digestTable(here.at('out.parquet'))).digest, written.digest, source);
        assert.deepEqual(
          (await readAll(here.at('out.parquet'))).map(({ _row }) => _row),
          names,
          source,
        );
      }
    }),
    { numRuns: 3 },
  );
});

test('what was written is what is read', async () => {
  await using here = await folder();
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      await writeNew(here.at('a.parquet'), types, objects(rows));
      const read = (await readAll(here.at('a.parquet'))).map(({ _row, ...rest }) => rest);
      const plusZero = (value: unknown): unknown => (value === 0 ? 0 : value);
      assert.deepEqual(JSON.stringify(read, replaceBigint), JSON.stringify(objects(rows), replaceBigint));
      assert.deepEqual(
        read.map(({ score }) => plusZero(score)),
        objects(rows).map(({ score }) => plusZero(score)),
      );
    }),
    { numRuns: 4 },
  );
});
const replaceBigint = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

test('neither threads nor row groups nor compression of a Parquet file touch its digest', async () => {
  await using here = await folder();
  const select = "SELECT (i * 7919) % 100003 AS id, 'text ' || i AS name, i / 7 AS score FROM range(6000) t(i)";
  const digests = new Set<RowsDigest>();
  for (const threads of [1, 2]) {
    for (const rowGroup of [2048, 4096]) {
      const path = await foreignParquet(here.at(`${threads}-${rowGroup}.parquet`), select, { threads, rowGroup });
      digests.add((await ingest(path, here.at('out.parquet'), {})).digest);
    }
  }
  assert.equal(digests.size, 1);
});

test('another cell, type, name or order is another digest', () => {
  const digest = (schema: readonly Column[], rows: readonly Cell[][]): RowsDigest => {
    const ledger = new RowLedger(schema);
    for (const row of rows) ledger.add(row);
    return ledger.digest();
  };
  const change = fc.record({ rows: someRows, row: fc.nat(), column: fc.nat({ max: types.length - 1 }), other: someRow });
  fc.assert(
    fc.property(change, ({ rows, row, column, other }) => {
      const at = row % rows.length;
      const changed = rows.map((cells, r) => (r === at ? cells.with(column, other[column] ?? null) : cells));
      const type = types[column] ?? { name: '', type: { type: 'text' } };
      const isSame = field(type, rows[at]?.[column] ?? null) === field(type, other[column] ?? null);
      const before = digest(types, rows);
      assert.equal(digest(types, changed) === before, isSame);
      assert.notEqual(digest(types.with(column, { ...type, name: 'other' }), rows), before);
    }),
  );
  const [int64, float64, texts] = [columns({ a: 'int' }), columns({ a: 'float' }), columns({ a: 'text' })];
  assert.notEqual(digest(int64, [[1]]), digest(float64, [[1]]));
  assert.notEqual(digest(int64, [[null]]), digest(float64, [[null]]));
  assert.notEqual(digest(int64, [[1], [2]]), digest(int64, [[2], [1]]));
  assert.notEqual(digest(int64, [[1]]), digest(int64, [[1], [1]]));
  assert.notEqual(digest(texts, [['']]), digest(texts, [[null]]));
});

test('under a declared key the order of the rows in a file means nothing', async () => {
  await using here = await folder();
  const header = 'id,text\n';
  const lines = Array.from({ length: 100 }, (_, i) => `${i % 80},text ${i}\n`);
  const from = async (name: string, order: readonly string[], key: readonly string[]) =>
    (await ingest(await here.file(name, header + order.join('')), here.at(`${name}.parquet`), { key })).digest;
  assert.equal(await from('a', lines, ['id']), await from('b', lines.toReversed(), ['id']));
  assert.notEqual(await from('a', lines, []), await from('b', lines.toReversed(), []));
  const named = async (name: string) =>
    (await readAll(here.at(`${name}.parquet`))).map(({ _row, text }) => `${String(text)} ${String(_row)}`).sort();
  await from('a', lines, ['id']);
  await from('b', lines.toReversed(), ['id']);
  assert.deepEqual(await named('a'), await named('b'));
  const keyed = await digestTable(here.at('a.parquet'), ['id']);
  assert.equal(keyed.digest, (await digestTable(here.at('b.parquet'), ['id'])).digest);
});

test('the digest of a file is what it has always been, whatever engine stores it', async () => {
  await using here = await folder();
  const source = await here.file('a.csv', 'id,text,score,day\n1,né,1.5,2024-02-29\n2,,NaN,\n570306133677760513,"",-0.0,0001-01-01\n');
  const { digest } = await ingest(source, here.at('a.parquet'), {});
  // Computed apart from this code, with Python's struct and hashlib.
  assert.equal(digest, 'rows:0842f6027178daecbb252f12e0632652f2bae890b29d9c1c7370e2b1eaea280c');
  const names = (await readAll(here.at('a.parquet'))).map(({ _row }) => _row);
  assert.deepEqual(names, ['551816cbc3cd6b11f4c93b9d3bcc3422', '6c790305aefc0b6d65a061d778150d0f', '36af3f8812158249eb93c6e2736614a1']);
});
