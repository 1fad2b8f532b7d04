import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogicalType } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { cellType } from '../cells/cell-type.ts';
import { columns } from '../testing/tables.ts';
import { createRowEncoder } from './canonical-row.ts';
import { sha256 } from './sha256.ts';
import { tableDigest } from './table-digest.ts';

const encode = (type: LogicalType, cell: Cell): string => Buffer.from(createRowEncoder([type]).encode([cell])).toString('hex');
const pair: LogicalType = {
  type: 'struct',
  fields: [
    { name: 'a', type: { type: 'int' } },
    { name: 'b', type: { type: 'text' } },
  ],
};

/**
 * Golden vectors: every digest that was ever given out rests on them. If one fails after an upgrade, the code is wrong and not the vector;
 * another encoding needs another version. They were computed apart from this code, with Python's struct and hashlib.
 */
const golden: readonly (readonly [LogicalType['type'] | LogicalType, unknown, string])[] = [
  ['text', null, '00'],
  ['bool', false, '01'],
  ['bool', true, '02'],
  ['int', 0, '030000000000000000'],
  ['int', 1, '030000000000000001'],
  ['int', -1, '03ffffffffffffffff'],
  ['int', 4294967296, '030000000100000000'],
  ['int', -4294967297, '03fffffffeffffffff'],
  ['int', 9007199254740993n, '030020000000000001'],
  ['int', 9223372036854775807n, '037fffffffffffffff'],
  ['int', -9223372036854775808n, '038000000000000000'],
  ['decimal', '0', '04000000000000000000000000000000000000'],
  ['decimal', '1.50', '0401000000000000000000000000000000000f'],
  ['decimal', '-0.000000001', '04090100000000000000000000000000000001'],
  [{ type: 'decimal', scale: 0 }, '99999999999999999999999999999999999999', '0400004b3b4ca85a86c47a098a223fffffffff'],
  ['float', 0, '050000000000000000'],
  ['float', -0, '050000000000000000'],
  ['float', 1.5, '053ff8000000000000'],
  ['float', -1e300, '05fe37e43c8800759c'],
  ['float', NaN, '057ff8000000000000'],
  ['float', Infinity, '057ff0000000000000'],
  ['float', -Infinity, '05fff0000000000000'],
  ['text', '', '0600000000'],
  ['text', 'né😀\0', '06000000086ec3a9f09f988000'],
  ['bytes', Buffer.from([0, 255]), '070000000200ff'],
  ['date', '1970-01-01', '0800000000'],
  ['date', '1969-12-31', '08ffffffff'],
  ['date', '9999-12-31', '08002cc0a0'],
  ['time', '23:59:59.999999', '09000000141dd75fff'],
  ['timestamp', '1970-01-01T00:00:00.000001Z', '0a0000000000000001'],
  ['timestamp', '2024-02-29T12:34:56.789+02:00', '0a00061282cf831e08'],
  ['timestamp', '0001-01-01T00:00:00Z', '0aff23400100d44000'],
  ['local timestamp', '2024-02-29T12:34:56.789', '0b000612847caa6608'],
  [{ type: 'list', item: { type: 'int' } }, [], '0c00000000'],
  [{ type: 'list', item: { type: 'int' } }, [1, null], '0c0000000203000000000000000100'],
  [pair, { a: 1, b: null }, '0d0000000203000000000000000100'],
  [pair, { b: 'x' }, '0d0000000200060000000178'],
];

test('the encoding of every type is what it has always been', () => {
  for (const [short, value, expected] of golden) {
    const type: LogicalType = typeof short === 'string' ? { type: short } : short;
    const cell = value === null ? null : cellType(type).accept(value);
    assert.notEqual(cell, undefined, `${type.type} ${String(value)}`);
    const scaled: LogicalType = type.type === 'decimal' ? { ...type, scale: type.scale ?? 9 } : type;
    assert.equal(encode(scaled, cell ?? null), `0001${expected}`, `${type.type} ${String(value)}`);
  }
});

test('every type has a golden vector', async () => {
  const { logicalTypes } = await import('@boucle/contract');
  const covered = new Set(golden.map(([type]) => (typeof type === 'string' ? type : type.type)));
  assert.deepEqual(
    logicalTypes.filter((type) => !covered.has(type)),
    [],
  );
});

test('a row is its cells in order, longer than any buffer it began with', () => {
  const encoder = createRowEncoder([{ type: 'text' }, { type: 'int' }]);
  const long = 'x'.repeat(20_000);
  assert.equal(
    Buffer.from(encoder.encode([long, 1])).toString('hex'),
    `000106${'00004e20'}${Buffer.from(long).toString('hex')}030000000000000001`,
  );
  assert.equal(Buffer.from(encoder.encode(['a', null])).toString('hex'), '000106000000016100');
});

test('the digest of a table is what it has always been', () => {
  const root = sha256('root');
  assert.equal(
    tableDigest(columns({ id: 'int', price: 'decimal' }), root),
    'rows:19b37aee1840e0a0184107a6d07d11966ec49cb361cd88baf9c28b7cda4b9b6b',
  );
});
