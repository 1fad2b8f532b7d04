import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { ElementType, Node, OnnxModel, TensorData, Value } from '../onnx/model.ts';
import { writeOnnx } from '../onnx/write-onnx.ts';
import { openPackage } from './open-package.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'boucle-foreign-'));
});
after(() => rm(folder, { recursive: true }));

interface Parts {
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly weights?: Readonly<Record<string, TensorData>>;
}
const modelOf = ({ nodes, inputs, outputs, weights = {} }: Parts): OnnxModel => ({
  irVersion: 9,
  opsets: { '': 17 },
  producer: { name: 'somebody', version: '1' },
  graph: { name: 'g', nodes, inputs, outputs, initializers: new Map(Object.entries(weights)) },
});
const value = (name: string, type: ElementType, ...shape: (number | string)[]): Value => ({ name, type, shape });
let count = 0;
const laid = async (model: OnnxModel | Uint8Array, { external = false } = {}): Promise<string> => {
  const place = await mkdtemp(path.join(folder, `${count++}-`));
  const file = path.join(place, 'net.onnx');
  await (model instanceof Uint8Array ? writeFile(file, model) : writeOnnx(file, model, { external }));
  return place;
};
const same = (type: ElementType, ...shape: (number | string)[]) =>
  modelOf({
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
    inputs: [value('x', type, ...shape)],
    outputs: [value('y', type, ...shape)],
  });

test('an ONNX model of anybody says itself what it takes, and answers rows', async () => {
  const weights = { w: { type: 'float32' as const, shape: [2], data: Float32Array.of(10, 20) } };
  const model = await openPackage(
    await laid(
      modelOf({
        nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['sum'] }],
        // Old models name their weights among the inputs.
        inputs: [value('x', 'float32', 'rows', 2), value('w', 'float32', 2)],
        outputs: [value('sum', 'float32', 'rows', 2)],
        weights,
      }),
    ),
  );
  assert.deepEqual(model.signature, {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
    outputs: [{ name: 'sum', datatype: 'FP32', shape: [-1, 2] }],
  });
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  assert.deepEqual(await model.predict({ x: rows }), { sum: rows.map(([a, b]) => [a! + 10, b! + 20]) });
  await assert.rejects(model.predict({ y: rows }), { code: 'invalid_request', reason: 'unknown_column' });
  await model.close();
});

test('values of every type come back as they went in', async () => {
  const values: Partial<Record<ElementType, readonly unknown[]>> = {
    float64: [0.1, -2],
    float32: [0.5, 3],
    int64: [2 ** 53 - 1, -7],
    int32: [-(2 ** 31), 5],
    uint8: [0, 255],
    bool: [true, false],
    string: ['été', ''],
  };
  for (const [type, x] of Object.entries(values)) {
    const model = await openPackage(await laid(same(type as ElementType, 'n')));
    assert.deepEqual(await model.predict({ x: x! }), { y: x }, type);
    await model.close();
  }
});

test('a number beyond the model’s type is refused, and not wrapped around', async () => {
  const model = await openPackage(await laid(same('uint8', 'n')));
  await assert.rejects(model.predict({ x: [1, 256] }), {
    code: 'invalid_request',
    reason: 'out_of_range',
    message: /256 is not from 0 to 255/,
  });
  await model.close();
});

test('rows of several lengths are refused together, and answered one at a time', async () => {
  const model = await openPackage(await laid(same('int64', 'n', 'words')));
  await assert.rejects(model.predict({ x: [[1, 2], [3]] }), { code: 'invalid_request', reason: 'wrong_shape' });
  assert.deepEqual(await model.predict({ x: [[1, 2]] }), { y: [[1, 2]] });
  await model.close();
});

test('what is infinite or no number is null', async () => {
  const model = await openPackage(
    await laid(
      modelOf({
        nodes: [{ op: 'Log', inputs: ['x'], outputs: ['y'] }],
        inputs: [value('x', 'float32', 'n')],
        outputs: [value('y', 'float32', 'n')],
      }),
    ),
  );
  assert.deepEqual(await model.predict({ x: [1, 0, -1] }), { y: [0, null, null] });
  await model.close();
});

test('weights beside the model are read, where they are plain files of its folder', async () => {
  const many: TensorData = { type: 'float32', shape: [600], data: new Float32Array(600).fill(2) };
  const model = modelOf({
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
    inputs: [value('x', 'float32', 'n', 600)],
    outputs: [value('y', 'float32', 'n', 600)],
    weights: { w: many },
  });
  const place = await laid(model, { external: true });
  const opened = await openPackage(place);
  assert.deepEqual(await opened.predict({ x: [Array.from({ length: 600 }, () => 1)] }), { y: [Array.from({ length: 600 }, () => 3)] });
  await opened.close();
  await rename(path.join(place, 'net.onnx.data'), path.join(folder, 'elsewhere'));
  await assert.rejects(openPackage(place), { reason: 'damaged_package', message: /which is not there/ });
  await symlink(path.join(folder, 'elsewhere'), path.join(place, 'net.onnx.data'));
  await assert.rejects(openPackage(place), { reason: 'damaged_package', message: /which is not there/ });
});

/** A field of a protobuf message that is a message, or a text. */
const field = (number: number, ...content: (Buffer | string)[]): Buffer => {
  const bytes = Buffer.concat(content.map((one) => Buffer.from(one as string)));
  assert.ok(bytes.length < 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
};
const whole = (...graph: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([8, 9]), field(7, field(2, 'g'), ...graph), field(8, Buffer.from([16, 17]))]);

test('a model that would have other files opened, by a constant even, is refused before its runtime sees it', async () => {
  const elsewhere = field(
    5,
    Buffer.from([8, 1, 16, 1]),
    field(13, field(1, 'location'), field(2, '../../etc/passwd')),
    Buffer.from([112, 1]),
  );
  const constant = field(1, field(2, 'c'), field(4, 'Constant'), field(5, field(1, 'value'), elsewhere));
  await assert.rejects(openPackage(await laid(whole(constant))), { reason: 'unreadable_onnx', message: /no name of a file beside it/ });
});

test('what is no tensor of rows is refused with what to do', async () => {
  const zipMap = whole(field(12, field(1, 'probabilities'), field(2, field(5, Buffer.from([8, 7])))));
  const withInput = await laid(same('float32'));
  await assert.rejects(openPackage(await laid(zipMap)), { reason: 'not_servable', message: /"probabilities".*zipmap/ });
  await assert.rejects(openPackage(withInput), { reason: 'not_servable', message: /first axis for the rows/ });
  await assert.rejects(openPackage(await laid(same('float16', 'n'))), { reason: 'not_servable', message: /Cast to float/ });
});

test('a damaged file is refused in words, whatever the damage', async () => {
  const place = await laid(same('float32', 'n'));
  await truncate(path.join(place, 'net.onnx'), 20);
  await assert.rejects(openPackage(place), { reason: 'unreadable_onnx' });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await assert.rejects(openPackage(await laid(bytes)), (error: { reason?: string }) =>
        /unreadable_onnx|not_servable/.test(error.reason ?? ''),
      );
    }),
    { numRuns: 30 },
  );
});
