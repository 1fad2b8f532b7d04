import fc from 'fast-check';

/** Stands for JSON that no value of ours is written as, such as a number beyond all numbers; see `jsonTextOf`. */
const raw = (text: string): string => `\uE000${text}\uE001`;
/** JSON as somebody else may write it. */
export const jsonTextOf = (value: unknown): string => {
  const text = JSON.stringify(value, (_, part: unknown) => (Object.is(part, -0) ? raw('-0') : part)) ?? '';
  return text.replaceAll(/"\uE000(.*?)\uE001"/g, '$1');
};

const texts = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '..%2f..%2fetc',
  '/etc/passwd',
  'a/b',
  'C:\\temp',
  '\0',
  'a\0b',
  '\uD800',
  'a\uDC00b',
  '\u202Eright',
  '\uFFFE',
  '\u{1F600}',
  'é',
  'e\u0301',
  "'; drop table run; --",
  '%00',
  '%',
  '${7*7}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-0',
  '1e308',
  '0x10',
  '9'.repeat(400),
  '2026-02-30T25:61:61Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  `blob:${'0'.repeat(64)}`,
  `tree:${'0'.repeat(64)}`,
  'f'.repeat(32),
  `${'0'.repeat(32)}.0`,
  `${'f'.repeat(32)}.999999999`,
  'default',
  'latest',
  'texts@champion',
  'texts/1',
  'texts/999999999',
];
const numbers = [0, -0, 1, -1, 0.1, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 63, 1e21, 1e308, 5e-324];
const outlandish = ['1e999', '-1e999', '1'.repeat(400), '0.'.padEnd(400, '1'), '[['.repeat(2000) + ']]'.repeat(2000)].map(raw);

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 20_000 }).map((length) => 'x'.repeat(length)) },
);
/** What JSON can say and nobody expects. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 3, arbitrary: fc.constantFrom(...numbers) },
  { weight: 1, arbitrary: fc.constantFrom(...outlandish) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { '': {} }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 10, max: 3000 }).map((length) => Array.from({ length }, (_, i) => i)) },
);
