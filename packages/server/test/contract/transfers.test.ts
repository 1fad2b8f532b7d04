import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { blobDigest } from '@boucle/contract';
import fc from 'fast-check';
import { startAnew } from './anew.ts';
import { send } from './send.ts';

const params = { project: 'default' };
const digestOf = (bytes: Uint8Array) => blobDigest(createHash('sha256').update(bytes).digest('hex'));

test('every range of bytes is exactly what RFC 9110 says', async (t) => {
  const { address, client } = await startAnew(t);
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
  const digest = digestOf(bytes);
  await client.blobs.put({ params: { ...params, digest }, data: bytes });
  const path = `/api/v1/projects/default/blobs/${digest}`;
  const get = (range?: string) => send(address, { method: 'GET', path, headers: range === undefined ? {} : { range } });

  const whole = await get();
  assert.deepEqual(
    [whole.status, whole.headers['content-length'], whole.headers['accept-ranges'], whole.headers['etag']],
    [200, '1000', 'bytes', `"${digest}"`],
  );
  assert.ok(whole.bytes.equals(bytes));

  const part = async (range: string, first: number, last: number) => {
    const got = await get(range);
    assert.deepEqual(
      [got.status, got.headers['content-range'], got.headers['content-length']],
      [206, `bytes ${first}-${last}/1000`, String(last - first + 1)],
      range,
    );
    assert.ok(got.bytes.equals(bytes.subarray(first, last + 1)), range);
  };
  await part('bytes=0-0', 0, 0);
  await part('bytes=999-999', 999, 999);
  await part('bytes=0-999', 0, 999);
  await part('bytes=999-', 999, 999);
  await part('bytes=-1', 999, 999);
  await part('bytes=-1000', 0, 999);
  await part('bytes=-5000', 0, 999);
  await part('bytes=990-99999999999999999999', 990, 999);
  for (const range of ['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', 'bytes=99999999999999999999-']) {
    const got = await get(range);
    assert.equal(got.status, 400, range);
    assert.match(got.bytes.toString(), /range_not_satisfiable/, range);
  }
  // What is no range that we know is answered whole, as the RFC asks.
  for (const range of ['bytes=5-2', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=0x1-2'])
    assert.deepEqual([(await get(range)).status, range], [200, range]);

  await fc.assert(
    fc.asyncProperty(fc.nat(999), fc.nat(999), (a, b) => part(`bytes=${Math.min(a, b)}-${Math.max(a, b)}`, Math.min(a, b), Math.max(a, b))),
    { numRuns: 50 },
  );
});

test('HEAD says how much there is without sending it, and an empty blob is whole', async (t) => {
  const { address, client } = await startAnew(t);
  const [full, empty] = [Buffer.from('0123456789'), Buffer.alloc(0)];
  for (const data of [full, empty]) await client.blobs.put({ params: { ...params, digest: digestOf(data) }, data });
  const ask = (method: string, data: Buffer, range?: string) =>
    send(address, { method, path: `/api/v1/projects/default/blobs/${digestOf(data)}`, headers: range ? { range } : {} });
  const head = await ask('HEAD', full);
  assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length], [200, '10', 0]);
  const part = await ask('HEAD', full, 'bytes=2-4');
  assert.deepEqual(
    [part.status, part.headers['content-range'], part.headers['content-length'], part.bytes.length],
    [206, 'bytes 2-4/10', '3', 0],
  );
  const nothing = await ask('GET', empty, 'bytes=0-0');
  assert.deepEqual([nothing.status, nothing.headers['content-length']], [200, '0']);
});

test('a stream of any size arrives as it was sent, and one that breaks off leaves nothing', async (t) => {
  const { address, client } = await startAnew(t);
  const chunk = Buffer.alloc(64 * 1024, 'boucle ');
  const bytes = Buffer.concat(Array.from({ length: 100 }, () => chunk));
  const digest = digestOf(bytes);
  const stream = new ReadableStream({
    start: (controller) => {
      for (let i = 0; i < 100; i++) controller.enqueue(chunk);
      controller.close();
    },
  });
  assert.deepEqual(await client.blobs.put({ params: { ...params, digest }, data: stream }), { digest, size: bytes.length });
  const back = await client.blobs.get({ params: { ...params, digest } });
  assert.ok(Buffer.from(await back.arrayBuffer()).equals(bytes));

  const other = Buffer.concat([bytes, Buffer.from('more')]);
  const broken = new ReadableStream({
    pull: (controller) => {
      controller.enqueue(chunk);
      if (Math.random() < 0.1) controller.error(new Error('the cable was pulled'));
    },
  });
  await assert.rejects(client.blobs.put({ params: { ...params, digest: digestOf(other) }, data: broken }));
  assert.deepEqual(await client.blobs.missing({ params, body: { digests: [digestOf(other), digest] } }), { missing: [digestOf(other)] });
  assert.equal((await send(address, { method: 'GET', path: '/healthz', headers: {} })).status, 200);
});

test('the longest names have an address, whatever they are written in', async (t) => {
  const { client } = await startAnew(t);
  for (const letter of ['a', '#', '%', 'ü', '漢', '𝄞', ' ']) {
    const model = `x${letter.repeat(255 / letter.length)}`;
    await assert.rejects(client.models.get({ params: { ...params, model } }), {
      code: 'not_found',
      message: `model ${model} does not exist`,
    });
  }
});
