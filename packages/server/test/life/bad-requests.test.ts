import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { type Manifest, blobDigest, hexOf, readTreeListing } from '@boucle/contract';
import type { ApiError } from '@boucle/sdk';
import { addExamples, applyProject, examples, project, runPipeline, startPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, forAllTests, runBoucle, startServer, tempFolder } from './start-server.ts';

const params = { project };
const texts = ['so late', 'so kind'];
const input = { name: 'text', shape: [2], datatype: 'BYTES', data: texts };

describe('bad requests', () => {
  const owner = forAllTests();
  let server: RunningServer;
  let data: string;
  let manifest: Manifest;
  before(async () => {
    const folder = path.join(await tempFolder(owner), 'project');
    data = path.join(await tempFolder(owner), 'data');
    await writeProject(folder);
    server = await startServer(owner, data, ['--max-body', '1Mi', '--max-upload', '2Mi']);
    await applyProject(server.client, folder);
    await addExamples(server.client, examples(60));
    assert.equal((await runPipeline(server.client, 'training')).status, 'succeeded');
    assert.equal((await server.client.endpoints.deploy({ params: { project, endpoint: 'texts' }, body: {} })).status, 'ready');
    ({ manifest } = await server.client.manifests.current({ params }));
  });

  const isRefused = async (asked: Promise<unknown>, { code, reason, says }: { code: string; reason: string | undefined; says: RegExp }) =>
    assert.rejects(asked, (error: ApiError) => {
      assert.deepEqual([error.code, error.reason], [code, reason]);
      assert.match(error.message, says);
      return true;
    });

  const plans: Readonly<Record<string, { change: (manifest: Manifest) => void; reason: string; says: RegExp }>> = {
    'a cycle': {
      change: ({ pipelines: [plan] }) => void (plan!.steps[0]!.inputs['data'] = [{ from: 'step', id: 'train', output: 'model' }]),
      reason: 'plan_cycle',
      says: /^Pipeline "training": its steps wait for each other in a circle: split → train → split/,
    },
    'a missing input': {
      change: ({ pipelines: [plan] }) => void delete plan!.steps[1]!.inputs['validation'],
      reason: 'missing_input',
      says: /^Pipeline "training": input "validation" of step "train" is given nothing/,
    },
    'an input that the pipeline does not have': {
      change: ({ pipelines: [plan] }) => void (plan!.steps[0]!.inputs['data'] = [{ from: 'input', name: 'tweets' }]),
      reason: 'missing_input',
      says: /input "data" of step "split" names the pipeline's input "tweets", which is not there/,
    },
    'a step that is not there': {
      change: ({ pipelines: [plan] }) => void (plan!.steps[0]!.inputs['data'] = [{ from: 'step', id: 'clean', output: 'rows' }]),
      reason: 'unknown_step',
      says: /input "data" of step "split" comes from step "clean", which is not in the plan/,
    },
  };
  for (const [what, { change, reason, says }] of Object.entries(plans)) {
    test(`a plan with ${what} is refused, and the manifest in force stays`, async () => {
      const changed = structuredClone(manifest);
      change(changed);
      await isRefused(server.client.manifests.apply({ params, body: { manifest: changed } }), { code: 'invalid_request', reason, says });
      assert.equal((await server.client.manifests.current({ params })).number, 1);
    });
  }

  test('an unknown alias is named beside those that are there, in the API and on the command line', async () => {
    const says = /^Model texts has no alias "nobody"; it has champion/;
    const deploy = server.client.endpoints.deploy({ params: { project, endpoint: 'other' }, body: { model: 'texts@nobody' } });
    await isRefused(deploy, { code: 'not_found', reason: 'unknown_alias', says });
    const { status, stderr } = await runBoucle([
      '--url',
      server.address,
      '--project',
      project,
      'deploy',
      'other',
      '--model',
      'texts@nobody',
    ]);
    assert.equal(status, 4);
    assert.match(stderr, /Model texts has no alias "nobody"; it has champion/);
    assert.deepEqual(
      (await server.client.endpoints.list({ params, query: {} })).items.map(({ name }) => name),
      ['texts'],
    );
  });

  const infer = async (body: unknown) => {
    const response = await fetch(`${server.address}/v2/models/texts/infer`, {
      method: 'POST',
      headers: { 'boucle-project': project },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { status, headers } = response;
    return { status, headers, body: (await response.json()) as Record<string, unknown> };
  };
  const predictions: Readonly<Record<string, { body: unknown; status?: number; says: RegExp }>> = {
    'a wrong shape': {
      body: { inputs: [{ ...input, shape: [2, 1] }] },
      says: /^Input "text" has shape .*\[2,1\].*; the model takes .*\[-1\]/,
    },
    'more values than its shape': { body: { inputs: [{ ...input, shape: [3] }] }, says: /that is 3 values, but its data holds 2 values/ },
    'a wrong name': { body: { inputs: [{ ...input, name: 'tweet' }] }, says: /^There is no input "tweet"; the model has "text"/ },
    'a wrong type': {
      body: { inputs: [{ ...input, datatype: 'FP32', data: [1, 2] }] },
      says: /^Input "text" has datatype "FP32"; the model takes BYTES/,
    },
    'a value of a wrong type': {
      body: { inputs: [{ ...input, data: ['so late', 7] }] },
      says: /^Column "text" holds 7 in row 1 .*; it takes text/,
    },
    'no inputs': { body: { inputs: [] }, says: /^Column "text" is missing/ },
    'no rows': { body: { inputs: [{ ...input, shape: [0], data: [] }] }, says: /There are no rows to predict: send at least one/ },
    'too many rows': {
      body: { inputs: [{ ...input, shape: [10_001], data: Array.from({ length: 10_001 }, () => 'a') }] },
      status: 413,
      says: /^10001 rows came in one request, and 10000 is the most: send them in parts/,
    },
    'too many bytes': { body: { inputs: [{ ...input, shape: [1], data: ['x'.repeat(2 ** 20)] }] }, status: 413, says: /1048576/ },
    'what is no JSON': { body: undefined, says: /JSON/ },
  };
  for (const [what, { body, status = 400, says }] of Object.entries(predictions)) {
    test(`a prediction with ${what} is refused, and logged as invalid`, async (t) => {
      const { status: got, headers, body: said } = await infer(body ?? '{"inputs": [');
      const error = String(said['error']);
      t.diagnostic(error);
      assert.equal(got, status);
      assert.match(error, says);
      const predictionId = `${headers.get('x-request-id')}.0`;
      const { prediction } = await server.client.predictions.get({ params: { project, predictionId } });
      assert.deepEqual([prediction.outcome, prediction.status, prediction.error, prediction.outputs], ['invalid', status, error, null]);
    });
  }

  test('uploads that are refused half-way hold up nothing that comes after them', async () => {
    const { client } = server;
    const { id: runId } = await client.runs.create({ params, body: {} });
    const tooLarge = { code: 'too_large', says: /send less, or have the limit/ };
    for (let i = 0; i < 10; i += 1) {
      const signal = AbortSignal.timeout(10_000);
      const put = client.runs.artifacts.put(
        { params: { project, runId }, query: { path: 'a' }, data: Buffer.alloc(3_000_000) },
        { signal },
      );
      await isRefused(put, { ...tooLarge, reason: 'blob_too_large' });
      const add = client.datasets.versions.create(
        { params: { project, dataset: 'large' }, query: {}, data: Buffer.alloc(3_000_000) },
        { signal },
      );
      await isRefused(add, { ...tooLarge, reason: 'file_too_large' });
    }
    assert.deepEqual((await client.runs.artifacts.list({ params: { project, runId }, query: {} })).items, []);
    assert.deepEqual(await readdir(path.join(data, 'scratch')), []);
  });

  const fileOf = (digest: string) => {
    const hex = hexOf(digest as `blob:${string}`);
    return path.join(data, 'blobs', hex.slice(0, 2), hex.slice(2));
  };
  /** One bit of it is turned. */
  const damage = async (digest: string) => {
    const bytes = await readFile(fileOf(digest));
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(fileOf(digest), bytes);
  };
  const isDamaged = {
    code: 'failed_precondition',
    reason: 'damaged_blob',
    says: /is damaged.*Store the same content again, or bring .* back from a backup/,
  };

  test('a damaged table is no rows and no training, until the same file is sent again', async () => {
    const { client } = server;
    const { version } = await client.datasets.versions.create({ params: { project, dataset: 'examples' }, query: {}, data: examples(80) });
    await damage(version.blob);
    await isRefused(
      client.datasets.versions.rows({ params: { project, dataset: 'examples', number: version.number }, query: {} }),
      isDamaged,
    );
    const { steps } = await runPipeline(client, 'training');
    const { status, failure } = steps[0]!;
    assert.deepEqual([status, failure?.kind, failure?.reason], ['failed', 'infrastructure', 'damaged_blob']);
    assert.match(failure!.message, isDamaged.says);
    assert.deepEqual(
      steps.slice(1).map((step) => step.status),
      ['cancelled', 'cancelled', 'cancelled'],
    );

    const again = await client.datasets.versions.create({ params: { project, dataset: 'examples' }, query: {}, data: examples(80) });
    assert.deepEqual([again.created, again.version.id], [false, version.id]);
    assert.equal((await runPipeline(client, 'training')).status, 'succeeded');
  });

  test('a damaged artifact is not handed out, neither a small one nor a large one', async () => {
    const { client } = server;
    const { id: runId } = await client.runs.create({ params, body: {} });
    const read = async (file: string) => (await client.runs.artifacts.get({ params: { project, runId }, query: { path: file } })).text();
    for (const size of [1000, 1_000_000]) {
      const query = { path: `${size}.txt` };
      const { blob } = await client.runs.artifacts.put({ params: { project, runId }, query, data: 'x'.repeat(size) });
      await damage(blob);
      if (size < 10_000) await isRefused(read(query.path), isDamaged);
      else await assert.rejects(read(query.path), { name: 'TypeError' }, 'it breaks off before its end');
      await client.runs.artifacts.put({ params: { project, runId }, query, data: 'x'.repeat(size) });
      assert.equal((await read(query.path)).length, size);
    }
  });

  test('a damaged model package is not deployed, and the former deployment answers on', async () => {
    const { client } = server;
    const { latest } = await client.models.get({ params: { project, model: 'texts' } });
    const { digest } = await client.models.versions.get({ params: { project, model: 'texts', number: latest! } });
    const listing = readTreeListing(await readFile(fileOf(blobDigest(hexOf(digest as `tree:${string}`))), 'utf8'));
    await damage(listing.find(({ path: file }) => file === 'weights.bin')!.blob);
    const { status, message } = await client.endpoints.deploy({
      params: { project, endpoint: 'texts' },
      body: { model: `texts/${latest}` },
    });
    assert.equal(status, 'failed');
    assert.match(message!, isDamaged.says);
    const answer = await infer({ inputs: [input] });
    assert.deepEqual([answer.status, answer.body['model_version']], [200, '1']);
  });

  test('a pipeline, a parameter and a version that are not there are named', async () => {
    const { client } = server;
    await isRefused(startPipeline(client, 'traning'), {
      code: 'not_found',
      reason: 'unknown_pipeline',
      says: /no pipeline traning .*there are: training/,
    });
    await isRefused(startPipeline(client, 'training', { params: { sed: 1 } }), {
      code: 'invalid_request',
      reason: 'unknown_param',
      says: /no parameter "sed"; it has: seed/,
    });
    await isRefused(startPipeline(client, 'training', { params: { seed: 'one' } }), {
      code: 'invalid_request',
      reason: 'invalid_param',
      says: /^Parameter seed of pipeline training must be/,
    });
    await isRefused(startPipeline(client, 'training', { inputs: { examples: 99 } }), {
      code: 'not_found',
      reason: undefined,
      says: /examples.*99 does not exist/,
    });
  });
});
