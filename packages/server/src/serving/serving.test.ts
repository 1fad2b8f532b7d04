import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TreeDigest } from '@boucle/contract';
import { newId } from '../platform/index.ts';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, type ServingGround } from '../testing/serving-ground.ts';
import { openThreadHost, type PredictionCall } from './index.ts';

/** Changes a file of a package as somebody who knows how: its digest changes too. */
const writeSigned = async (folder: string, name: string, content: string): Promise<void> => {
  await writeFile(path.join(folder, name), content);
  const digests = path.join(folder, 'SHA256SUMS');
  const line = new RegExp(`^[0-9a-f]+  ${name}$`, 'm');
  await writeFile(digests, (await readFile(digests, 'utf8')).replace(line, `${hash('sha256', content)}  ${name}`));
};

/** Asks for one text and tells the label. */
const ask = async ({ serving }: ServingGround, text = 'flight delayed', more: Partial<PredictionCall> = {}) => {
  const { outputs, version } = await serving.predict(serving.endpointCalled('sentiment'), callOf({ text: [text] }, more));
  return { label: outputs['label']![0], version };
};

for (const [name, start] of Object.entries(databases)) {
  describe(`serving on ${name}`, () => {
    let ground: ServingGround;
    before(async () => {
      ground = await layServingGround(start);
    });
    after(() => ground.stop());

    test('what the manifest declares is deployed where nothing else is said', async () => {
      const deployment = await ground.deploy();
      assert.deepEqual(
        [deployment.status, deployment.number, deployment.reference, deployment.log],
        ['ready', 1, 'sentiment@champion', 'written'],
      );
      const endpoint = await ground.serving.get(ground.actor, 'sentiment');
      assert.deepEqual([endpoint.environment, endpoint.deployment], ['production', deployment]);
      const [ready] = await ground.newsOf('deployment.ready');
      assert.deepEqual({ ...ready, warmUpMs: 0 }, { endpoint: 'sentiment', number: 1, model: 'sentiment', version: 1, warmUpMs: 0 });
      assert.deepEqual(await ask(ground), { label: 'negative', version: 1 });
    });

    test('another version takes over, and the former deployment is retired', async () => {
      const second = await ground.deploy('sentiment/2');
      assert.deepEqual([second.status, second.number], ['ready', 2]);
      assert.equal((await ask(ground)).version, 2);
      const { items } = await ground.serving.deployments(ground.actor, 'sentiment', { limit: 10 });
      assert.deepEqual(
        items.map(({ number, status }) => [number, status]),
        [
          [2, 'ready'],
          [1, 'retired'],
        ],
      );
    });

    test('requests in flight end with the deployment they began with', async () => {
      const answers = Array.from({ length: 20 }, () => ask(ground));
      const [third] = await Promise.all([ground.deploy('sentiment/1'), ...answers]);
      assert.equal(third.status, 'ready');
      assert.ok((await Promise.all(answers)).every(({ label }) => label === 'negative'));
    });

    test('a request that is still being read when another deployment takes over is answered by its own', async () => {
      const text = Promise.withResolvers<string>();
      const requestId = newId();
      const slow = ask(ground, '', { requestId, read: async () => ({ columns: { text: [await text.promise] }, bytes: 1 }) });
      const fourth = await ground.deploy('sentiment/2');
      assert.equal((await ask(ground)).version, 2);
      text.resolve('flight delayed');
      assert.deepEqual(await slow, { label: 'negative', version: 1 });
      const logged = await ground.serving.find(ground.actor.project, `${requestId}.0`);
      assert.notEqual(logged!.deploymentId, fourth.id);
      await ground.deploy('sentiment/1');
    });

    test('a model that is gone fails clearly, and the former one goes on answering', async () => {
      const version = ground.versions.get('sentiment/1')!;
      ground.versions.set('sentiment/9', { ...version, number: 9, digest: `tree:${'9'.repeat(64)}` });
      const failed = await ground.deploy('sentiment/9');
      assert.equal(failed.status, 'failed');
      assert.match(failed.message!, /^Version 9 of sentiment cannot be served: blob tree:9+ does not exist/);
      assert.equal((await ask(ground)).version, 1);
      assert.equal((await ground.newsOf('deployment.failed')).length, 1);
    });

    test('a model that answers its input example otherwise than its trainer did never serves', async () => {
      const version = ground.versions.get('sentiment/1')!;
      const folder = path.join(ground.folder, 'changed');
      await ground.blobs.copyTree(version.digest as TreeDigest, folder);
      const expected = JSON.parse(await readFile(path.join(folder, 'expected_output.json'), 'utf8')) as { score: number[] };
      expected.score[0]! += 1e-12;
      await writeSigned(folder, 'expected_output.json', JSON.stringify(expected));
      const { tree } = await ground.blobs.putFolder(folder);
      ground.versions.set('sentiment/8', { ...version, number: 8, digest: tree });
      const failed = await ground.deploy('sentiment/8');
      assert.deepEqual([failed.status, /as its trainer did/.test(failed.message!)], ['failed', true]);
    });

    test('a damaged package never serves', async () => {
      const version = ground.versions.get('sentiment/1')!;
      const folder = path.join(ground.folder, 'damaged');
      await ground.blobs.copyTree(version.digest as TreeDigest, folder);
      await writeFile(path.join(folder, 'weights.bin'), 'no weights');
      const { tree } = await ground.blobs.putFolder(folder);
      ground.versions.set('sentiment/7', { ...version, number: 7, digest: tree });
      const failed = await ground.deploy('sentiment/7');
      assert.deepEqual([failed.status, /damaged/.test(failed.message!)], ['failed', true]);
    });

    test('an endpoint keeps its environment, and an undeclared one needs a model', async () => {
      const { actor, serving } = ground;
      await assert.rejects(serving.deploy(actor, { endpoint: 'sentiment', environment: 'staging' }), {
        code: 'conflict',
        reason: 'other_environment',
      });
      await assert.rejects(serving.deploy(actor, { endpoint: 'other' }), { code: 'failed_precondition', reason: 'endpoint_not_declared' });
      await assert.rejects(serving.deploy(actor, { endpoint: 'other', model: 'sentiment@nobody' }), { code: 'not_found' });
      await assert.rejects(serving.get(actor, 'other'), { code: 'not_found' });
    });

    test('a repeated key deploys once', async () => {
      const { actor, serving } = ground;
      const request = { endpoint: 'sentiment', model: 'sentiment/1', key: 'again' };
      const [first, repeated] = [await serving.deploy(actor, request), await serving.deploy(actor, request)];
      assert.deepEqual(repeated, first);
      await assert.rejects(serving.deploy(actor, { ...request, model: 'sentiment/2' }), {
        code: 'conflict',
        reason: 'idempotency_key_reused',
      });
    });

    test('endpoints and deployments are listed page by page', async () => {
      const { actor, stranger, serving } = ground;
      await serving.deploy(actor, { endpoint: 'another', model: 'sentiment/1' });
      const first = await serving.list(actor, { limit: 1 });
      const second = await serving.list(actor, { limit: 1, cursor: first.nextCursor! });
      assert.deepEqual(
        [...first.items, ...second.items].map(({ name: each }) => each),
        ['another', 'sentiment'],
      );
      assert.equal(second.nextCursor, null);
      assert.deepEqual((await serving.list(stranger, { limit: 10 })).items, []);
      const { items, nextCursor } = await serving.deployments(actor, 'sentiment', { limit: 2 });
      const rest = await serving.deployments(actor, 'sentiment', { limit: 100, cursor: nextCursor! });
      assert.deepEqual(
        [...items, ...rest.items].map(({ number }) => number),
        [9, 8, 7, 6, 5, 4, 3, 2, 1],
      );
    });

    test('a restart loads what answered before, and knows its traffic', async () => {
      await ask(ground);
      const before = ground.serving.facts(ground.actor.project).find(({ endpoint }) => endpoint === 'sentiment')!;
      const load = Promise.withResolvers<void>();
      const serving = await ground.restart({ openHost: (folder) => load.promise.then(() => openThreadHost(folder)) });
      await assert.rejects(ask(ground), { code: 'unavailable', reason: 'endpoint_not_ready' });
      load.resolve();
      await serving.settled();
      const { digest } = ground.versions.get('sentiment/1')!;
      assert.deepEqual(
        await readdir(path.join(ground.folder, 'cache', 'packages')),
        [digest.slice(5)],
        'copies that nobody needs are gone',
      );
      assert.deepEqual(await ask(ground), { label: 'negative', version: 1 });
      const now = serving.facts(ground.actor.project).find(({ endpoint }) => endpoint === 'sentiment')!;
      assert.deepEqual([now.requests, now.errors], [before.requests + 2, before.errors + 1]);
    });

    test('however far the clock leaps, a restart knows what came in the last five minutes', async () => {
      const requestsNow = () => ground.serving.facts(ground.actor.project).find(({ endpoint }) => endpoint === 'sentiment')!.requests;
      for (const days of [0, 7, 30]) {
        ground.clock.advance(days * 86_400_000);
        for (let i = 0; i <= days; i++) await ask(ground);
        const before = requestsNow();
        assert.ok(days === 0 || before === days + 1, `${before} after ${days} days`);
        await (await ground.restart()).settled();
        assert.equal(requestsNow(), before);
      }
      const listed = await ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit: 35 });
      const older = await ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit: 35, before: listed[30]!.id });
      assert.deepEqual(older.slice(0, 4), listed.slice(31));
    });

    test('a package that was lost is a clear failure after a restart, and mended by another one', async () => {
      const { digest } = ground.versions.get('sentiment/1')!;
      const [entry] = await ground.blobs.tree(digest as TreeDigest);
      const file = path.join(ground.folder, 'blobs', entry!.blob.slice(5, 7), entry!.blob.slice(7));
      const bytes = await readFile(file);
      await rm(file);
      await rm(path.join(ground.folder, 'cache'), { recursive: true });
      const serving = await ground.restart();
      await serving.settled();
      await assert.rejects(ask(ground), {
        code: 'unavailable',
        reason: 'endpoint_failed',
        message: /cannot be served: blob .* does not exist/,
      });
      assert.equal((await serving.get(ground.actor, 'sentiment')).deployment!.status, 'failed');
      await writeFile(file, bytes);
      await (await ground.restart()).settled();
      assert.equal((await ask(ground)).label, 'negative');
      assert.equal((await ground.serving.get(ground.actor, 'sentiment')).deployment!.status, 'ready');
    });

    test('a damaged copy of a package is made anew', async () => {
      const cache = path.join(ground.folder, 'cache', 'packages');
      for (const copy of await readdir(cache)) await writeFile(path.join(cache, copy, 'labels.json'), '["a","b"]');
      await (await ground.restart()).settled();
      assert.equal((await ask(ground)).label, 'negative');
    });

    test('traffic is told as news', async () => {
      await ground.serving.tellTraffic();
      const counted = await ground.newsOf('predictions.counted');
      const last = counted.at(-1)!;
      assert.equal(last.endpoint, 'sentiment');
      assert.ok(last.requests > 0 && last.p95Ms! > 0);
    });
  });
}
