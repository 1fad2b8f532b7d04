import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { type BlobDigest, hexOf, type Manifest, treeDigest, treeListing } from '@boucle/contract';
import { aConsumer, aManifest } from '../testing/a-manifest.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { defaultProject } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`projects on ${name}`, () => {
    let ground: Ground;
    before(async () => {
      ground = await layGround(start);
    });
    after(() => ground.stop());

    /** Uploads a bundle of one file and answers with a manifest over it. */
    const uploaded = async (source: string, more: Partial<Manifest> = {}): Promise<Manifest> => {
      const { blobs, projects, actor } = ground;
      const put = async (bytes: string): Promise<BlobDigest> => {
        const { digest } = await blobs.putBytes(bytes);
        await projects.blobs.put(actor, digest, Readable.from([Buffer.from(bytes)]));
        return digest;
      };
      const blob = await put(source);
      const listing = await put(treeListing([{ path: 'steps/clean.ts', blob, size: source.length }]));
      return aManifest({ bundle: { format: 'boucle.bundle/1', tree: treeDigest(hexOf(listing)), packages: [] }, ...more });
    };

    test('a project is found by its name, and a name is taken once', async () => {
      const { projects, actor } = ground;
      assert.equal((await projects.resolve('airline')).id, actor.project.id);
      await assert.rejects(projects.resolve('nowhere'), { code: 'not_found', message: /nowhere/ });
      await assert.rejects(projects.create(actor, { name: 'airline' }), { code: 'conflict', reason: 'already_exists' });
      assert.deepEqual(await projects.get(actor.project), {
        name: 'airline',
        problem: '',
        createdAt: '2026-01-01T00:00:00.000Z',
        manifestId: null,
      });
    });

    test('the default project is made once, under its fixed id', async () => {
      const { projects } = ground;
      await Promise.all([projects.ensureDefault(), projects.ensureDefault()]);
      await projects.ensureDefault();
      assert.deepEqual(await projects.resolve('default'), defaultProject);
    });

    test('projects are listed by name, page by page', async () => {
      const { projects, actor } = ground;
      for (const name of ['Zebra', 'a-1', 'a.2']) await projects.create(actor, { name });
      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await projects.list({ limit: 2, ...(cursor && { cursor }) });
        seen.push(...page.items.map((project) => project.name));
        cursor = page.nextCursor;
      } while (cursor);
      assert.deepEqual(seen, [...seen].sort());
      assert.ok(['Zebra', 'a-1', 'a.2', 'airline'].every((one) => seen.includes(one)));
    });

    test('a manifest is applied once its blobs are here, and numbered from one', async () => {
      const { projects, actor } = ground;
      await assert.rejects(projects.manifests.current(actor.project), { code: 'not_found', reason: 'no_manifest' });
      const missing = aManifest();
      await assert.rejects(projects.manifests.apply(actor, missing), { code: 'failed_precondition', reason: 'blobs_missing' });
      assert.deepEqual((await projects.manifests.preview(actor.project, missing)).missing, [`blob:${'2'.repeat(64)}`]);

      const manifest = await uploaded('export {}');
      const first = await projects.manifests.apply(actor, manifest);
      assert.equal(first.number, 1);
      assert.deepEqual(await projects.manifests.current(actor.project), first);
      assert.equal((await projects.get(actor.project)).problem, manifest.problem);
      assert.deepEqual(await projects.manifests.apply(actor, manifest), first);

      const second = await projects.manifests.apply(actor, await uploaded('export {}', { problem: 'Another' }));
      assert.equal(second.number, 2);
      assert.deepEqual(await projects.manifests.get(actor.project, first.id), first);
      assert.deepEqual(await ground.newsOf('manifest.applied'), [
        { manifestId: first.id, number: 1, changes: 5 },
        { manifestId: second.id, number: 2, changes: 1 },
      ]);
    });

    test('manifests applied at once get a number each', async () => {
      const { projects, actor } = ground;
      const before = (await projects.manifests.current(actor.project)).number;
      const manifests = await Promise.all(['a', 'b', 'c', 'd'].map((problem) => uploaded('export {}', { problem })));
      const applied = await Promise.all(manifests.map((manifest) => projects.manifests.apply(actor, manifest)));
      assert.deepEqual(
        applied.map(({ number }) => number).sort((a, b) => a - b),
        [1, 2, 3, 4].map((n) => before + n),
      );
    });

    test('a manifest, a plan and a blob are seen in their project alone', async () => {
      const { projects, actor, stranger } = ground;
      const manifest = await uploaded('export const secret = 1');
      const { id } = await projects.manifests.apply(actor, manifest);
      await assert.rejects(projects.manifests.get(stranger.project, id), { code: 'not_found' });
      await assert.rejects(projects.manifests.apply(stranger, manifest), { reason: 'wrong_project' });
      await assert.rejects(projects.manifests.apply(stranger, { ...manifest, project: stranger.project.name }), {
        reason: 'blobs_missing',
      });
      await assert.rejects(projects.blobs.get(stranger.project, manifest.bundle.tree.replace('tree', 'blob')), { code: 'not_found' });
    });

    test('bytes go in under their digest and come out in ranges', async () => {
      const { blobs, projects, actor } = ground;
      const { digest } = await blobs.putBytes('0123456789');
      const unknown = `blob:${'9'.repeat(64)}`;
      assert.deepEqual(await projects.blobs.missing(actor.project, [digest, unknown, digest]), [digest, unknown]);
      await projects.blobs.put(actor, digest, Readable.from([Buffer.from('0123456789')]));
      assert.deepEqual(await projects.blobs.missing(actor.project, [digest, unknown]), [unknown]);
      const file = await projects.blobs.get(actor.project, digest);
      assert.equal(file.size, 10);
      assert.equal(await text(await file.open()), '0123456789');
      assert.equal(await text(await file.open({ start: 2, end: 4 })), '234');
      await assert.rejects(projects.blobs.put(actor, unknown, Readable.from([Buffer.from('x')])), { reason: 'digest_mismatch' });
      await assert.rejects(projects.blobs.put(actor, unknown, Readable.from([Buffer.alloc(1_000_001)])), { code: 'too_large' });
    });

    test('a manifest with something wrong in it is refused before anything else', async () => {
      const { projects, actor } = ground;
      const cyclic = aManifest({}, [aConsumer('a', 'b'), aConsumer('b', 'a')]);
      await assert.rejects(projects.manifests.apply(actor, cyclic), {
        code: 'invalid_request',
        reason: 'plan_cycle',
        message: /a → b → a/,
      });
    });
  });
}
