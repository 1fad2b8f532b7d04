import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../errors.ts';
import type { SearchFields, SearchValue } from './fields.ts';
import { searchOperators } from './fields.ts';
import { parseFilter, type SearchFilter } from './filter.ts';
import { parseOrder } from './order.ts';

const fields: SearchFields<'metric' | 'param' | 'attribute'> = {
  bare: 'attribute',
  entities: {
    metric: { also: ['metrics'], any: { kind: 'number', operators: searchOperators.number } },
    param: { also: ['params', 'parameter'], any: { kind: 'text', operators: [...searchOperators.text, 'RLIKE'] }, isUnordered: true },
    attribute: {
      also: ['attr'],
      fields: {
        run_name: { kind: 'text', operators: searchOperators.text, also: ['run name'] },
        start_time: { kind: 'time', operators: ['=', '<', '<=', '>', '>='], also: ['created'] },
        status: { kind: 'text', operators: ['=', '!='], read: (value) => String(value).toLowerCase() },
      },
    },
  },
};
type Filter = SearchFilter<'metric' | 'param' | 'attribute'>;
const read = (source: string) => parseFilter(source, fields);
const clause = (entity: string, key: string, operator: string, ...values: SearchValue[]) => ({
  type: 'clause',
  entity,
  key,
  operator,
  values,
});
const refused = (source: string, position: number, expected: RegExp) =>
  assert.throws(
    () => read(source),
    (error: AppError) => {
      assert.equal(error.code, 'invalid_request');
      assert.equal(error.reason, 'bad_filter');
      assert.deepEqual({ position: error.details['position'], message: error.message }, { position, message: error.message });
      assert.match(error.message, expected);
      return true;
    },
  );

