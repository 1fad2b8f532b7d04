import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import { createSession } from '../onnx/run.ts';
import { gradientError } from '../testing/gradient-check.ts';
import { loadProgram } from '../testing/run-program.ts';
import * as autodiff from './index.ts';

/** The blocks of the README run as they stand there, with what they name handed in. */
const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
const [example = '', operator = ''] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
const runBlock = async (code: string, result: string, names: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...values: unknown[]) => Promise<unknown>;
  // Types and `!` are for readers of TypeScript; the function is JavaScript.
  const script = code.replace(/<\[x: Tensor\]>|!/g, '');
  return new AsyncFunction(...Object.keys(names), `${script}\nreturn ${result};`)(...Object.values(names));
};

test('the example of the README learns exclusive or', async () => {
  const x = { type: 'float32', shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) } as const;
  const exclusiveOr = {
    x,
    labels: { type: 'int64', shape: [4], data: BigInt64Array.of(0n, 1n, 1n, 0n) },
    rowWeights: { type: 'float32', shape: [4], data: new Float32Array(4).fill(1) },
  };
  const onnx = (await runBlock(example, 'onnx', { ...autodiff, loadProgram, encodeOnnx, exclusiveOr })) as Uint8Array;
  const session = await createSession(onnx);
  const logits = (await session.run({ x }))['logits']!.data as Float32Array;
  await session.close();
  const answers = [0, 1, 2, 3].map((row) => Number(logits[2 * row + 1]! > logits[2 * row]!));
  assert.deepEqual(answers, [0, 1, 1, 0]);
});

test('the operator of the README has the gradient that it says', async () => {
  const square = (await runBlock(operator, 'square', autodiff)) as (x: autodiff.Tensor) => autodiff.Tensor;
  assert.ok((await gradientError({ shapes: [[3]], apply: ([x]) => square(x!) })) < 1e-7);
});
