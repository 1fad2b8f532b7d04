import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signature } from '@boucle/contract';
import fc from 'fast-check';
import { readInferRequest } from './infer-request.ts';
import { outputTensors } from './infer-response.ts';

const cube: Signature = { inputs: [{ name: 'x', datatype: 'FP64', shape: [-1, 2, -1] }], outputs: [] };

test('data may be nested or flat, and means the same', () => {
  fc.assert(
    fc.property(fc.nat({ max: 4 }), fc.nat({ max: 3 }), (rows, width) => {
      const nested = Array.from({ length: rows }, (_, i) =>
        [0, 1].map((j) => Array.from({ length: width }, (__, k) => i * 100 + j * 10 + k)),
      );
      const read = (data: unknown[]) =>
        readInferRequest({ inputs: [{ name: 'x', datatype: 'FP64', shape: [rows, 2, width], data }] }, cube).columns;
      assert.deepEqual(read(nested), { x: nested });
      assert.deepEqual(read(nested.flat(2)), { x: nested });
    }),
  );
});

test('lists that are not nested as the shape says are refused', () => {
  const read = (data: unknown) => readInferRequest({ inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 2, 2], data }] }, cube);
  for (const data of [[[[1, 2], [3]]], [[[1, 2]]], [[[1, 2], 3]], [[1, 2, 3, 4]], [1, 2, 3]])
    assert.throws(() => read(data), { reason: 'wrong_shape' });
});

test('names from the prototype are no inputs', () => {
  const body: unknown = JSON.parse('{"inputs": [{"name": "__proto__", "datatype": "FP64", "shape": [0, 2, 2], "data": []}]}');
  assert.throws(() => readInferRequest(body, cube), { reason: 'unknown_input' });
});

test('outputs are flat, with the shape beside', () => {
  const signature: Signature = { inputs: [], outputs: [{ name: 'y', datatype: 'FP64', shape: [-1, 3] }] };
  const outputs = {
    y: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  };
  assert.deepEqual(outputTensors({ signature, outputs, wanted: undefined }), [
    { name: 'y', datatype: 'FP64', shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
  ]);
});
