import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvLine } from './csv.ts';

/** As RFC 4180 reads a record. */
const read = (line: string): string[] => {
  const fields: string[] = [];
  for (let rest = `,${line.replace(/\r\n$/, '')}`; rest !== '';) {
    const [whole, quoted, plain] = /^,(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest)!;
    fields.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
  }
  return fields;
};

test('what is written is read again, whatever signs are in it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', 'é') }), { minLength: 1 }), (fields) => {
      assert.deepEqual(read(csvLine(fields)), fields);
    }),
  );
});
