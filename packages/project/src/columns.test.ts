import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { columnsOf } from './columns.ts';

const json = (schema: object): unknown => JSON.parse(JSON.stringify(schema));

test('columns have the types that a table holds', () => {
  const columns = columnsOf(
    json(
      Type.Object({
        text: Type.String(),
        day: Type.String({ format: 'date' }),
        at: Type.String({ format: 'date-time' }),
        count: Type.Integer(),
        share: Type.Number(),
        seen: Type.Boolean(),
        mood: Type.Enum(['good', 'bad']),
        stars: Type.Union([Type.Literal(1), Type.Literal(2)]),
        note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        tags: Type.Array(Type.String()),
        place: Type.Object({ city: Type.String(), zip: Type.Integer() }),
      }),
    ),
  );
  assert.deepEqual(
    columns.map(({ name, type }) => [name, type.type]),
    [
      ['text', 'text'],
      ['day', 'date'],
      ['at', 'timestamp'],
      ['count', 'int'],
      ['share', 'float'],
      ['seen', 'bool'],
      ['mood', 'text'],
      ['stars', 'int'],
      ['note', 'text'],
      ['tags', 'list'],
      ['place', 'struct'],
    ],
  );
  const named = Object.fromEntries(columns.map((column) => [column.name, column]));
  assert.deepEqual(named['mood']?.values, ['good', 'bad']);
  assert.deepEqual(named['stars']?.values, [1, 2]);
  assert.deepEqual([named['note']?.optional, named['text']?.optional], [true, false]);
  assert.deepEqual(
    named['place']?.type.fields?.map(({ name, type }) => [name, type.type]),
    [
      ['city', 'text'],
      ['zip', 'int'],
    ],
  );
});

test('what no table can hold is named', () => {
  assert.throws(() => columnsOf(json(Type.Object({ odd: Type.Union([Type.String(), Type.Integer()]) }))), /"odd"/);
});
