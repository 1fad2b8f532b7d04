import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { anAddition } from '../testing/an-addition.ts';
import { encodeOnnx } from './encode-onnx.ts';
import type { OnnxModel, TensorData } from './model.ts';
import { createSession } from './run.ts';
import { writeOnnx } from './write-onnx.ts';

const numbers = (...data: number[]): TensorData => ({ type: 'float32', shape: [data.length], data: Float32Array.from(data) });
const addition = anAddition([300]);
const zeros = numbers(...Array.from({ length: 300 }, () => 0));

test('a model computes from its bytes, and from its file with weights beside it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-onnx-'));
  const file = path.join(folder, 'model.onnx');
  await writeOnnx(file, addition, { external: true });
  for (const model of [encodeOnnx(addition), file]) {
    const session = await createSession(model);
    assert.deepEqual(await session.run({ x: zeros }), { y: addition.graph.initializers.get('w') });
    await session.close();
  }
  await rm(folder, { recursive: true });
});

test('what is asked before the end is answered, and what is asked after it refused', async () => {
  const session = await createSession(encodeOnnx(addition));
  const asked = Array.from({ length: 20 }, () => session.run({ x: zeros }));
  await session.close();
  await session.close();
  assert.equal((await Promise.all(asked)).length, 20);
  await assert.rejects(session.run({ x: zeros }), /closed/);
});

test('a model that cannot be loaded, and an input that does not fit, are told in words', async () => {
  const session = await createSession(encodeOnnx(addition));
  await assert.rejects(session.run({ x: numbers(1, 2) }), { code: 'internal', reason: 'model_failed' });
  await assert.rejects(session.run({}), { reason: 'model_failed', message: /'x' is missing/ });
  await session.close();
  const unknown: OnnxModel = { ...addition, graph: { ...addition.graph, nodes: [{ op: 'Abracadabra', inputs: ['x'], outputs: ['y'] }] } };
  await assert.rejects(createSession(encodeOnnx(unknown)), { reason: 'unreadable_onnx', message: /Abracadabra/ });
  await assert.rejects(createSession(new Uint8Array(10)), { reason: 'unreadable_onnx' });
});
