import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { createBlobs } from '../platform/blobs/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import type { ArtifactOwner } from './artifact-store.ts';
import { createTracking, type Tracking } from './index.ts';

const bytes = (content: string): Readable => Readable.from([Buffer.from(content)]);

for (const [name, start] of Object.entries(databases)) {
  describe(`uploads in parts, on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let owner: ArtifactOwner;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      owner = `project:${ground.actor.project.id}`;
    });
    after(() => ground.stop());

    const begin = (where: string) => tracking.artifacts.uploads.begin(ground.actor, owner, { path: where });
    const put = (id: string, number: number, content: string) =>
      tracking.artifacts.uploads.putPart(ground.actor, { id, number, data: bytes(content) });
    const complete = (id: string, parts?: { number: number; digest: string }[]) =>
      tracking.artifacts.uploads.complete(ground.actor, { owner, id, ...(parts && { parts }) });
    const read = async (where: string) => text(await (await tracking.artifacts.get(ground.actor.project, owner, where)).open());
    const partsOnDisk = () => readdir(path.join(ground.folder, 'blobs/parts'));

    test('parts come in any order, again, and after a restart, and are one file in the end', async () => {
      const { id } = await begin('large/file');
      await put(id, 2, 'two');
      await put(id, 1, 'wrong');
      const restarted = createTracking({ ...ground, blobs: await createBlobs(path.join(ground.folder, 'blobs')), maxUploadBytes: 1000 });
      await restarted.artifacts.uploads.start();
      await put(id, 1, 'one ');
      await put(id, 12, ' twelve');
      const { parts } = await restarted.artifacts.uploads.get(ground.actor, owner, id);
      assert.deepEqual(
        parts.map(({ number, size }) => [number, size]),
        [
          [1, 4],
          [2, 3],
          [12, 7],
        ],
      );
      await assert.rejects(tracking.artifacts.get(ground.actor.project, owner, 'large/file'), { code: 'not_found' });
      const [one, two] = await Promise.all([complete(id), complete(id)]);
      assert.deepEqual([one, two], [await complete(id), one]);
      assert.equal(one.size, 14);
      assert.equal(await read('large/file'), 'one two twelve');
      assert.deepEqual(await partsOnDisk(), []);
      await assert.rejects(put(id, 3, 'late'), { reason: 'upload_ended' });
    });

    test('the parts that are named are held against what came', async () => {
      const { id } = await begin('named');
      await assert.rejects(complete(id), { reason: 'part_missing' });
      const [a, b] = [await put(id, 1, 'a'), await put(id, 2, 'b')];
      await put(id, 3, 'not wanted');
      await assert.rejects(complete(id, []), { reason: 'part_missing' });
      await assert.rejects(complete(id, [a, b, { ...b, number: 4 }]), { reason: 'part_missing' });
      await assert.rejects(complete(id, [a, { ...b, digest: a.digest }]), { reason: 'part_differs' });
      await assert.rejects(complete(id, [a, a]), { reason: 'part_doubled' });
      await complete(id, [b, a]);
      assert.equal(await read('named'), 'ab');
    });

    test('one that is given up leaves nothing, and no more is taken than a file may have', async () => {
      const { id } = await begin('given up');
      await put(id, 1, 'x'.repeat(600));
      await put(id, 1, 'x'.repeat(900));
      await assert.rejects(put(id, 2, 'x'.repeat(101)), { code: 'too_large' });
      for (const number of [0, 10_001, 1.5]) await assert.rejects(put(id, number, 'x'), { reason: 'bad_part_number' });
      await tracking.artifacts.uploads.abort(ground.actor, owner, id);
      await tracking.artifacts.uploads.abort(ground.actor, owner, id);
      assert.deepEqual(await partsOnDisk(), []);
      await assert.rejects(put(id, 2, 'x'), { code: 'not_found' });
      await assert.rejects(complete(id), { code: 'not_found' });
    });

    test('what nobody ended in a day is swept', async () => {
      const { id } = await begin('forgotten');
      await put(id, 1, 'x');
      ground.clock.advance(24 * 3600 * 1000);
      const { id: fresh } = await begin('fresh');
      await put(fresh, 1, 'y');
      ground.clock.advance(1000);
      await begin('another');
      await assert.rejects(complete(id), { code: 'not_found' });
      assert.equal((await partsOnDisk()).length, 1);
      await complete(fresh);
    });

    test('an upload is found in its own project, and by its own owner, alone', async () => {
      const { id } = await begin('mine');
      const { uploads } = tracking.artifacts;
      const missing = { code: 'not_found' };
      await assert.rejects(uploads.putPart(ground.stranger, { id, number: 1, data: bytes('x') }), missing);
      await assert.rejects(uploads.complete(ground.stranger, { owner, id }), missing);
      await assert.rejects(uploads.get(ground.actor, 'run:1', id), missing);
      await uploads.abort(ground.stranger, owner, id);
      await put(id, 1, 'x');
      await complete(id);
    });

    test('a path that is taken, or no path, is refused', async () => {
      await assert.rejects(begin('../up'), { reason: 'bad_artifact_path' });
      await tracking.artifacts.put(ground.actor, owner, { path: 'file', data: bytes('x') });
      const { id } = await begin('file/below');
      await put(id, 1, 'x');
      await assert.rejects(complete(id), { reason: 'path_taken' });
    });
  });
}
