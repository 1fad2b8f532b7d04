import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { requirePackage, type TreeDigest } from '@boucle/contract';
import { trainTextClassifier } from '@boucle/models';
import type { Actor } from '../governance/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking, type Tracking } from '../tracking/index.ts';
import { createRegistry, type Registry } from './index.ts';

const texts = ['late again', 'thanks a lot', 'late and lost', 'great crew', 'lost bag', 'thanks crew'];
const labels = ['bad', 'good', 'bad', 'good', 'bad', 'good'];

for (const [name, start] of Object.entries(databases)) {
  describe(`registry on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let registry: Registry;
    let actor: Actor;
    let source: string;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      registry = createRegistry({
        ...ground,
        tracking,
        scratch: ground.folder,
        gates: { declaredEndpoint: async () => undefined, readTable: async function* () {} },
      });
      source = path.join(ground.folder, 'package');
      const trained = await trainTextClassifier({ texts, labels }, { approach: 'logistic-regression', seed: 1, minDf: 1 });
      await trained.save(source, { inputExample: { text: ['late'] } });
    });
    after(() => ground.stop());

    /** A package of its own, with an extra file that makes it so. */
    const aPackage = async (extra: Readonly<Record<string, string | undefined>> = {}): Promise<TreeDigest> => {
      const folder = path.join(ground.folder, `package-${Math.random()}`);
      await cp(source, folder, { recursive: true });
      for (const [file, content] of Object.entries(extra)) {
        if (content === undefined) await rm(path.join(folder, file));
        else await writeFile(path.join(folder, file), content);
      }
      const { tree, entries } = await ground.blobs.putFolder(folder);
      await ground.db.write((tx) => ground.projects.blobs.hold(tx, actor.project.id, [tree, ...entries.map(({ blob }) => blob)]));
      return tree;
    };
    const create = async (model: string, note: string) =>
      registry.versions.create(actor, { model, digest: await aPackage({ 'note.txt': note }) });

    test('a package is registered with what it says of itself, and the same package again is the same version', async () => {
      const digest = await aPackage();
      const run = await tracking.runs.start(actor, {});
      const version = await registry.versions.create(actor, { model: 'mood', digest, runId: run.id });
      assert.deepEqual([version.number, version.task, version.labels], [1, 'text-classification', ['bad', 'good']]);
      assert.deepEqual(version.signature?.inputs, [{ name: 'text', datatype: 'BYTES', shape: [-1] }]);
      assert.deepEqual([version.runId, version.correlationId], [run.id, run.correlationId]);
      assert.deepEqual(await registry.versions.create(actor, { model: 'mood', digest }), version);
      assert.deepEqual(await registry.versions.get(actor.project, 'mood', 1), version);
      assert.deepEqual(await registry.versions.byId(actor.project, version.id), version);
      assert.equal((await create('mood', 'another')).number, 2);
      assert.equal((await registry.models.get(actor.project, 'mood')).latest, 2);
      assert.deepEqual(
        (await ground.newsOf('model_version.registered')).map(({ model, number }) => [model, number]),
        [
          ['mood', 1],
          ['mood', 2],
        ],
      );
    });

    test('packages registered at once get a number each', async () => {
      const digests = [];
      for (let i = 0; i < 6; i++) digests.push(await aPackage({ 'note.txt': `crowd ${i}` }));
      const versions = await Promise.all(
        [...digests, ...digests].map((digest) => registry.versions.create(actor, { model: 'crowd', digest })),
      );
      assert.deepEqual(
        [...new Set(versions.map(({ number }) => number))].sort((a, b) => a - b),
        [1, 2, 3, 4, 5, 6],
      );
    });

    test('a step registers with its evidence, and points the alias in the same write', async () => {
      const info = await registry.versions.describe(await aPackage({ 'note.txt': 'step' }));
      const evidence = [{ metric: 'f1', value: 0.9, interval: [0.8, 0.95] as [number, number], digest: `rows:${'1'.repeat(64)}` }];
      const input = {
        model: 'stepped',
        package: info,
        runId: 'a'.repeat(32),
        stepRunId: 'b'.repeat(32),
        evidence,
        predictions: `rows:${'1'.repeat(64)}`,
        correlationId: 'c'.repeat(32),
        alias: 'champion',
      };
      await assert.rejects(
        ground.db.write(async () => {
          await registry.versions.register(actor, input);
          throw new Error('the attempt was fenced');
        }),
        /fenced/,
      );
      await assert.rejects(registry.models.get(actor.project, 'stepped'), { code: 'not_found' });
      const version = await ground.db.write(() => registry.versions.register(actor, input));
      assert.deepEqual([version.evidence, version.aliases, version.stepRunId], [evidence, ['champion'], 'b'.repeat(32)]);
      assert.deepEqual(await registry.resolve(actor.project, 'stepped@champion'), version);
    });

    test('an alias moves from version to version, and tells where it was', async () => {
      for (const note of ['one', 'two']) await create('moved', note);
      const set = (number: number) => registry.aliases.set(actor, { model: 'moved', alias: 'champion', number });
      assert.deepEqual((await set(1)).aliases, ['champion']);
      await set(2);
      await set(2);
      const moves = (await ground.newsOf('alias.moved')).filter(({ model }) => model === 'moved');
      assert.deepEqual(
        moves.map(({ number, before }) => [before, number]),
        [
          [null, 1],
          [1, 2],
        ],
      );
      assert.deepEqual((await registry.models.get(actor.project, 'moved')).aliases, { champion: 2 });
      assert.deepEqual((await registry.versions.get(actor.project, 'moved', 1)).aliases, []);
      await registry.aliases.remove(actor, { model: 'moved', alias: 'champion' });
      await assert.rejects(registry.aliases.remove(actor, { model: 'moved', alias: 'champion' }), { reason: 'unknown_alias' });
    });

    test('a reference that leads nowhere is told with what there is', async () => {
      await create('known', 'k');
      await registry.aliases.set(actor, { model: 'known', alias: 'champion', number: 1 });
      const { project } = actor;
      assert.equal((await registry.resolve(project, 'known/1')).number, 1);
      await assert.rejects(registry.resolve(project, 'known@best'), {
        code: 'not_found',
        reason: 'unknown_alias',
        message: /it has champion/,
      });
      for (const alias of ['__proto__', 'constructor', 'toString'])
        await assert.rejects(registry.aliases.get(project, { model: 'known', alias }), { reason: 'unknown_alias' });
      await assert.rejects(registry.resolve(project, 'known/7'), { code: 'not_found', reason: 'unknown_version', message: /latest is 1/ });
      await assert.rejects(registry.resolve(project, 'unknown@best'), { code: 'not_found' });
      await assert.rejects(registry.resolve(project, 'known'), { code: 'invalid_request', reason: 'bad_model_reference' });
      await assert.rejects(registry.aliases.set(actor, { model: 'known', alias: 'Latest', number: 1 }), { reason: 'reserved_alias' });
      await assert.rejects(registry.aliases.set(actor, { model: 'known', alias: 'v2', number: 1 }), { reason: 'reserved_alias' });
    });

    test('a damaged package is not registered', async () => {
      const ml = JSON.parse(await readFile(path.join(source, 'MLmodel'), 'utf8')) as {
        flavors: { boucle: { data: { labels: string; weights: string } } };
      };
      const { labels: labelsFile, weights } = ml.flavors.boucle.data;
      const ways = [
        { MLmodel: undefined },
        { MLmodel: '{' },
        { MLmodel: '{}' },
        { [weights]: undefined },
        { [weights]: 'other weights' },
        { SHA256SUMS: undefined },
        { [labelsFile]: '"no list"' },
        { [labelsFile]: '[' },
      ];
      for (const way of ways) {
        const digest = await aPackage(way);
        const refused = { code: 'failed_precondition', reason: 'damaged_package' };
        await assert.rejects(registry.versions.create(actor, { model: 'broken', digest }), refused, JSON.stringify(way));
      }
      await assert.rejects(registry.models.get(actor.project, 'broken'), { code: 'not_found' });
    });

    test('what others logged is registered with the signature it has, if it has one; nothing else is a package', async () => {
      const python = (signature: object | null) => JSON.stringify({ flavors: { python_function: {} }, signature });
      const number = JSON.stringify([{ type: 'long', name: 'n', required: true }]);
      const columns = [{ name: 'n', datatype: 'INT64', shape: [-1] }];
      const register = async (way: Record<string, string | undefined>) =>
        registry.versions.create(actor, { model: 'foreign', digest: await aPackage(way) });
      const said = await register({ MLmodel: python({ inputs: number, outputs: number }) });
      assert.deepEqual([said.task, said.signature, said.labels], [null, { inputs: columns, outputs: columns }, []]);
      assert.equal((await register({ MLmodel: python(null) })).signature, null);
      assert.equal((await register({ MLmodel: undefined, 'net.onnx': 'the file says it when it is loaded' })).signature, null);
      await assert.rejects(register({ MLmodel: '{"flavors": {"crate": {}}}' }), { code: 'failed_precondition', reason: 'not_servable' });
    });

    test('a package and a version are seen in their project alone', async () => {
      const { digest } = requirePackage(await create('ours', 'ours'));
      const { project } = ground.stranger;
      await assert.rejects(registry.versions.create(ground.stranger, { model: 'theirs', digest }), { code: 'not_found' });
      // Whoever knows the digests of another's files may list them, and still not have them.
      const listing = await ground.blobs.readBytes(digest as TreeDigest);
      await ground.projects.blobs.put(ground.stranger, digest.replace('tree', 'blob'), Readable.from([listing]));
      await assert.rejects(registry.versions.create(ground.stranger, { model: 'theirs', digest }), { code: 'not_found' });
      await assert.rejects(registry.versions.get(project, 'ours', 1), { code: 'not_found' });
      await assert.rejects(registry.resolve(project, 'ours/1'), { code: 'not_found' });
      assert.deepEqual((await registry.models.list(project, { limit: 10 })).items, []);
    });

    test('versions are listed newest first, models by name, and files of a package read', async () => {
      for (const note of ['1', '2', '3']) await create('listed', note);
      const { project } = actor;
      const first = await registry.versions.list(project, 'listed', { limit: 2 });
      const second = await registry.versions.list(project, 'listed', { limit: 2, cursor: first.nextCursor! });
      assert.deepEqual(
        [...first.items, ...second.items].map(({ number }) => number),
        [3, 2, 1],
      );
      const names = (await registry.models.list(project, { limit: 100 })).items.map((model) => model.name);
      assert.deepEqual(names, [...names].sort());
      const file = await registry.versions.file(project, { model: 'listed', number: 2 }, 'note.txt');
      assert.equal(await text(await file.open()), '2');
      await assert.rejects(registry.versions.file(project, { model: 'listed', number: 2 }, 'nope'), { code: 'not_found' });
    });
  });
}