describe('a filter', () => {
  test('asks nothing where it is blank', () => {
    assert.equal(read(''), undefined);
    assert.equal(read(' \n\t'), undefined);
  });

  test('names what it asks for in the ways of MLflow', () => {
    for (const name of ['metrics.f1', 'metric.f1', 'METRICS.f1', 'metrics.`f1`', 'metrics."f1"', '`metrics`.f1'])
      assert.deepEqual(read(`${name} >= -1.5e-3`), clause('metric', 'f1', '>=', -0.0015), name);
    for (const name of ['run_name', 'attr.run_name', 'attr."run name"', '"Run name"', '`run name`'])
      assert.deepEqual(read(`${name}='it''s'`), clause('attribute', 'run_name', '=', "it's"), name);
    assert.deepEqual(read('params.`a b.c` ilike "50% ""off"""'), clause('param', 'a b.c', 'ILIKE', '50% "off"'));
    assert.deepEqual(read("params.a.b/c != ''"), clause('param', 'a.b/c', '!=', ''));
  });

  test('takes lists, NULL, BETWEEN, times and values that are read', () => {
    assert.deepEqual(read('params.p NOT  IN (\'a\',"b")'), clause('param', 'p', 'NOT IN', 'a', 'b'));
    assert.deepEqual(read('metrics.m in (1, 2.)'), clause('metric', 'm', 'IN', 1, 2));
    assert.deepEqual(read('params.p is not null'), clause('param', 'p', 'IS NOT NULL'));
    assert.deepEqual(read("params.p RLIKE '^a|b$'"), clause('param', 'p', 'RLIKE', '^a|b$'));
    assert.deepEqual(read('metrics.m BETWEEN 1 AND 2 AND metrics.n < 3'), {
      type: 'and',
      parts: [{ type: 'and', parts: [clause('metric', 'm', '>=', 1), clause('metric', 'm', '<=', 2)] }, clause('metric', 'n', '<', 3)],
    });
    assert.deepEqual(read("created > '2026-01-02T00:00:00Z'"), clause('attribute', 'start_time', '>', Date.UTC(2026, 0, 2)));
    assert.deepEqual(read('created > 17'), clause('attribute', 'start_time', '>', 17));
    assert.deepEqual(read("status = 'FINISHED'"), clause('attribute', 'status', '=', 'finished'));
  });

  test('binds NOT closer than AND, and AND closer than OR', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((key) => clause('metric', key, '=', 1));
    assert.deepEqual(read('NOT metrics.a = 1 AND metrics.b = 1 OR metrics.c = 1'), {
      type: 'or',
      parts: [{ type: 'and', parts: [{ type: 'not', part: a }, b] }, c],
    });
    assert.deepEqual(read('not(metrics.a = 1 and (metrics.b = 1 or metrics.c=1))'), {
      type: 'not',
      part: { type: 'and', parts: [a, { type: 'or', parts: [b, c] }] },
    });
  });

  test('that is wrong is refused with the place and with what was expected there', () => {
    refused("params.p = 'a' AND", 18, /expected a name/);
    refused('params.p = 1', 11, /params\.p = ▸1 — expected a text in quotes/);
    refused("metrics.m > 'x'", 12, /expected a number/);
    refused('metrics.m > 1e999', 12, /expected a number/);
    refused("created > 'soon'", 10, /expected a time/);
    refused("nobody.m = 'x'", 0, /expected one of metric\.…, param\.…, attribute\.…/);
    refused("colour = 'x'", 0, /expected one of run_name, start_time, status/);
    refused("params. = 'x'", 0, /expected one of/);
    refused("status LIKE 'x'", 7, /expected one of = !=/);
    refused("status BETWEEN 'a' AND 'b'", 7, /expected one of = !=/);
    refused("params.p = 'a", 11, /expected a closing '/);
    refused('metrics.m = 1 metrics.n = 2', 14, /expected AND, OR or the end/);
    refused('(metrics.m = 1', 14, /expected AND, OR or \)/);
    refused('metrics.m IN ()', 14, /expected a number/);
    refused('metrics.m IS 3', 13, /expected NULL/);
    refused("params.p = 'a\0'", 13, /without NUL/);
    refused("params.p = '\ud800'", 12, /whole Unicode/);
    refused(`params.p = '${'a'.repeat(10_001)}'`, 11, /no more than 10000/);
  });

  test('cannot be so deep or so long that reading it fails', () => {
    refused('('.repeat(100_000), 100, /no more than 100/);
    refused('NOT '.repeat(10_000), 404, /no more than 100/);
    refused(' '.repeat(200_000) + 'x', 200_000, /no more than 200000/);
    refused(Array(201).fill('metrics.m = 1').join(' OR '), 3400, /no more than 200 comparisons/);
    refused(`metrics.m IN (${Array(10_001).fill(1).join()})`, 20_014, /no more than 10000 values/);
    assert.ok(read(`${'('.repeat(100)}metrics.m = 1${')'.repeat(100)}`));
  });

  test('is the tree that it was printed from', () => {
    fc.assert(
      fc.property(anyFilter, ({ filter, text }) => assert.deepEqual(read(text), filter)),
      { numRuns: 500 },
    );
  });

  test('of any text is read, or refused in order', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '`',
      '(',
      ')',
      ' AND ',
      'NOT ',
      'metrics.m',
      ' > ',
      '1',
      ' IN ',
      ',',
      'params.p = ',
      ' IS NULL',
      'BETWEEN',
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.array(pieces).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          read(text);
          parseOrder([text], fields);
        } catch (error) {
          assert.ok(error instanceof AppError && error.reason === 'bad_filter', String(error));
          assert.ok(Number(error.details['position']) <= text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('an order is a name and a direction', () => {
  assert.deepEqual(parseOrder(['metrics.`a b` desc', 'created', ' "run name"  ASC '], fields), [
    { entity: 'metric', key: 'a b', direction: 'desc' },
    { entity: 'attribute', key: 'start_time', direction: 'asc' },
    { entity: 'attribute', key: 'run_name', direction: 'asc' },
  ]);
  const bad = { code: 'invalid_request', reason: 'bad_filter' };
  for (const items of [
    [''],
    ['status up'],
    ['status asc desc'],
    ['nothing'],
    ['status', 'attr.status desc'],
    ["'status'"],
    ['params.p'],
    ['metrics.a\0'],
  ])
    assert.throws(() => parseOrder(items, fields), bad, JSON.stringify(items));
  assert.throws(() => parseOrder(['status dsc'], fields), { message: /character 8.*status ▸dsc — expected ASC or DESC/ });
  assert.throws(
    () =>
      parseOrder(
        Array.from({ length: 11 }, (_, i) => `metrics.m${i}`),
        fields,
      ),
    bad,
  );
});

/** A tree, and a text that says it. */
const anyFilter = ((): fc.Arbitrary<{ filter: Filter; text: string }> => {
  const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0'));
  const quote = (text: string, mark: string): string => mark + text.replaceAll(mark, mark + mark) + mark;
  const key = fc.tuple(word, fc.constantFrom('"', '`')).map(([text, mark]) => ({ key: text, said: quote(text, mark) }));
  const textValue = fc
    .tuple(fc.string({ maxLength: 8 }), fc.constantFrom('"', "'"))
    .map(([value, mark]) => ({ value, said: quote(value, mark) }));
  const numberValue = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ value, said: Object.is(value, -0) ? '-0' : String(value) }));
  type Said = { value: SearchValue; said: string };
  const oneOf = (entity: 'metric' | 'param', operators: readonly string[], value: fc.Arbitrary<Said>) =>
    fc.tuple(key, fc.constantFrom(...operators), fc.array(value, { minLength: 1, maxLength: 4 })).map(([name, operator, all]) => {
      const isList = operator.endsWith('IN');
      const values = operator.endsWith('NULL') ? [] : isList ? all : all.slice(0, 1);
      const list = values.map(({ said }) => said).join(' , ');
      return {
        filter: clause(entity, name.key, operator, ...values.map((one) => one.value)) as Filter,
        text: `${entity}s.${name.said} ${operator.toLowerCase()} ${isList ? `(${list})` : list}`,
      };
    });
  const leaf = fc.oneof(oneOf('metric', searchOperators.number, numberValue), oneOf('param', searchOperators.text, textValue));
  return fc.letrec<{ node: { filter: Filter; text: string } }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('node').map(({ filter, text }) => ({ filter: { type: 'not' as const, part: filter }, text: `NOT (${text})` })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
        .map(([type, parts]) => ({
          filter: { type, parts: parts.map(({ filter }) => filter) },
          text: parts.map(({ text }) => `(${text})`).join(` ${type} `),
        })),
    ),
  })).node;
})();
