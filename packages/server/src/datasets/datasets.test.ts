import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { type IngestOptions, treeDigest, hexOf, treeListing } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import { aManifest } from '../testing/a-manifest.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createDatasets, type Datasets } from './index.ts';

const csv = 'id,text,stars\n1,late again,1\n2,"thanks, crew",5\n3,late again,1\n';

for (const [name, start] of Object.entries(databases)) {
  describe(`datasets on ${name}`, () => {
    let ground: Ground;
    let datasets: Datasets;
    let actor: Actor;
    let scratch: string;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      scratch = path.join(ground.folder, 'scratch');
      await mkdir(scratch);
      datasets = createDatasets({ ...ground, scratch, maxUploadBytes: 10_000 });
    });
    after(async () => {
      await datasets.close();
      await ground.stop();
    });

    const ingest = (dataset: string, text: string, options: IngestOptions = {}) =>
      datasets.ingest(actor, { dataset, options, data: Readable.from([Buffer.from(text)]) });
    const leftOver = async () => (await readdir(scratch)).filter((file) => file !== 'tables');

    test('a file becomes a version with its schema, its digest and its counts', async () => {
      const { version, created } = await ingest('tweets', csv, { key: ['id'], source: 'tweets.csv' });
      assert.ok(created);
      const { number, rows, key, repeatedKeys, source, schema, bytes } = version;
      assert.deepEqual(
        { number, rows, key, repeatedKeys, source, bytes },
        { number: 1, rows: 3, key: ['id'], repeatedKeys: 0, source: 'tweets.csv', bytes: csv.length },
      );
      assert.deepEqual(
        schema.columns.map((column) => [column.name, column.type.type]),
        [
          ['id', 'int'],
          ['text', 'text'],
          ['stars', 'int'],
        ],
      );
      assert.deepEqual(await datasets.find(actor.project, 'tweets', 'latest'), version);
      assert.deepEqual(await datasets.byDigest(actor.project, version.digest), [version]);
      assert.deepEqual((await ground.newsOf('dataset_version.created')).at(-1), {
        dataset: 'tweets',
        number: 1,
        digest: version.digest,
        rows: 3,
        repeatedKeys: 0,
      });
      assert.deepEqual(await leftOver(), []);
    });

    test('the same table again is the same version, and another one the next', async () => {
      const first = await ingest('same', csv, { key: ['id'] });
      const again = await ingest('same', csv.replaceAll(',', '\t').replace('"thanks\t crew"', 'thanks, crew'), { key: ['id'] });
      assert.deepEqual(again, { version: first.version, created: false });
      assert.equal((await ingest('same', csv, { key: ['text'] })).version.number, 2);
      assert.equal((await ingest('same', `${csv}4,new,3\n`)).version.number, 3);
      const page = await datasets.versions(actor.project, 'same', { limit: 2 });
      const rest = await datasets.versions(actor.project, 'same', { limit: 2, cursor: page.nextCursor! });
      assert.deepEqual(
        [...page.items, ...rest.items].map((version) => version.number),
        [3, 2, 1],
      );
      assert.equal((await datasets.list(actor.project, { limit: 100 })).items.find((dataset) => dataset.name === 'same')?.latest, 3);
    });

    test('files sent at once get a number each', async () => {
      const sent = await Promise.all([1, 2, 3, 1, 2, 3].map((n) => ingest('crowd', `a\n${n}\n`)));
      const numbers = sent.filter(({ created }) => created).map(({ version }) => version.number);
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        numbers.map((_, i) => i + 1),
      );
    });

    test('a bad file is refused with its line, and nothing of it stays', async () => {
      await assert.rejects(ingest('bad', 'a,b\n1,2\n3\n'), { code: 'invalid_request', message: /Line 3/ });
      await assert.rejects(ingest('bad', ''), { code: 'invalid_request', reason: 'empty_file' });
      await assert.rejects(ingest('bad', 'a,b\n'), { code: 'invalid_request', reason: 'no_rows' });
      await assert.rejects(ingest('bad', 'x'.repeat(10_001)), { code: 'too_large', reason: 'file_too_large' });
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('a,b\n');
          throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        })(),
      );
      await assert.rejects(datasets.ingest(actor, { dataset: 'bad', options: {}, data: broken }), { reason: 'upload_broken_off' });
      await assert.rejects(datasets.find(actor.project, 'bad', 'latest'), { code: 'not_found' });
      assert.deepEqual(await leftOver(), []);
    });

    test('what the project declares is used where the sender says nothing', async () => {
      const { blobs, projects, db } = ground;
      const { digest } = await blobs.putBytes(treeListing([]));
      await db.write((tx) => projects.blobs.hold(tx, actor.project.id, [digest]));
      const [declared] = aManifest().datasets;
      const columns = [
        { name: 'id', type: { type: 'text' as const } },
        { name: 'said', from: 'text', type: { type: 'text' as const } },
      ];
      const manifest = aManifest({
        datasets: [{ ...declared!, columns }],
        pipelines: [],
        bundle: { format: 'boucle.bundle/1', tree: treeDigest(hexOf(digest)), packages: [] },
      });
      await projects.manifests.apply(actor, manifest);
      const { version } = await ingest('tweets', csv);
      assert.deepEqual([version.key, version.source], [['id'], 'data/tweets.csv']);
      assert.deepEqual(
        version.schema.columns.map((column) => [column.name, column.type.type]),
        [
          ['id', 'text'],
          ['said', 'text'],
        ],
      );
      const kept = await ingest('tweets', csv, { others: 'keep', key: [] });
      assert.deepEqual(
        kept.version.schema.columns.map((column) => column.name),
        ['id', 'said', 'stars'],
      );
    });

    test('rows are looked at in their order, or by identity, and the file is read in parts', async () => {
      const { version } = await ingest('looked', csv);
      const { project } = actor;
      const all = await datasets.rows(project, { dataset: 'looked', number: 1 }, { offset: 0, limit: 10 });
      assert.deepEqual(
        all.map((row) => row['text']),
        ['late again', 'thanks, crew', 'late again'],
      );
      assert.deepEqual(await datasets.rows(project, { dataset: 'looked', number: 1 }, { offset: 1, limit: 1 }), [all[1]]);
      const ids = [all[2]!['_row'], all[0]!['_row']] as string[];
      assert.deepEqual(await datasets.rows(project, { dataset: 'looked', number: 1 }, { offset: 0, limit: 1, rows: [...ids, 'nobody'] }), [
        all[2],
        all[0],
      ]);
      const file = await datasets.file(project, 'looked', 1);
      assert.deepEqual([file.etag, file.name], [version.blob, 'looked-1.parquet']);
      assert.equal((await buffer(await file.open({ start: 0, end: 3 }))).toString(), 'PAR1');
    });

    test('a version is looked at column by column, and held against the one before', async () => {
      await ingest('facts', csv, { key: ['id'] });
      await ingest('facts', 'id,text,stars\n1,late again,1\n2,"thanks, crew",4\n4,new,x\n', { key: ['id'] });
      await ingest('facts', 'id,text\n1,late again\n', { key: ['text'] });
      const { project } = actor;
      const { rows, columns } = await datasets.facts.profile(project, { dataset: 'facts', number: 1 });
      assert.deepEqual(
        [rows, columns.map(({ name, of }) => [name, of])],
        [
          3,
          [
            ['id', 'value'],
            ['text', 'length'],
            ['stars', 'value'],
          ],
        ],
      );
      const changes = await datasets.facts.changes(project, { dataset: 'facts', number: 2 });
      assert.deepEqual(changes.columns, { added: [], removed: [], changed: [{ name: 'stars', before: 'int', now: 'text' }] });
      const { added, removed, changed, same } = changes.rows!;
      assert.deepEqual([added, removed, changed, same], [1, 1, 0, 2]);
      const other = await datasets.facts.changes(project, { dataset: 'facts', number: 3, against: 1 });
      assert.deepEqual([other.columns.removed, other.rows], [[{ name: 'stars', type: 'int' }], null]);
      await assert.rejects(datasets.facts.changes(project, { dataset: 'facts', number: 1 }), { code: 'not_found' });
      assert.deepEqual(await datasets.facts.validation(project, { dataset: 'facts', number: 1 }), { expected: [], result: null });
      const [page] = (await datasets.list(project, { limit: 500 })).items.filter(({ name: of }) => of === 'facts');
      assert.deepEqual([page?.latest, page?.newest?.rows], [3, 1]);
    });

    test('what is expected is held against any version', async () => {
      const { blobs, projects, db } = ground;
      const { digest } = await blobs.putBytes(treeListing([]));
      await db.write((tx) => projects.blobs.hold(tx, actor.project.id, [digest]));
      const [declared] = aManifest().datasets;
      const expectation = { type: 'expect_column_values_to_not_be_null', columns: ['text'], args: {} };
      const manifest = aManifest({
        datasets: [{ ...declared!, name: 'expected', columns: [{ name: 'text', type: { type: 'text' } }], key: [], expect: [expectation] }],
        pipelines: [],
        bundle: { format: 'boucle.bundle/1', tree: treeDigest(hexOf(digest)), packages: [] },
      });
      await ingest('expected', 'text,n\n,1\nb,2\n');
      await projects.manifests.apply(actor, manifest);
      const { expected, result } = await datasets.facts.validation(actor.project, { dataset: 'expected', number: 1 });
      assert.deepEqual([expected, result?.success, result?.results[0]?.unexpected], [[expectation], false, 1]);
    });

    test('a dataset is seen in its project alone', async () => {
      await ingest('ours', csv);
      const { project } = ground.stranger;
      await assert.rejects(datasets.find(project, 'ours', 1), { code: 'not_found' });
      await assert.rejects(datasets.rows(project, { dataset: 'ours', number: 1 }, { offset: 0, limit: 1 }), { code: 'not_found' });
      assert.deepEqual((await datasets.list(project, { limit: 10 })).items, []);
      await assert.rejects(datasets.find(actor.project, 'ours', 9), { code: 'not_found' });
    });
  });
}
