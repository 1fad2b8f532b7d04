import assert from 'node:assert/strict';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { api, type BlobDigest, blobDigest, hexOf, type TreeDigest, treeDigest, treeListing } from '@boucle/contract';
import { trainTextClassifier } from '@boucle/models';
import { type ApiError, type Client, createClient } from '@boucle/sdk';
import Fastify, { type FastifyInstance } from 'fastify';
import { createDatasets, type Datasets } from '../../src/datasets/index.ts';
import { diskFiles, type Files } from '../../src/platform/files/index.ts';
import { silentLog } from '../../src/platform/index.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { aConsumer, aManifest } from '../../src/testing/a-manifest.ts';
import { databases } from '../../src/testing/databases.ts';
import { type Ground, layGround } from '../../src/testing/ground.ts';
import { inProcess } from '../../src/testing/in-process.ts';
import { createTracking } from '../../src/tracking/index.ts';
import { bind } from '../../src/http/bind.ts';
import { onError } from '../../src/http/problem.ts';
import { compileValidator } from '../../src/http/validator.ts';
import { datasetHandlers } from '../../src/http/handlers/datasets.ts';
import { blobHandlers, manifestHandlers, projectHandlers } from '../../src/http/handlers/projects.ts';
import { aliasHandlers, modelHandlers } from '../../src/http/handlers/registry.ts';
import { openGate } from '../../src/testing/open-gate.ts';
import { experimentHandlers, runHandlers } from '../../src/http/handlers/tracking.ts';

const { reproduce: _, reproduction: __, ...runs } = api.runs;
const { projects, manifests, blobs, datasets, experiments, models, aliases } = api;
const routes = { projects, manifests, blobs, datasets, experiments, runs, models, aliases };

const texts = ['late again', 'thanks a lot', 'late and lost', 'great crew', 'lost bag', 'thanks crew'];
const labels = ['bad', 'good', 'bad', 'good', 'bad', 'good'];
const csv = `id,text\n${texts.map((text, i) => `${i},${text}\n`).join('')}`;
const absent = 'f'.repeat(32);
const nowhere = 'not-a-cursor';

