import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSafetensors } from './safetensors.ts';
import { type TensorToWrite, writeSafetensors } from './testing/write-safetensors.ts';

let folder: string;
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boucle-safetensors-'));
});
after(() => rm(folder, { recursive: true }));

const tensors = new Map<string, TensorToWrite>([
  ['a', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 1e-30) }],
  ['b', { dtype: 'F16', shape: [6], data: Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000) }],
  ['c', { dtype: 'BF16', shape: [3], data: Uint16Array.of(0x3f80, 0xc000, 0x4049) }],
  ['d', { dtype: 'I64', shape: [1], data: BigInt64Array.of(7n) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
]);
const written = async (change?: Parameters<typeof writeSafetensors>[2]): Promise<string> => {
  const path = join(folder, `${count++}.safetensors`);
  await writeSafetensors(path, tensors, change);
  return path;
};

test('values of F32, F16 and BF16 are read, one tensor at a time', async () => {
  const file = await openSafetensors(await written());
  assert.deepEqual([...(await file.read('a'))], [1, -2, 0.5, Math.fround(1e-30)]);
  assert.deepEqual([...(await file.read('b'))], [1, -2, 0.333251953125, 2 ** -24, 65504, -0]);
  assert.deepEqual([...(await file.read('c'))], [1, -2, 3.140625]);
  assert.equal((await file.read('none')).length, 0);
  assert.deepEqual(file.tensors.get('a')?.shape, [2, 2]);
  await assert.rejects(file.read('d'), { code: 'invalid_request', reason: 'unsupported_type' });
  await assert.rejects(file.read('e'), { reason: 'damaged_checkpoint', message: /no tensor "e"/ });
  await file.close();
});

test('a half precision tensor of more than one piece is read whole', async () => {
  const data = new Uint16Array((1 << 20) + 3).fill(0x3f80);
  data[1 << 20] = 0x4000;
  const path = join(folder, 'large.safetensors');
  await writeSafetensors(path, new Map([['x', { dtype: 'BF16', shape: [data.length], data }]]));
  const file = await openSafetensors(path);
  const values = await file.read('x');
  assert.deepEqual([values[0], values[1 << 20], values.at(-1)], [1, 2, 1]);
  await file.close();
});

const lies: readonly (readonly [what: string, change: NonNullable<Parameters<typeof writeSafetensors>[2]>, message: RegExp])[] = [
  ['an overlap', (header) => ((header['b']!['data_offsets'] = [8, 20]), header), /"b" begins at byte 8, inside/],
  ['a gap', (header) => (delete header['a'], header), /16 bytes of no tensor before "b"/],
  ['a length that does not fit the shape', (header) => ((header['a']!['shape'] = [2, 3]), header), /takes 24 bytes but has 16/],
  ['data past the end', (header) => ((header['d']!['data_offsets'] = [34, 1e12]), header), /"d".*takes 8 bytes/],
  [
    'a last tensor that nobody names',
    (header) => (delete header['d'], delete header['none'], header),
    /describes 34 bytes of data, and there are 42/,
  ],
  ['an unknown type', (header) => ((header['a']!['dtype'] = 'F31'), header), /unknown type "F31"/],
  ['a type of no name', (header) => ((header['a']!['dtype'] = 'toString'), header), /unknown type/],
  ['a negative dimension', (header) => ((header['a']!['shape'] = [-2, -2]), header), /no valid shape/],
  ['an endless shape', (header) => ((header['a']!['shape'] = Array.from({ length: 9 }, () => 2 ** 50)), header), /takes/],
  ['offsets that are text', (header) => ((header['a']!['data_offsets'] = ['0', '16']), header), /no valid data_offsets/],
  ['an entry that is nothing', (header) => ({ ...header, a: null }), /unknown type/],
  ['a list for a header', () => [1, 2], /not a JSON object/],
];
for (const [what, change, message] of lies) {
  test(`${what} in the header is refused`, async () => {
    await assert.rejects(openSafetensors(await written(change)), { code: 'invalid_request', reason: 'damaged_checkpoint', message });
  });
}

test('a file cut short anywhere, or with a lying length of header, is refused before anything large is read', async () => {
  const whole = await written();
  const file = await openSafetensors(whole);
  await file.close();
  for (const size of [0, 7, 8, 30, 400]) {
    const path = await written();
    await truncate(path, size);
    await assert.rejects(openSafetensors(path), { reason: 'damaged_checkpoint' });
  }
  const path = join(folder, 'lie.safetensors');
  await writeFile(path, Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), Buffer.from('{}')]));
  await assert.rejects(openSafetensors(path), {
    reason: 'damaged_checkpoint',
    message: /claims 9223372036854776000 bytes/,
  });
});

test('a file that shrinks while it is read is noticed', async () => {
  const path = await written();
  const file = await openSafetensors(path);
  await truncate(path, 100);
  await assert.rejects(file.read('a'), { reason: 'damaged_checkpoint', message: /ends at byte \d+, within/ });
  await file.close();
});
