import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csv } from '../testing/tables.ts';
import { CsvParser, type Field } from './csv-parser.ts';

const parse = (
  pieces: readonly string[],
  options: { delimiter?: string; fieldBytes?: number; fields?: number } = {},
): { rows: Field[][]; lines: number[] } => {
  const rows: Field[][] = [];
  const lines: number[] = [];
  const parser = new CsvParser({
    delimiter: ',',
    fieldBytes: 1000,
    fields: 100,
    ...options,
    onRow: (fields, line) => {
      rows.push(fields);
      lines.push(line);
    },
  });
  for (const piece of pieces) parser.push(piece);
  parser.end();
  return { rows, lines };
};

test('nothing is a missing value, two quotes are an empty text', () => {
  assert.deepEqual(parse(['a,,"",b\n']).rows, [['a', null, '', 'b']]);
});

test('rows end with LF, CRLF or CR, and the last needs no end', () => {
  assert.deepEqual(parse(['a,b\nc,d\r\ne,f\rg,']).rows, [
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f'],
    ['g', null],
  ]);
});

test('a quoted field holds delimiters, line ends and doubled quotes', () => {
  assert.deepEqual(parse(['"a,b","c\nd","e""f"\n']).rows, [['a,b', 'c\nd', 'e"f']]);
});

test('a quote inside an unquoted field stands for itself', () => {
  assert.deepEqual(parse(['5" nails,x\n']).rows, [['5" nails', 'x']]);
});

test('a row is known by the line on which it begins', () => {
  assert.deepEqual(parse(['a\n"b\r\nc\rd\ne"\n', 'f\r\n\ng']).lines, [1, 2, 6, 7, 8]);
});

test('text after a closing quote is refused where it stands', () => {
  assert.throws(() => parse(['a,b\nc,"d"e\n']), {
    code: 'invalid_request',
    reason: 'quote_closed',
    message: /^Line 2, field 2 has text after its closing quote/,
  });
});

test('a quote that is never closed is refused where its row begins', () => {
  assert.throws(() => parse(['a,b\nc,"d\ne\n']), { reason: 'quote_open', message: /^Line 2, field 2 opens a quote/ });
});

test('a field beyond the limit is refused before it is all there', () => {
  const parser = new CsvParser({ delimiter: ',', fieldBytes: 1000, fields: 3, onRow: () => {} });
  parser.push('a,"');
  assert.throws(
    () => {
      for (let i = 0; i < 100; i++) parser.push('x'.repeat(100));
    },
    { code: 'too_large', reason: 'field_too_large' },
  );
  assert.throws(() => parse(['é'.repeat(600)]), { code: 'too_large' });
  assert.throws(() => parse([',,,,,\n'], { fields: 5 }), { reason: 'too_many_columns' });
});

test('whatever stands in the fields, and wherever the pieces are cut, the same rows come back', () => {
  const field = fc.option(fc.string({ unit: fc.constantFrom('a', 'é', '😀', ',', ';', '\t', '"', '\n', '\r', ' ', '\0'), maxLength: 8 }));
  const arbitrary = fc.record({
    rows: fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 })),
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    cuts: fc.array(fc.nat({ max: 200 }), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(arbitrary, ({ rows, delimiter, newline, cuts }) => {
      const text = csv(rows, { delimiter, newline });
      const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const pieces = at.slice(1).map((end, i) => text.slice(at[i], end));
      assert.deepEqual(parse(pieces, { delimiter }).rows, rows);
    }),
    { numRuns: 500 },
  );
});
