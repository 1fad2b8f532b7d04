import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { decodeOnnx } from './decode-onnx.ts';
import { encodeOnnx } from './encode-onnx.ts';
import type { Attribute, ElementType, Node, OnnxGraph, OnnxModel, TensorData, Value } from './model.ts';
import { createMessage } from './protobuf-writer.ts';
import { readOnnx } from './read-onnx.ts';
import { writeOnnx } from './write-onnx.ts';

let folder: string;
let count = 0;
const newFile = (): string => path.join(folder, `${count++}.onnx`);
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'boucle-onnx-'));
});
after(() => rm(folder, { recursive: true }));

const name = fc.oneof(fc.constantFrom('x', 'weights', '__proto__', 'été 𠮷'), fc.string({ maxLength: 8 }));
const dims = fc.array(fc.nat(3), { maxLength: 3 });
const arraysOf = (type: ElementType): ((size: number) => fc.Arbitrary<TensorData['data']>) => {
  const lists = (make: (bytes: ArrayBuffer, size: number) => TensorData['data'], width: number) => (size: number) =>
    fc.uint8Array({ minLength: size * width, maxLength: size * width }).map((bytes) => make(Uint8Array.from(bytes).buffer, size));
  switch (type) {
    case 'string':
      return (size) => fc.array(fc.string(), { minLength: size, maxLength: size });
    case 'float32':
      return lists((bytes) => new Float32Array(bytes), 4);
    case 'float64':
      return lists((bytes) => new Float64Array(bytes), 8);
    case 'int64':
      return lists((bytes) => new BigInt64Array(bytes), 8);
    case 'int32':
      return lists((bytes) => new Int32Array(bytes), 4);
    case 'float16':
    case 'bfloat16':
      return lists((bytes) => new Uint16Array(bytes), 2);
    default:
      return lists((bytes) => new Uint8Array(bytes), 1);
  }
};
const tensor: fc.Arbitrary<TensorData> = fc
  .tuple(fc.constantFrom('float32', 'float64', 'int64', 'int32', 'float16', 'bfloat16', 'bool', 'uint8', 'string'), dims)
  .chain(([type, shape]) => arraysOf(type)(shape.reduce((a, b) => a * b, 1)).map((data) => ({ type, shape, data })));
const float = fc.float({ noNaN: true });
const int = fc.maxSafeInteger();
const value: fc.Arbitrary<Value> = fc.record(
  { name, type: fc.constantFrom('float32', 'int64', 'string', 'bool'), shape: fc.array(fc.oneof(fc.nat(), name), { maxLength: 4 }) },
  { noNullPrototype: true },
);

const tagged = <K extends Attribute['kind'], V>(kind: K, value: fc.Arbitrary<V>) =>
  value.map((one) => ({ kind, value: one }) as unknown as Attribute);
