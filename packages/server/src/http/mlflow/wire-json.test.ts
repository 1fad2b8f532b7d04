import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asWritten, parseWire, writeWire } from './wire-json.ts';

test('JSON reads as JSON, whatever is in its texts', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', 'NaN', '-Infinity', '12345678901234567890'), (value, text) => {
      const body = JSON.stringify({ value, text, [text]: [text] });
      // Of whole numbers beyond 2^53 more is read than JavaScript would.
      const read = JSON.stringify(parseWire(body), (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part));
      assert.equal(read, JSON.stringify(JSON.parse(body)));
    }),
  );
});

test('whole numbers of 64 bits stay exact, and others are what they are', () => {
  const body =
    '{"a":9007199254740993,"b":[-9223372036854775808, 1700000000000],"c":0.12345678901234567,"d":-1.2345678901234567e300,"e":12345678901234567.5}';
  assert.deepEqual(parseWire(body), {
    a: 9007199254740993n,
    b: [-9223372036854775808n, 1700000000000],
    c: Number('0.12345678901234567'),
    d: -1.2345678901234567e300,
    e: 12345678901234568,
  });
});

test("Python's bare numbers are taken at their meaning", () => {
  assert.deepEqual(parseWire('{"a": NaN, "b": [Infinity, -Infinity], "NaN": "a \\" NaN"}'), {
    a: 'NaN',
    b: ['Infinity', '-Infinity'],
    NaN: 'a " NaN',
  });
});

test('a JSON text that holds JSON is read twice, and what is no JSON is refused', () => {
  assert.deepEqual(parseWire(JSON.stringify('{"a":1}')), { a: 1 });
  for (const text of ['{', 'NaN}', '{"a":NaNa}']) assert.throws(() => parseWire(text), { code: 'BAD_REQUEST' });
});

test('a number is shown in the digits it came in', () => {
  const shown = (body: string, value: number): string => JSON.stringify(asWritten(body, value));
  assert.equal(shown('{"a": "9.00", "b": [9.0, 9]}', 9), '9.0');
  assert.equal(shown('{"a": NaN, "b": 1E+2}', 100), '1E+2');
  assert.equal(shown('"{\\"a\\": 9.0}"', 9), '9');
});

test('what is written reads as it was, but for what is unset', () => {
  const part = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('NaN', 'Infinity', '"NaN"', '\\"'),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((value) => !Number.isSafeInteger(Number(value))),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0),
      fc.boolean(),
      fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  // A text alone stands for the JSON in it. A whole number beyond 2^53 is read as the digits that are written.
  fc.assert(
    fc.property(part, (value) => {
      const shown = (_: string, given: unknown): unknown => {
        const isWhole = typeof given === 'number' && Number.isInteger(given) && !Number.isSafeInteger(given) && Math.abs(given) < 1e20;
        const exact = isWhole ? BigInt(String(given)) : given;
        return typeof exact === 'bigint' ? `${exact}n` : exact;
      };
      const plain = (_: string, given: unknown): unknown => (typeof given === 'bigint' ? `${given}n` : given);
      assert.equal(JSON.stringify(parseWire(writeWire({ value })), plain), JSON.stringify({ value }, shown));
    }),
  );
});

test('what nests deeper than anybody means is refused, and not by the stack', () => {
  const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
  assert.deepEqual(parseWire(`{"a":${nested(98)}}`), JSON.parse(`{"a":${nested(98)}}`));
  for (const levels of [102, 5000, 200_000]) assert.throws(() => parseWire(nested(levels)), { code: 'BAD_REQUEST' });
});

test('ten times as long takes no hundred times as long, whatever is in it', () => {
  const unended = ['"', '\\"', '"a\\', '\\', '-Infinit', 'NaN"', '1', '1234567890123456789,', '[', '"x"y\\"'];
  const took = (piece: string, length: number): number => {
    const body = `[NaN, "${piece.repeat(length / piece.length)}`;
    const digits = `[${piece.repeat(length / piece.length)}`;
    const began = performance.now();
    for (const text of [body, digits]) assert.throws(() => parseWire(text), { code: 'BAD_REQUEST' });
    return performance.now() - began;
  };
  // Two minutes for half a megabyte, when a pattern looked for the end of each text.
  for (const piece of unended) assert.ok(took(piece, 500_000) < 50 * Math.max(20, took(piece, 50_000)), piece);
});
