import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { blobDigest, type BlobDigest } from '@boucle/contract';
import fc from 'fast-check';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { type ArtifactOwner, artifactStore } from './artifact-store.ts';
import { createTracking, type Tracking } from './index.ts';

const blob: BlobDigest = blobDigest('0'.repeat(64));
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Names around the slash, whose order is easily got wrong, and beyond 16 bits. */
const aName = fc.constantFrom('a', 'b', 'a-', 'a.', 'a0', '0', '!', 'é', '\u{10FFFF}', '\uE000');
const aPath = fc.array(aName, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** None is another's folder. */
const somePaths = fc
  .uniqueArray(aPath, { maxLength: 40 })
  .map((paths) => paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`))));

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};
/** A folder as it has to be listed: a folder stands where its files do. */
const listing = (paths: readonly string[], folder: string): string[] => {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return [...new Set(inside.map((rest) => (rest.includes('/') ? rest.slice(0, rest.indexOf('/') + 1) : rest)))]
    .sort(byBytes)
    .map((rest) => prefix + rest);
};

for (const [name, start] of Object.entries(databases)) {
  describe(`artifacts, on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    });
    after(() => ground.stop());

    let owners = 0;
    const anOwner = (): ArtifactOwner => `project:${++owners}`;
    const fill = (owner: ArtifactOwner, paths: readonly string[]) =>
      ground.db.write(async (tx) => {
        for (const path of paths) await artifactStore(tx).put(owner, { path, size: 1, blob }, ground.clock.now());
      });
    /** All pages, folders with a slash at their end, and how many statements they took. */
    const pagesOf = async (owner: ArtifactOwner, folder: string, limit: number) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await artifactStore(ground.db.read).list(owner, { folder, limit, cursor });
        assert.ok(page.items.length <= limit);
        seen.push(...page.items.map(({ path, kind }) => (kind === 'folder' ? `${path}/` : path)));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return seen;
    };

    test('a folder, page by page, is what a plain listing says', async () => {
      await fc.assert(
        fc.asyncProperty(somePaths, fc.integer({ min: 1, max: 5 }), async (paths, limit) => {
          const owner = anOwner();
          await fill(owner, paths);
          for (const folder of ['', 'a', 'a/b', 'a0']) assert.deepEqual(await pagesOf(owner, folder, limit), listing(paths, folder));
          const below = await all(artifactStore(ground.db.read).below(owner, 'a'));
          assert.deepEqual(
            below.map(({ path }) => path),
            paths.filter((path) => path.startsWith('a/')).sort(byBytes),
          );
        }),
        { numRuns: 60 },
      );
    });

    test('to remove a path takes the file or all that is below, and no neighbour', async () => {
      await fc.assert(
        fc.asyncProperty(somePaths, aPath, async (paths, gone) => {
          const owner = anOwner();
          await fill(owner, paths);
          await ground.db.write((tx) => artifactStore(tx).remove(owner, gone));
          const left = await all(artifactStore(ground.db.read).below(owner, ''));
          assert.deepEqual(
            left.map(({ path }) => path),
            paths.filter((path) => path !== gone && !path.startsWith(`${gone}/`)).sort(byBytes),
          );
        }),
        { numRuns: 30 },
      );
    });

    test('folders of 10,000 files are one entry each, for the price of a look', async () => {
      const owner = anOwner();
      const rows = ['big', 'huge'].flatMap((folder) => Array.from({ length: 10_000 }, (_, i) => `${folder}/${i}`));
      await ground.db.write(async (tx) => {
        for (let i = 0; i < rows.length; i += 1000)
          await tx
            .withTables<{ artifact: object }>()
            .insertInto('artifact')
            .values(rows.slice(i, i + 1000).map((path) => ({ owner, path, blob, size: 1, created_at: '' })))
            .execute();
      });
      await fill(owner, ['last']);
      assert.deepEqual(await pagesOf(owner, '', 100), ['big/', 'huge/', 'last']);
      assert.equal((await pagesOf(owner, 'huge', 500)).length, 10_000);
      assert.equal((await all(artifactStore(ground.db.read).below(owner, ''))).length, 20_001);
    });

    test('a cursor of another folder is refused', async () => {
      const owner = anOwner();
      await fill(owner, ['a/1', 'a/2', 'b/1']);
      const { nextCursor } = await artifactStore(ground.db.read).list(owner, { folder: 'a', limit: 1 });
      await assert.rejects(artifactStore(ground.db.read).list(owner, { folder: 'b', limit: 1, cursor: nextCursor! }), {
        reason: 'unknown_cursor',
      });
    });

    const bytes = (content: string): Readable => Readable.from([Buffer.from(content)]);

    test('an artifact is kept under its path, replaced while the run goes on, read in parts, and removed', async () => {
      const { artifacts, runs } = tracking;
      const { actor } = ground;
      const { id } = await runs.start(actor, {});
      const owner: ArtifactOwner = `run:${id}`;
      const put = (path: string, content: string) => artifacts.put(actor, owner, { path, data: bytes(content) });
      await put('plots/loss.txt', 'old');
      const { blob: digest } = await put('plots/loss.txt', '0123456789');
      await put('z', 'same');
      const top = { folder: '', limit: 10 };
      assert.deepEqual((await artifacts.list(actor.project, owner, { ...top, folder: 'plots' })).items, [
        { path: 'plots/loss.txt', kind: 'file', size: 10, blob: digest },
      ]);
      const file = await artifacts.get(actor.project, owner, 'plots/loss.txt');
      assert.deepEqual([file.size, file.name, file.etag], [10, 'loss.txt', digest]);
      assert.equal(await text(await file.open({ start: 8, end: 9 })), '89');
      await assert.rejects(put('plots', 'x'), { reason: 'path_taken' });
      await assert.rejects(put('z/below', 'x'), { reason: 'path_taken' });
      await assert.rejects(put('big', 'x'.repeat(1001)), { code: 'too_large' });
      await assert.rejects(artifacts.put(actor, owner, { path: 'big', data: bytes('x'), announced: 1001 }), { code: 'too_large' });
      for (const gone of ['nope', 'plots']) await assert.rejects(artifacts.get(actor.project, owner, gone), { code: 'not_found' });
      await artifacts.remove(actor, owner, { path: 'plots' });
      await artifacts.remove(actor, owner, { path: 'never was' });
      assert.deepEqual(
        (await artifacts.list(actor.project, owner, top)).items.map(({ path }) => path),
        ['z'],
      );
    });

    test('paths that lead elsewhere, or read differently elsewhere, are refused', async () => {
      const { artifacts } = tracking;
      const owner: ArtifactOwner = `project:${ground.actor.project.id}`;
      const bad = ['', '/a', '../a', 'a/..', 'a//b', 'a/', './a', 'a/.', 'a\\b', 'a\0', 'a\n', '\uFFFD', '\uD800', 'x'.repeat(513)];
      for (const path of bad)
        await assert.rejects(artifacts.put(ground.actor, owner, { path, data: bytes('x') }), { reason: 'bad_artifact_path' }, path);
    });

    test('what belongs to a project, a run or anything else is found in its own project alone', async () => {
      const { artifacts, runs } = tracking;
      const { actor, stranger } = ground;
      const { id } = await runs.start(actor, {});
      for (const owner of [`run:${id}`, `project:${actor.project.id}`] as const) {
        await artifacts.put(actor, owner, { path: 'mine', data: bytes('x') });
        const missing = { code: 'not_found' };
        await assert.rejects(artifacts.get(stranger.project, owner, 'mine'), missing);
        await assert.rejects(artifacts.put(stranger, owner, { path: 'mine', data: bytes('y') }), missing);
        await assert.rejects(artifacts.remove(stranger, owner, { path: 'mine' }), missing);
        await assert.rejects(artifacts.list(stranger.project, owner, { folder: '', limit: 1 }), missing);
        await assert.rejects(all(artifacts.below(stranger.project, owner)), missing);
      }
    });
  });
}