const graphOf = (attribute: fc.Arbitrary<Attribute>): fc.Arbitrary<OnnxGraph> => {
  const attributes = fc.dictionary(name, attribute, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  const node: fc.Arbitrary<Node> = fc.record(
    { op: name, domain: fc.string({ minLength: 1 }), inputs: fc.array(name), outputs: fc.array(name), attributes },
    { requiredKeys: ['op', 'inputs', 'outputs'], noNullPrototype: true },
  );
  return fc.record(
    {
      name,
      nodes: fc.array(node, { maxLength: 4 }),
      inputs: fc.array(value, { maxLength: 3 }),
      outputs: fc.array(value, { maxLength: 3 }),
      initializers: fc.array(fc.tuple(name, tensor), { maxLength: 3 }).map((entries) => new Map(entries)),
    },
    { noNullPrototype: true },
  );
};
const plainAttribute: fc.Arbitrary<Attribute> = fc.oneof(
  tagged('int', int),
  tagged('float', float),
  tagged('ints', fc.array(int)),
  tagged('floats', fc.array(float)),
  tagged('string', fc.string()),
  tagged('strings', fc.array(fc.string())),
  tagged('tensor', tensor),
);
const attribute = fc.oneof(plainAttribute, tagged('graph', graphOf(plainAttribute)));
const model: fc.Arbitrary<OnnxModel> = fc.record(
  {
    irVersion: fc.integer({ min: 1, max: 20 }),
    opsets: fc.dictionary(name, fc.nat(30), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    producer: fc.record({ name, version: name }, { noNullPrototype: true }),
    graph: graphOf(attribute),
    metadata: fc.dictionary(name, name, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: ['irVersion', 'opsets', 'producer', 'graph'], noNullPrototype: true },
);

test('what is written is read again', () => {
  fc.assert(fc.property(model, (written) => assert.deepStrictEqual(decodeOnnx(encodeOnnx(written)), written)));
});

const weights = (size: number): TensorData => ({ type: 'float32', shape: [size], data: Float32Array.from({ length: size }, (_, i) => i) });
const small: OnnxModel = {
  irVersion: 9,
  opsets: { '': 20 },
  producer: { name: 'boucle', version: '1' },
  graph: {
    name: 'g',
    nodes: [{ op: 'Add', inputs: ['x', 'a'], outputs: ['y'], attributes: { ends: { kind: 'ints', value: [1, -1] } } }],
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['batch', 3] }],
    initializers: new Map([
      ['a', weights(1000)],
      ['b', weights(3)],
      ['c', weights(2000)],
    ]),
  },
};

test('weights may lie in a file beside the model, each at the start of a page', async () => {
  const file = newFile();
  await writeOnnx(file, small, { external: true });
  assert.deepStrictEqual(readOnnx(file), small);
  await writeOnnx(newFile(), small);
  assert.deepEqual(
    (await readdir(folder)).filter((one) => one.endsWith('.data')),
    [`${path.basename(file)}.data`],
  );
  assert.throws(() => decodeOnnx(encodeOnnx({ ...small, irVersion: 0 })), unreadable(/no version/));
});

const unreadable = (message: RegExp) => ({ code: 'failed_precondition', reason: 'unreadable_onnx', message });

test('bytes that are damaged at any place are refused in words, or are another model', () => {
  const bytes = encodeOnnx(small);
  // Weights carry no structure: most damage should meet what does.
  const structure = encodeOnnx({ ...small, graph: { ...small.graph, initializers: new Map([['b', weights(3)]]) } });
  const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 4 });
  const check = (damaged: Uint8Array): void => {
    try {
      decodeOnnx(damaged);
    } catch (error) {
      assert.equal((error as { reason?: string }).reason, 'unreadable_onnx', String(error));
    }
  };
  fc.assert(
    fc.property(fc.constantFrom(bytes, structure), damage, (whole, changes) => {
      const damaged = Uint8Array.from(whole);
      for (const { at, byte } of changes) damaged[at % damaged.length] = byte;
      check(damaged);
    }),
    { numRuns: 3000 },
  );
  for (let end = 0; end < structure.length; end++) check(structure.subarray(0, end));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), check), { numRuns: 1000 });
});

type Writing = ReturnType<typeof createMessage>;
/** The bytes of a model around those of a graph. */
const around = (graph: Uint8Array): Uint8Array => {
  const opset = createMessage();
  opset.int(2, 20);
  const whole = createMessage();
  whole.int(1, 9);
  whole.message(8, opset.end());
  whole.bytes(7, graph);
  return bytesOf(whole);
};
const bytesOf = (message: Writing): Uint8Array => Buffer.concat(message.end().chunks);
const withTensor = (fill: (message: Writing) => void): Uint8Array => {
  const tensorProto = createMessage();
  fill(tensorProto);
  const graph = createMessage();
  graph.message(5, tensorProto.end());
  return around(bytesOf(graph));
};

