import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Columns, Signature } from '@boucle/contract';
import fc from 'fast-check';
import { checkInput, withOptional } from './check-input.ts';

const signature: Signature = {
  inputs: [
    { name: 'text', datatype: 'BYTES', shape: [-1] },
    { name: 'age', datatype: 'INT64', shape: [-1] },
    { name: 'point', datatype: 'FP64', shape: [-1, 2] },
    { name: 'known', datatype: 'BOOL', shape: [-1] },
  ],
  outputs: [],
};
const good = {
  text: ['a', ''],
  age: [1, 2],
  point: [
    [0, 1.5],
    [2, 3],
  ],
  known: [true, false],
};
const refused = (columns: unknown, expected: { reason: string; message: RegExp }): void => {
  assert.throws(() => checkInput(signature, columns as Columns), { code: 'invalid_request', ...expected });
};

test('columns that fit are counted', () => {
  assert.equal(checkInput(signature, good), 2);
  assert.equal(checkInput(signature, { text: [], age: [], point: [], known: [] }), 0);
});

test('a missing column and an unknown one are named', () => {
  const { text, ...others } = good;
  refused(others, { reason: 'missing_column', message: /"text" is missing/ });
  refused({ ...good, txt: text }, { reason: 'unknown_column', message: /no column "txt".*"text", "age"/ });
  refused({ ...others, toString: text }, { reason: 'unknown_column', message: /"toString"/ });
  refused({ ...good, ['x'.repeat(1000)]: text }, { reason: 'unknown_column', message: /"x{100}…"/ });
});

test('a value of another type is named with its column and row', () => {
  refused({ ...good, text: ['a', 5] }, { reason: 'wrong_type', message: /"text" holds 5 in row 1/ });
  refused({ ...good, text: ['a', null] }, { reason: 'wrong_type', message: /"text" holds nothing in row 1/ });
  refused({ ...good, age: ['1', 2] }, { reason: 'wrong_type', message: /"age" holds a string in row 0/ });
  refused({ ...good, age: [1.5, 2] }, { reason: 'wrong_type', message: /whole numbers/ });
  refused({ ...good, known: [1, 0] }, { reason: 'wrong_type', message: /true or false/ });
  refused(
    {
      ...good,
      point: [
        [0, 1],
        [2, NaN],
      ],
    },
    { reason: 'wrong_type', message: /"point" holds a list in row 1/ },
  );
});

test('a wrong shape and unequal lengths are named', () => {
  refused(
    {
      ...good,
      point: [
        [0, 1],
        [2, 3, 4],
      ],
    },
    { reason: 'wrong_type', message: /in the shape \[2\]/ },
  );
  refused({ ...good, text: 'a' }, { reason: 'wrong_type', message: /"text" must be a list/ });
  refused({ ...good, age: [1] }, { reason: 'unequal_lengths', message: /"age" has 1 values, but "text" has 2/ });
  refused([good], { reason: 'wrong_type', message: /Columns by name/ });
  refused(null, { reason: 'wrong_type', message: /Columns by name/ });
});

test('whatever comes, the answer is a number of rows or a refusal', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (whole, column) => {
      for (const columns of [whole, { ...good, text: column }]) {
        try {
          assert.equal(typeof checkInput(signature, columns as Columns), 'number');
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'invalid_request', String(error));
        }
      }
    }),
  );
});

test('a column that may be left out is null in every row, and others are still missed', () => {
  const age = { name: 'age', datatype: 'INT64' as const, shape: [-1], nullable: true, optional: true };
  const said: Signature = { inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }, age], outputs: [] };
  const columns = withOptional(said, { text: ['a', 'b'] });
  assert.deepEqual(columns, { text: ['a', 'b'], age: [null, null] });
  assert.equal(checkInput(said, columns), 2);
  assert.deepEqual(withOptional(said, { text: ['a'], age: [3] }), { text: ['a'], age: [3] });
  assert.throws(() => checkInput(said, withOptional(said, { age: [1] })), { reason: 'missing_column' });
});
