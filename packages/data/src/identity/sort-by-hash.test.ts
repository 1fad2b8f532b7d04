import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HashList } from './hash-list.ts';
import { sha256 } from './sha256.ts';
import { sortByHash } from './sort-by-hash.ts';

test('positions come in the order of their hashes, and ties in the order of the others', () => {
  const pairs = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })), { maxLength: 200 });
  fc.assert(
    fc.property(pairs, (given) => {
      const [keys, rows] = [new HashList(16), new HashList(32)];
      for (const [key, row] of given) {
        keys.push(sha256(`key ${key}`));
        rows.push(sha256(`row ${row}`));
      }
      const texts = [...sortByHash(keys, rows)].map((i) => keys.hex(i) + rows.hex(i));
      assert.deepEqual(texts, given.map((_, i) => keys.hex(i) + rows.hex(i)).sort());
    }),
  );
});