for (const [name, start] of Object.entries(databases)) {
  describe(`what is recorded, through the SDK, on ${name}`, () => {
    let ground: Ground;
    let app: FastifyInstance;
    let client: Client;
    let stored: Datasets;
    let isFull = false;
    /** A disk that can be filled. */
    const files: Files = {
      ...diskFiles,
      create: (file) => (isFull ? Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' })) : diskFiles.create(file)),
    };

    before(async () => {
      ground = await layGround(start, { maxUploadBytes: 50_000, files });
      const scratch = path.join(ground.folder, 'scratch');
      await mkdir(scratch);
      const tracking = createTracking({ ...ground, maxUploadBytes: 50_000 });
      const registry = createRegistry({
        ...ground,
        tracking,
        scratch,
        gates: { declaredEndpoint: async () => undefined, readTable: async function* () {} },
      });
      stored = createDatasets({ ...ground, scratch, maxUploadBytes: 50_000 });
      app = Fastify({ routerOptions: { maxParamLength: 600 } });
      app.setValidatorCompiler(compileValidator);
      app.setErrorHandler(onError({ ...silentLog, error: (_, facts) => console.error(facts) }));
      bind(app, {
        routes,
        handlers: {
          projects: projectHandlers(ground.projects),
          manifests: manifestHandlers(ground.projects),
          blobs: blobHandlers(ground.projects),
          datasets: datasetHandlers(stored),
          experiments: experimentHandlers(tracking),
          runs: runHandlers(tracking),
          models: modelHandlers(registry, { explain: () => Promise.reject(new Error('there is no serving here')) }),
          aliases: aliasHandlers(registry),
        },
        door: { callerOf: async () => ground.actor, resolveProject: ground.projects.resolve, gate: openGate, checkAnswers: true },
      });
      client = createClient({ baseUrl: 'http://localhost', fetch: inProcess(app) });
    });
    after(async () => {
      await app.close();
      await stored.close();
      await ground.stop();
    });

    const project = 'airline';
    const here = { project };
    /** The route refuses so. */
    const refuses = async (
      route: string,
      call: (client: Client) => Promise<unknown>,
      ...[code, reason]: [code: string, reason?: string]
    ) => {
      await assert.rejects(call(client), (error: ApiError) => {
        assert.deepEqual(
          [error.code, ...(reason ? [error.reason] : [])],
          [code, ...(reason ? [reason] : [])],
          `${route}: ${error.message}`,
        );
        return true;
      });
    };
    const upload = async (bytes: Buffer | string): Promise<BlobDigest> => {
      const { digest } = await ground.blobs.putBytes(bytes);
      await client.blobs.put({ params: { ...here, digest }, data: bytes });
      return digest;
    };
    const uploadTree = async (folder: string): Promise<TreeDigest> => {
      const { entries } = await ground.blobs.putFolder(folder);
      for (const entry of entries) await upload(await readFile(path.join(folder, entry.path)));
      return treeDigest(hexOf(await upload(treeListing(entries))));
    };
    /** Takes the bytes of a blob away, as a broken disk would. */
    const lose = (digest: string) => rm(path.join(ground.folder, 'blobs', digest.slice(5, 7), digest.slice(7)));

    test('projects', async () => {
      const made = await client.projects.create({ body: { name: 'made', problem: 'To be found' } });
      assert.deepEqual(await client.projects.get({ params: { project: 'made' } }), made);
      assert.ok((await client.projects.list({ query: {} })).items.some((one) => one.name === 'made'));
      await refuses('projects.list', (c) => c.projects.list({ query: { cursor: nowhere } }), 'invalid_request', 'unknown_cursor');
      await refuses('projects.get', (c) => c.projects.get({ params: { project: 'nobody' } }), 'not_found');
      await refuses('projects.create', (c) => c.projects.create({ body: { name: '../x' } }), 'invalid_request', 'schema_mismatch');
      await refuses('projects.create', (c) => c.projects.create({ body: { name: 'made' } }), 'conflict', 'already_exists');
    });

    test('blobs', async () => {
      const digest = await upload('0123456789');
      assert.equal(await (await client.blobs.get({ params: { ...here, digest } })).text(), '0123456789');
      const part = await client.blobs.get({ params: { ...here, digest } }, { range: { start: 3, end: 5 } });
      assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 3-5/10', '345']);
      const unknown = blobDigest('9'.repeat(64));
      assert.deepEqual(await client.blobs.missing({ params: here, body: { digests: [digest, unknown] } }), { missing: [unknown] });
      const put = (data: string) => (c: Client) => c.blobs.put({ params: { ...here, digest: unknown }, data });
      await refuses('blobs.put', put('other'), 'invalid_request', 'digest_mismatch');
      await refuses('blobs.put', put('x'.repeat(50_001)), 'too_large', 'blob_too_large');
      isFull = true;
      await refuses('blobs.put', put('x'), 'unavailable', 'disk_full');
      isFull = false;
      await refuses('blobs.get', (c) => c.blobs.get({ params: { ...here, digest: unknown } }), 'not_found');
      const beyond = (c: Client) => c.blobs.get({ params: { ...here, digest } }, { range: { start: 10 } });
      await refuses('blobs.get', beyond, 'invalid_request', 'range_not_satisfiable');
      await lose(digest);
      await refuses('blobs.get', (c) => c.blobs.get({ params: { ...here, digest } }), 'failed_precondition', 'blob_lost');
      await refuses('blobs.missing', (c) => c.blobs.missing({ params: here, body: { digests: ['x'] } }), 'invalid_request');
      assert.deepEqual(await client.blobs.missing({ params: here, body: { digests: [digest] } }), { missing: [digest] });
    });

    test('manifests', async () => {
      await refuses('manifests.current', (c) => c.manifests.current({ params: here }), 'not_found', 'no_manifest');
      const cyclic = aManifest({}, [aConsumer('a', 'b'), aConsumer('b', 'a')]);
      await refuses(
        'manifests.preview',
        (c) => c.manifests.preview({ params: here, body: { manifest: cyclic } }),
        'invalid_request',
        'plan_cycle',
      );
      await refuses(
        'manifests.apply',
        (c) => c.manifests.apply({ params: here, body: { manifest: cyclic } }),
        'invalid_request',
        'plan_cycle',
      );
      const early = aManifest();
      await refuses(
        'manifests.apply',
        (c) => c.manifests.apply({ params: here, body: { manifest: early } }),
        'failed_precondition',
        'blobs_missing',
      );
      const source = 'export const clean = () => {};';
      const sources = treeListing([{ path: 'steps/clean.ts', blob: await upload(source), size: source.length }]);
      const tree = treeDigest(hexOf(await upload(sources)));
      const manifest = aManifest({ bundle: { format: 'boucle.bundle/1', tree, packages: [] } });
      assert.deepEqual((await client.manifests.preview({ params: here, body: { manifest } })).missing, []);
      const applied = await client.manifests.apply({ params: here, body: { manifest } });
      assert.deepEqual(await client.manifests.current({ params: here }), applied);
      assert.deepEqual(await client.manifests.get({ params: { ...here, manifestId: applied.id } }), applied);
      await refuses('manifests.get', (c) => c.manifests.get({ params: { ...here, manifestId: absent } }), 'not_found');
    });

    test('datasets', async () => {
      const at = { ...here, dataset: 'words' };
      const send =
        (data: string, options: object | string = {}) =>
        (c: Client) =>
          c.datasets.versions.create({
            params: at,
            query: { options: typeof options === 'string' ? options : JSON.stringify(options) },
            data,
          });
      const { version, created } = await send(csv, { key: ['id'] })(client);
      assert.deepEqual([created, version.rows, version.number], [true, texts.length, 1]);
      const first = { ...at, number: 1 };
      assert.deepEqual(await client.datasets.versions.get({ params: first }), version);
      assert.deepEqual((await client.datasets.versions.list({ params: at, query: {} })).items, [version]);
      assert.deepEqual(
        (await client.datasets.list({ params: here, query: {} })).items.map((one) => [one.name, one.latest]),
        [['words', 1]],
      );
      const { items } = await client.datasets.versions.rows({ params: first, query: { limit: 2, offset: 1 } });
      assert.deepEqual(
        items.map((row) => row['text']),
        texts.slice(1, 3),
      );
      const ids = items.map((row) => String(row['_row']));
      assert.deepEqual((await client.datasets.versions.rows({ params: first, query: { rows: ids.join(',') } })).items, items);
      const file = await client.datasets.versions.file({ params: first }, { range: { start: 0, end: 3 } });
      assert.equal(await file.text(), 'PAR1');
      const latest = await client.datasets.versions.file({ params: { ...at, number: 'latest' } });
      assert.deepEqual(
        [latest.headers.get('etag'), latest.headers.get('content-disposition')],
        [file.headers.get('etag'), 'attachment; filename=words-1.parquet'],
      );

      const none = { ...at, number: 9 };
      const zero = { ...at, number: 0 };
      const unknown = { ...here, dataset: 'unknown' };
      await refuses('datasets.list', (c) => c.datasets.list({ params: here, query: { cursor: nowhere } }), 'invalid_request');
      await refuses('datasets.versions.create', send('a,b\n1\n'), 'invalid_request');
      await refuses('datasets.versions.create', send(csv, '{'), 'invalid_request', 'bad_options');
      await refuses('datasets.versions.create', send(csv, { keys: [] }), 'invalid_request', 'schema_mismatch');
      await refuses(
        'datasets.versions.create',
        send(csv, { columns: [{ name: 'id', type: { type: 'wide' } }] }),
        'invalid_request',
        'unknown_type',
      );
      await refuses('datasets.versions.create', send('x'.repeat(50_001)), 'too_large', 'file_too_large');
      isFull = true;
      await refuses('datasets.versions.create', send(`${csv}9,more\n`), 'unavailable', 'disk_full');
      isFull = false;
      await refuses(
        'datasets.versions.list',
        (c) => c.datasets.versions.list({ params: at, query: { cursor: nowhere } }),
        'invalid_request',
      );
      await refuses('datasets.versions.list', (c) => c.datasets.versions.list({ params: unknown, query: {} }), 'not_found');
      await refuses('datasets.versions.get', (c) => c.datasets.versions.get({ params: zero }), 'invalid_request');
      await refuses('datasets.versions.get', (c) => c.datasets.versions.get({ params: none }), 'not_found');
      await refuses('datasets.versions.rows', (c) => c.datasets.versions.rows({ params: first, query: { limit: 0 } }), 'invalid_request');
      await refuses('datasets.versions.rows', (c) => c.datasets.versions.rows({ params: none, query: {} }), 'not_found');
      await refuses('datasets.versions.file', (c) => c.datasets.versions.file({ params: zero }), 'invalid_request');
      await refuses('datasets.versions.file', (c) => c.datasets.versions.file({ params: none }), 'not_found');
      await refuses('datasets.versions.file', (c) => c.datasets.versions.file({ params: { ...unknown, number: 'latest' } }), 'not_found');
      const { version: lost } = await send(`${csv}8,lost\n`)(client);
      await lose(lost.blob);
      const second = { ...at, number: 2 };
      await refuses(
        'datasets.versions.rows',
        (c) => c.datasets.versions.rows({ params: second, query: {} }),
        'failed_precondition',
        'blob_lost',
      );
      await refuses('datasets.versions.file', (c) => c.datasets.versions.file({ params: second }), 'failed_precondition', 'blob_lost');
    });

    test('experiments and runs', async () => {
      const experiment = await client.experiments.create({ params: here, body: { name: 'mood' } });
      assert.deepEqual((await client.experiments.list({ params: here, query: {} })).items, [experiment]);
      await refuses('experiments.list', (c) => c.experiments.list({ params: here, query: { cursor: nowhere } }), 'invalid_request');
      await refuses('experiments.create', (c) => c.experiments.create({ params: here, body: { name: 'a:b' } }), 'invalid_request');
      await refuses(
        'experiments.create',
        (c) => c.experiments.create({ params: here, body: { name: 'mood' } }),
        'conflict',
        'already_exists',
      );

      const create = (body: object) => (c: Client) => c.runs.create({ params: here, body }, { idempotencyKey: 'one' });
      const run = await create({ experimentId: experiment.id })(client);
      assert.deepEqual(await create({ experimentId: experiment.id })(client), run);
      await refuses('runs.create', create({ name: 'another' }), 'conflict', 'idempotency_key_reused');
      await refuses(
        'runs.create',
        (c) => c.runs.create({ params: here, body: { params: { 'a\0': 'x' } } }),
        'invalid_request',
        'schema_mismatch',
      );
      await refuses('runs.create', (c) => c.runs.create({ params: here, body: { experimentId: '999999' } }), 'not_found');

      const at = { ...here, runId: run.id };
      const log = (body: object) => (c: Client) => c.runs.log({ params: at, body });
      await log({ metrics: [{ key: 'loss', value: 'NaN' }], params: { lr: '1' }, tags: { a: 'b' } })(client);
      await log({ metrics: [{ key: 'f1', value: 0.5, step: -1, time: 5 }] })(client);
      const read = await client.runs.get({ params: at });
      assert.deepEqual([read.metrics, read.params, read.tags], [{ f1: 0.5, loss: 'NaN' }, { lr: '1' }, { a: 'b' }]);
      const history = await client.runs.history({ params: at, query: { key: 'f1' } });
      assert.deepEqual(history, { items: [{ value: 0.5, step: -1, time: 5 }], nextCursor: null });
      assert.deepEqual((await client.runs.list({ params: here, query: { experimentId: experiment.id } })).items, [read]);
      await client.runs.artifacts.put({ params: at, query: { path: 'plots/a.txt' }, data: 'hello' });
      assert.deepEqual(
        (await client.runs.artifacts.list({ params: at, query: { path: 'plots' } })).items.map((one) => one.path),
        ['plots/a.txt'],
      );
      const artifact = await client.runs.artifacts.get({ params: at, query: { path: 'plots/a.txt' } });
      assert.deepEqual([artifact.headers.get('content-disposition'), await artifact.text()], ['attachment; filename=a.txt', 'hello']);

      const gone = { ...here, runId: absent };
      const put = (params: typeof at, where: string, data: string) => (c: Client) =>
        c.runs.artifacts.put({ params, query: { path: where }, data });
      const get = (params: typeof at, where: string) => (c: Client) => c.runs.artifacts.get({ params, query: { path: where } });
      await refuses('runs.get', (c) => c.runs.get({ params: gone }), 'not_found');
      await refuses('runs.list', (c) => c.runs.list({ params: here, query: { cursor: nowhere } }), 'invalid_request');
      await refuses('runs.log', log({ metrics: [{ key: 'a', value: 1, step: 1e300 }] }), 'invalid_request');
      await refuses('runs.log', log({ params: { '../up': 'x' } }), 'invalid_request', 'bad_key');
      await refuses('runs.log', (c) => c.runs.log({ params: gone, body: { tags: { a: 'b' } } }), 'not_found');
      await refuses('runs.log', log({ params: { lr: '2' } }), 'conflict', 'param_changed');
      await refuses('runs.history', (c) => c.runs.history({ params: at, query: { key: 'f1', limit: 0 } }), 'invalid_request');
      await refuses('runs.history', (c) => c.runs.history({ params: gone, query: { key: 'f1' } }), 'not_found');
      await refuses('runs.artifacts.list', (c) => c.runs.artifacts.list({ params: gone, query: {} }), 'not_found');
      await refuses('runs.artifacts.put', put(at, '../up', 'x'), 'invalid_request');
      await refuses('runs.artifacts.put', put(at, 'plots', 'x'), 'invalid_request', 'path_taken');
      await refuses('runs.artifacts.put', put(gone, 'a', 'x'), 'not_found');
      await refuses('runs.artifacts.put', put(at, 'a', 'x'.repeat(50_001)), 'too_large');
      isFull = true;
      await refuses('runs.artifacts.put', put(at, 'a', 'x'), 'unavailable', 'disk_full');
      isFull = false;
      await refuses('runs.artifacts.get', get(at, '/etc'), 'invalid_request');
      await refuses('runs.artifacts.get', get(at, 'nope'), 'not_found');
      await lose((await put(at, 'lost', 'soon gone')(client)).blob);
      await refuses('runs.artifacts.get', get(at, 'lost'), 'failed_precondition', 'blob_lost');

      const finish = (params: typeof at, status: 'finished' | 'failed') => (c: Client) => c.runs.finish({ params, body: { status } });
      assert.equal((await finish(at, 'finished')(client)).status, 'finished');
      await refuses('runs.finish', (c) => c.runs.finish({ params: at, body: { status: 'running' as never } }), 'invalid_request');
      await refuses('runs.finish', finish(gone, 'failed'), 'not_found');
      await refuses('runs.finish', finish(at, 'failed'), 'failed_precondition', 'run_ended');
      await refuses('runs.log', log({ tags: { a: 'c' } }), 'failed_precondition', 'run_ended');
      await refuses('runs.artifacts.put', put(at, 'late', 'x'), 'failed_precondition', 'run_ended');
    });

    test('models and aliases', async () => {
      const folder = path.join(ground.folder, 'package');
      const trained = await trainTextClassifier({ texts, labels }, { approach: 'logistic-regression', seed: 1, minDf: 1 });
      await trained.save(folder, { inputExample: { text: ['late'] } });
      const digest = await uploadTree(folder);
      const at = { ...here, model: 'mood' };
      const version = await client.models.versions.create({ params: at, body: { digest } });
      const first = { ...at, number: 1 };
      assert.deepEqual(await client.models.versions.get({ params: first }), version);
      assert.deepEqual((await client.models.versions.list({ params: at, query: {} })).items, [version]);
      const alias = { ...at, alias: 'champion' };
      assert.deepEqual((await client.aliases.set({ params: alias, body: { number: 1 } })).aliases, ['champion']);
      const model = await client.models.get({ params: at });
      assert.deepEqual([model.latest, model.aliases], [1, { champion: 1 }]);
      assert.deepEqual((await client.models.list({ params: here, query: {} })).items, [model]);
      const file = await client.models.versions.file({ params: first, query: { path: 'MLmodel' } });
      assert.equal(await file.text(), await readFile(path.join(folder, 'MLmodel'), 'utf8'));

      const unknown = { ...here, model: 'unknown' };
      const get = (number: number, where: string) => (c: Client) =>
        c.models.versions.file({ params: { ...at, number }, query: { path: where } });
      await refuses('models.list', (c) => c.models.list({ params: here, query: { cursor: nowhere } }), 'invalid_request');
      await refuses('models.get', (c) => c.models.get({ params: unknown }), 'not_found');
      await refuses('models.versions.list', (c) => c.models.versions.list({ params: at, query: { limit: 0 } }), 'invalid_request');
      await refuses('models.versions.list', (c) => c.models.versions.list({ params: unknown, query: {} }), 'not_found');
      await refuses('models.versions.get', (c) => c.models.versions.get({ params: { ...at, number: 0 } }), 'invalid_request');
      await refuses('models.versions.get', (c) => c.models.versions.get({ params: { ...at, number: 9 } }), 'not_found');
      const create = (body: { digest: string; runId?: string }) => (c: Client) => c.models.versions.create({ params: at, body });
      await refuses('models.versions.create', create({ digest: 'x' }), 'invalid_request');
      await refuses('models.versions.create', create({ digest: treeDigest('9'.repeat(64)) }), 'not_found');
      await refuses('models.versions.create', create({ digest, runId: absent }), 'not_found');
      const empty = treeDigest(hexOf(await upload(treeListing([]))));
      await refuses('models.versions.create', create({ digest: empty }), 'failed_precondition', 'damaged_package');
      await refuses('models.versions.file', get(0, 'MLmodel'), 'invalid_request');
      await refuses('models.versions.file', get(1, 'nope'), 'not_found');
      const set =
        (number: number, name = 'champion') =>
        (c: Client) =>
          c.aliases.set({ params: { ...at, alias: name }, body: { number } });
      await refuses('aliases.set', set(1, 'latest'), 'invalid_request', 'reserved_alias');
      await refuses('aliases.set', set(9), 'not_found', 'unknown_version');
      await client.aliases.remove({ params: alias });
      await refuses('aliases.remove', (c) => c.aliases.remove({ params: alias }), 'not_found', 'unknown_alias');
      await lose((await ground.blobs.tree(digest)).find((entry) => entry.path === 'MLmodel')!.blob);
      await refuses('models.versions.file', get(1, 'MLmodel'), 'failed_precondition', 'blob_lost');
    });
  });
}
