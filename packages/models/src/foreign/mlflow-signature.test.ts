import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMlflowSignature } from './mlflow-signature.ts';

const inputs = (...columns: object[]) => readMlflowSignature({ inputs: JSON.stringify(columns) }).inputs;
const refused = (column: object, message: RegExp): void =>
  assert.throws(() => inputs(column), { code: 'failed_precondition', reason: 'not_servable', message });

test('columns of each type have a datatype; what Python lets a row lack may be null', () => {
  const types = ['boolean', 'integer', 'long', 'float', 'double', 'string', 'binary', 'datetime'];
  assert.deepEqual(
    inputs(...types.map((type) => ({ type, name: `a ${type}`, required: true })))!.map(({ name, datatype, shape, nullable = false }) => [
      name,
      datatype,
      shape,
      nullable,
    ]),
    [
      ['a boolean', 'BOOL', [-1], false],
      ['a integer', 'INT64', [-1], false],
      ['a long', 'INT64', [-1], false],
      ['a float', 'FP32', [-1], true],
      ['a double', 'FP64', [-1], true],
      ['a string', 'BYTES', [-1], true],
      ['a binary', 'BYTES', [-1], false],
      ['a datetime', 'BYTES', [-1], true],
    ],
  );
});

test('a column that is not required may be left out', () => {
  assert.deepEqual(inputs({ type: 'long', name: 'age', required: false }), [
    { name: 'age', datatype: 'INT64', shape: [-1], nullable: true, optional: true },
  ]);
});

test('lists in a row are further axes', () => {
  const item = { type: 'array', items: { type: 'array', items: { type: 'float' } } };
  assert.deepEqual(inputs({ ...item, name: 'image', required: true })![0]!.shape, [-1, -1, -1]);
});

test('a tensor without a name is called by its side', () => {
  const tensor = (dtype: string, shape: number[]) => JSON.stringify([{ type: 'tensor', 'tensor-spec': { dtype, shape } }]);
  assert.deepEqual(readMlflowSignature({ inputs: tensor('float64', [-1, 4]), outputs: tensor('int64', [-1]), params: null }), {
    inputs: [{ name: 'input', datatype: 'FP64', shape: [-1, 4], nullable: true, unnamed: true }],
    outputs: [{ name: 'prediction', datatype: 'INT64', shape: [-1], unnamed: true }],
  });
  assert.equal(readMlflowSignature({ inputs: tensor('<U17', [-1]) }).inputs![0]!.datatype, 'BYTES');
});

test('what is not said is not guessed', () => {
  assert.deepEqual(readMlflowSignature(undefined), { inputs: undefined, outputs: undefined });
  assert.deepEqual(readMlflowSignature({ inputs: null, outputs: null }), { inputs: undefined, outputs: undefined });
});

test('what has no columns of ours is refused, and the sentence says what to do', () => {
  refused({ type: 'object', name: 'who', properties: {} }, /"who" holds values of type "object".*plain columns/);
  refused({ type: 'map', name: 'm', values: { type: 'string' } }, /"map"/);
  refused({ type: 'tensor', 'tensor-spec': { dtype: 'complex64', shape: [-1] } }, /tensor of complex64/);
  refused({ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [] } }, /first axis of rows/);
  assert.throws(() => inputs({ type: 'long' }, { type: 'long' }), { reason: 'not_servable', message: /DataFrame/ });
});

test('any other JSON is a damaged package, and nothing else is thrown', () => {
  const column = fc.record(
    {
      type: fc.oneof(fc.constantFrom('long', 'tensor', 'array', 'object'), fc.jsonValue()),
      name: fc.oneof(fc.string(), fc.jsonValue()),
      items: fc.jsonValue(),
      'tensor-spec': fc.oneof(fc.record({ dtype: fc.constantFrom('int8', 'object', '?'), shape: fc.jsonValue() }), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.array(column), fc.jsonValue()), (said) => {
      try {
        const specs = readMlflowSignature({ inputs: JSON.stringify(said) }).inputs!;
        assert.ok(specs.every(({ shape }) => shape.length > 0 && shape.every(Number.isSafeInteger)));
      } catch (error) {
        assert.match((error as { reason: string }).reason, /^(not_servable|damaged_package)$/);
      }
    }),
  );
});