test('a shape that the numbers do not fill is refused before memory is taken for it', () => {
  const huge = withTensor((message) => {
    for (let i = 0; i < 4; i++) message.int(1, 2 ** 12);
    message.int(2, 1);
  });
  assert.throws(() => decodeOnnx(huge), unreadable(/holds 0/));
  const overflow = withTensor((message) => {
    for (let i = 0; i < 4; i++) message.int(1, 2 ** 40);
    message.int(2, 1);
  });
  assert.throws(() => decodeOnnx(overflow), unreadable(/no shape/));
});

test('a short file of very many parts is refused', () => {
  const emptyNodes = new Uint8Array(2 * 5_000_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
  assert.throws(() => decodeOnnx(around(emptyNodes)), unreadable(/takes more than/));
});

test('graphs within graphs end somewhere', () => {
  let graph: OnnxGraph = { ...small.graph, initializers: new Map() };
  for (let i = 0; i < 40; i++) {
    graph = { ...graph, nodes: [{ op: 'Loop', inputs: [], outputs: [], attributes: { body: { kind: 'graph', value: graph } } }] };
  }
  assert.throws(() => decodeOnnx(encodeOnnx({ ...small, graph })), unreadable(/nested/));
});

/** A model of one tensor of `size` numbers whose bytes are said to be there. */
const pointing = (location: string, size: number, place: Record<string, string> = {}): Uint8Array =>
  withTensor((message) => {
    message.int(1, size);
    message.int(2, 1);
    for (const [key, text] of Object.entries({ location, ...place })) {
      const pair = createMessage();
      pair.text(1, key);
      pair.text(2, text);
      message.message(13, pair.end());
    }
    message.int(14, 1);
  });

test('weights are read beside the model and nowhere else', async () => {
  const file = newFile();
  const beside = path.join(folder, 'beside.data');
  await writeFile(beside, new Uint8Array(16));
  await symlink('/etc/passwd', path.join(folder, 'link.data'));
  await symlink('loop.data', path.join(folder, 'loop.data'));
  const refused = async (bytes: Uint8Array, message: RegExp): Promise<void> => {
    await writeFile(file, bytes);
    assert.throws(() => readOnnx(file), unreadable(message));
  };
  await writeFile(file, pointing('beside.data', 4));
  assert.equal([...readOnnx(file).graph.initializers.values()][0]!.data.length, 4);
  for (const location of ['../beside.data', '/etc/passwd', 'a/b', String.raw`..\x`, '.', '..', '', 'C:x'])
    await refused(pointing(location, 4), /no name of a file beside/);
  await refused(pointing('link.data', 4), /cannot be opened/);
  await refused(pointing('loop.data', 4), /cannot be opened/);
  await refused(pointing('absent.data', 4), /cannot be opened/);
  await refused(pointing('beside.data', 4, { offset: '4' }), /holds 12 bytes/);
  await refused(pointing('beside.data', 4, { offset: '4', length: '16' }), /does not hold/);
  await refused(pointing('beside.data', 4, { offset: '9007199254740991', length: '16' }), /does not hold/);
  await refused(pointing('beside.data', 4, { offset: '-1' }), /no number/);
  await refused(pointing('beside.data', 4, { length: '1e3' }), /no number/);
  await truncate(beside, 0);
  await refused(pointing('beside.data', 4, { length: '16' }), /does not hold/);
});

test('many tensors that all point at one place are not read many times', async () => {
  const [file, tensors] = [newFile(), createMessage()];
  await writeFile(`${file}.data`, new Uint8Array(16));
  for (let i = 0; i < 2; i++) {
    const one = createMessage();
    one.int(1, 4);
    one.int(2, 1);
    one.text(8, `t${i}`);
    const pair = createMessage();
    pair.text(1, 'location');
    pair.text(2, `${path.basename(file)}.data`);
    one.message(13, pair.end());
    one.int(14, 1);
    tensors.message(5, one.end());
  }
  await writeFile(file, around(bytesOf(tensors)));
  assert.throws(() => readOnnx(file), unreadable(/does not hold/));
});
