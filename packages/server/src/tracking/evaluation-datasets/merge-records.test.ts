import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { EvaluationRecord, GivenRecord, JsonObject } from './evaluation-dataset.ts';
import { canonicalJson, exactJson } from './exact-json.ts';
import { fieldsWith, hashOf, mergeRecords } from './merge-records.ts';

const given = (inputs: JsonObject, rest: Partial<GivenRecord> = {}): GivenRecord => ({
  inputs,
  outputs: undefined,
  expectations: null,
  tags: null,
  source: null,
  by: null,
  ...rest,
});
const key = fc.constantFrom('a', 'b', '__proto__', '10', '2');
const value = fc.jsonValue({ maxDepth: 2 });
const fields = fc.array(fc.tuple(key, value), { maxLength: 3 }).map((pairs): JsonObject => Object.fromEntries(pairs));
const anyRecord: fc.Arbitrary<GivenRecord> = fc
  .record({
    // Few, so that they meet.
    inputs: fc.constantFrom<JsonObject>({}, { q: 1 }, { q: 2 }, { q: 1, r: [null] }, { r: [null], q: 1 }),
    outputs: fc.option(value, { nil: undefined }),
    expectations: fc.option(fields),
    tags: fc.option(fields),
    by: fc.option(fc.constantFrom('ada', 'grace')),
  })
  .map((record) => given(record.inputs, record));
const batch = fc.array(anyRecord, { maxLength: 8 });

let ids = 0;
const after = (existing: ReadonlyMap<string, EvaluationRecord>, records: readonly GivenRecord[]) => {
  const merge = mergeRecords(records, { datasetId: 'd', existing, now: (ids += 1), newId: () => `r${(ids += 1)}` });
  return { ...merge, all: new Map([...existing, ...merge.changed]) };
};
/** What a set says, without who and when. */
const said = (all: ReadonlyMap<string, EvaluationRecord>) =>
  Object.fromEntries(
    [...all].map(([hash, { outputs, expectations, tags }]) => [
      hash,
      [outputs, expectations, tags].map((text) => (text === null ? null : JSON.parse(text))),
    ]),
  );

describe('records that are merged into a dataset', () => {
  test('merged twice, they change nothing', () => {
    fc.assert(
      fc.property(batch, batch, (before, records) => {
        const once = after(after(new Map(), before).all, records);
        const { changed, inserted, updated } = after(once.all, records);
        assert.equal(changed.size, 0);
        assert.deepEqual([inserted, updated], [0, records.length]);
      }),
    );
  });

  test('there is one record for each input, and it has the last outputs, and the last value of each expectation and tag', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 4 }), (batches) => {
        let all: ReadonlyMap<string, EvaluationRecord> = new Map();
        let inserted = 0;
        for (const records of batches) {
          const merge = after(all, records);
          ({ all } = merge);
          inserted += merge.inserted;
        }
        const last = Map.groupBy(batches.flat(), ({ inputs }) => canonicalJson(inputs));
        assert.equal(all.size, last.size);
        assert.equal(inserted, last.size);
        const expected = [...last.values()].map((one): [string, unknown[]] => {
          const told = one.filter(({ outputs }) => outputs !== undefined).at(-1);
          const added = (part: 'expectations' | 'tags') => {
            const parts = one.map((record) => record[part] ?? {});
            return one.some((record) => record[part] !== null) || part === 'tags'
              ? parts.reduce<JsonObject>((sum, more) => ({ ...sum, ...more }), {})
              : null;
          };
          return [hashOf(one[0]!.inputs), [told ? told.outputs : {}, added('expectations'), added('tags')]];
        });
        assert.deepEqual(said(all), JSON.parse(JSON.stringify(Object.fromEntries(expected))));
      }),
    );
  });

  test('a record that says the same again keeps its time, and one that does not gets a new one', () => {
    const first = after(new Map(), [given({ q: 1 }, { tags: { a: 1 }, by: 'ada' })]);
    const [record] = first.changed.values();
    assert.equal(after(first.all, [given({ q: 1 }, { tags: { a: 1 }, by: 'ada' })]).changed.size, 0);
    const [changed] = after(first.all, [given({ q: 1 }, { tags: { b: 2 }, by: 'grace' })]).changed.values();
    assert.equal(changed!.createdAt, record!.createdAt);
    assert.ok(changed!.updatedAt > record!.updatedAt);
    assert.deepEqual([changed!.tags, changed!.createdBy, changed!.updatedBy, changed!.id], ['{"a":1,"b":2}', 'ada', 'grace', record!.id]);
  });

  test('inputs are the same in whatever order their keys come, and numbers stay as they were written', () => {
    const read = (text: string) => exactJson(text) as JsonObject;
    assert.equal(hashOf(read('{"a":{"x":1,"y":2},"b":1}')), hashOf(read('{"b":1,"a":{"y":2,"x":1}}')));
    assert.notEqual(hashOf(read('{"a":1}')), hashOf(read('{"a":1.0}')));
    assert.notEqual(hashOf(read('{"a":12345678901234567890}')), hashOf(read('{"a":12345678901234567891}')));
    const text = '{"a":1.0,"b":12345678901234567890,"c":1e400,"d":-0,"e":[1.50]}';
    assert.equal(JSON.stringify(read(text)), text);
  });

  test('a text that is no JSON, or has no end of nesting, is refused', () => {
    for (const text of ['', '{', 'NaN', '['.repeat(5000) + ']'.repeat(5000), '{"a":'.repeat(200) + '1' + '}'.repeat(200)])
      assert.throws(() => exactJson(text), { code: 'invalid_request', reason: 'not_json' });
  });

  test('a field keeps the kind that it had first', () => {
    const read = (text: string) => exactJson(text) as JsonObject;
    const first = fieldsWith(null, [
      given(read('{"s":"","i":1,"f":1.0,"b":true,"n":null,"l":[],"o":{},"__proto__":1}'), { outputs: { x: 1 }, expectations: { e: '' } }),
    ]);
    const kinds = { s: 'string', i: 'integer', f: 'float', b: 'boolean', n: 'null', l: 'array', o: 'object', ['__proto__']: 'integer' };
    assert.deepEqual(first, { inputs: kinds, outputs: { x: 'integer' }, expectations: { e: 'string' } });
    assert.deepEqual(fieldsWith(first, [given({ s: 1, t: 2 }, { outputs: 'text' })]), {
      ...first,
      inputs: { ...kinds, t: 'integer' },
    });
    assert.equal(fieldsWith(null, [given({}, { outputs: 'text' }), given({}, { outputs: { x: 1 } })])?.outputs, 'string');
    assert.equal(fieldsWith(null, []), null);
  });
});
