import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { createRegistry, type Registry } from '../../../registry/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { loggedModelRoutes } from './logged-models.ts';
import { modelVersionRoutes } from './model-versions.ts';
import { registeredModelRoutes } from './registered-models.ts';

interface WireVersion {
  name: string;
  version: string;
  aliases?: string[];
  [field: string]: unknown;
}
interface WireModel {
  name: string;
  latest_versions?: WireVersion[];
  [field: string]: unknown;
}
interface Answer {
  status: number;
  error_code?: string;
  message?: string;
  registered_model?: WireModel;
  registered_models?: WireModel[];
  model_version?: WireVersion;
  model_versions?: WireVersion[];
  artifact_uri?: string;
  next_page_token?: string;
  model?: { info: Record<string, unknown>; data: Record<string, unknown> };
  models?: { info: { name: string } }[];
  [field: string]: unknown;
}
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

describe("MLflow's registry and logged models", () => {
  let ground: Ground;
  let tracking: Tracking;
  let registry: Registry;
  let app: FastifyInstance;
  let experiment_id: string;
  before(async () => {
    ground = await layGround(databases.sqlite);
    tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    registry = createRegistry({
      ...ground,
      tracking,
      scratch: ground.folder,
      gates: { declaredEndpoint: async () => undefined, readTable: async function* () {} },
    });
    experiment_id = (await tracking.experiments.create(ground.actor, { name: 'moods' })).id;
    app = fastify();
    const { project, ...caller } = ground.actor;
    const door = {
      callerOf: async () => caller,
      resolveProject: async () => project,
      gate: openGate,
      log: silentLog,
      publicUrl: undefined,
      bodyLimit: 1e7,
    };
    const routes = [...registeredModelRoutes(registry), ...modelVersionRoutes(registry), ...loggedModelRoutes(tracking)];
    await app.register(async (own) => bindRoutes(own, routes, door as never));
  });
  after(async () => {
    await app.close();
    await ground.stop();
  });

  const ask = async (method: Method, path: string, fields: Record<string, unknown> = {}): Promise<Answer> => {
    ground.clock.advance(1);
    const url = `/api/2.0/mlflow/${path}`;
    const answer =
      method === 'GET'
        ? await app.inject({ method, url: `${url}?${new URLSearchParams(fields as Record<string, string>).toString()}` })
        : await app.inject({ method, url, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(fields) });
    return { status: answer.statusCode, ...(JSON.parse(answer.body) as object) };
  };
  const refused = async (asked: Promise<Answer>, error_code: string, message: RegExp = /./) => {
    const status = error_code === 'RESOURCE_DOES_NOT_EXIST' ? 404 : 400;
    const answer = await asked;
    assert.deepEqual([answer.status, answer.error_code], [status, error_code], answer.message);
    assert.match(answer.message!, message);
  };
  const aModel = async (name: string, versions = 0, source = 's3://bucket/model'): Promise<string> => {
    assert.equal((await ask('POST', 'registered-models/create', { name })).status, 200);
    for (let i = 0; i < versions; i++) assert.equal((await ask('POST', 'model-versions/create', { name, source })).status, 200);
    return name;
  };

  test('a model is made with its tags, and a name is taken once', async () => {
    const { registered_model: made } = await ask('POST', 'registered-models/create', {
      name: 'made',
      tags: [{ key: 'team', value: 'risk' }],
      description: 'Moods',
    });
    const { creation_timestamp, last_updated_timestamp, ...rest } = made!;
    assert.deepEqual(rest, { name: 'made', description: 'Moods', tags: [{ key: 'team', value: 'risk' }] });
    assert.deepEqual([typeof creation_timestamp, typeof last_updated_timestamp], ['number', 'number']);
    await refused(
      ask('POST', 'registered-models/create', { name: 'made' }),
      'RESOURCE_ALREADY_EXISTS',
      /Registered Model .+ already exists/,
    );
    for (const name of ['a/b', 'a:b', ' ', 'a'.repeat(257)])
      await refused(ask('POST', 'registered-models/create', { name }), 'INVALID_PARAMETER_VALUE');
    await refused(ask('POST', 'registered-models/create'), 'INVALID_PARAMETER_VALUE', /Missing value for required parameter 'name'/);
  });

  test('what is not there is 404, and a version that is no number is 400', async () => {
    await aModel('thin');
    await refused(
      ask('GET', 'registered-models/get', { name: 'none' }),
      'RESOURCE_DOES_NOT_EXIST',
      /Registered Model with name=none not found/,
    );
    for (const version of ['7', '0', '-1', '99999999999'])
      await refused(ask('GET', 'model-versions/get', { name: 'thin', version }), 'RESOURCE_DOES_NOT_EXIST', /Model Version .+ not found/);
    await refused(
      ask('GET', 'model-versions/get', { name: 'thin', version: 'one' }),
      'INVALID_PARAMETER_VALUE',
      /must be an integer, got 'one'/,
    );
    await refused(ask('DELETE', 'model-versions/delete', { name: 'thin', version: 1 }), 'INVALID_PARAMETER_VALUE');
    await refused(ask('POST', 'model-versions/create', { name: 'none', source: 's3://b' }), 'RESOURCE_DOES_NOT_EXIST');
  });

  test('a bare version has empty texts, and aliases show where one version is asked for', async () => {
    const name = await aModel('bare', 1);
    const { model_version: bare } = await ask('GET', 'model-versions/get', { name, version: '1' });
    const { creation_timestamp: _, last_updated_timestamp: __, ...rest } = bare!;
    assert.deepEqual(rest, {
      name,
      version: '1',
      current_stage: 'None',
      description: '',
      source: 's3://bucket/model',
      run_id: '',
      run_link: '',
      status: 'READY',
    });
    await ask('POST', 'registered-models/alias', { name, alias: 'champion', version: '1' });
    const one = { name, version: '1' };
    const answers = [
      await ask('GET', 'model-versions/get', one),
      await ask('GET', 'registered-models/alias', { name, alias: 'champion' }),
      await ask('PATCH', 'model-versions/update', { ...one, description: 'd' }),
      await ask('POST', 'model-versions/transition-stage', { ...one, stage: 'staging' }),
    ];
    for (const answer of answers) assert.deepEqual(answer.model_version!.aliases, ['champion']);
    assert.deepEqual((await ask('POST', 'registered-models/get-latest-versions', { name })).model_versions![0]!.aliases, ['champion']);
    const found = await ask('GET', 'model-versions/search', { filter: "name = 'bare'" });
    assert.equal(found.model_versions![0]!.aliases, undefined);
    const { registered_model: model } = await ask('GET', 'registered-models/get', { name });
    assert.equal(model!.latest_versions![0]!.aliases, undefined);
    assert.deepEqual(model!['aliases'], [{ alias: 'champion', version: '1' }]);
  });

  test('aliases: `latest` and numbers cannot be set, one that is not there is 400 to read and nothing to take away', async () => {
    const name = await aModel('aliased', 2);
    for (const alias of ['latest', 'LATEST', 'v3', 'V12', 'a b', 'a.b', 'a'.repeat(256)])
      await refused(ask('POST', 'registered-models/alias', { name, alias, version: '1' }), 'INVALID_PARAMETER_VALUE');
    await refused(ask('GET', 'registered-models/alias', { name, alias: 'none' }), 'INVALID_PARAMETER_VALUE', /none/);
    assert.equal((await ask('DELETE', 'registered-models/alias', { name, alias: 'none' })).status, 200);
    await refused(ask('DELETE', 'registered-models/alias', { name: 'nobody', alias: 'none' }), 'RESOURCE_DOES_NOT_EXIST');
    await refused(ask('POST', 'registered-models/alias', { name, alias: 'a', version: '9' }), 'RESOURCE_DOES_NOT_EXIST');
    assert.equal((await ask('GET', 'registered-models/alias', { name, alias: 'latest' })).model_version!.version, '2');
    for (let i = 0; i < 2; i++)
      assert.equal((await ask('POST', 'registered-models/alias', { name, alias: '_x-1', version: '1' })).status, 200);
    assert.equal((await ask('GET', 'registered-models/alias', { name, alias: '_x-1' })).model_version!.version, '1');
  });

  test('a removed version takes its aliases along, and its number is not given again', async () => {
    const name = await aModel('shrunk', 3);
    await ask('POST', 'registered-models/alias', { name, alias: 'champion', version: '3' });
    assert.equal((await ask('DELETE', 'model-versions/delete', { name, version: '3' })).status, 200);
    await refused(ask('DELETE', 'model-versions/delete', { name, version: '3' }), 'RESOURCE_DOES_NOT_EXIST');
    await refused(ask('GET', 'registered-models/alias', { name, alias: 'champion' }), 'INVALID_PARAMETER_VALUE');
    assert.equal((await ask('POST', 'model-versions/create', { name, source: 's3://b' })).model_version!.version, '4');
  });

  test('a rename moves versions, tags and aliases, and a removal takes all', async () => {
    const name = await aModel('old', 1);
    await ask('POST', 'registered-models/set-tag', { name, key: 'k', value: 'v' });
    await ask('POST', 'registered-models/alias', { name, alias: 'champion', version: '1' });
    await aModel('other');
    await refused(ask('POST', 'registered-models/rename', { name, new_name: 'other' }), 'RESOURCE_ALREADY_EXISTS');
    const { registered_model: renamed } = await ask('POST', 'registered-models/rename', { name, new_name: 'new' });
    assert.deepEqual(
      [renamed!.name, renamed!['tags'], renamed!['aliases'], renamed!.latest_versions!.map(({ version }) => version)],
      ['new', [{ key: 'k', value: 'v' }], [{ alias: 'champion', version: '1' }], ['1']],
    );
    assert.equal((await ask('DELETE', 'registered-models/delete', { name: 'new' })).status, 200);
    await refused(ask('GET', 'model-versions/get', { name: 'new', version: '1' }), 'RESOURCE_DOES_NOT_EXIST');
    assert.equal((await ask('POST', 'registered-models/create', { name: 'new' })).registered_model!.latest_versions, undefined);
  });

  test('stages are read in any case and answered in one', async () => {
    const name = await aModel('staged', 3);
    const move = (version: string, stage: string, archive?: boolean | string) =>
      ask('POST', 'model-versions/transition-stage', { name, version, stage, archive_existing_versions: archive });
    assert.equal((await move('1', 'pRoDuCtIoN')).model_version!['current_stage'], 'Production');
    await move('2', 'Production', 'TRUE');
    await refused(move('3', 'Archived', true), 'INVALID_PARAMETER_VALUE');
    await refused(move('3', 'Elsewhere'), 'INVALID_PARAMETER_VALUE', /Invalid Model Version stage/);
    const latest = async (method: 'GET' | 'POST', fields: object) =>
      (await ask(method, 'registered-models/get-latest-versions', { name, ...fields })).model_versions?.map((one) => [
        one['current_stage'],
        one.version,
      ]);
    const all = [
      ['None', '3'],
      ['Production', '2'],
      ['Archived', '1'],
    ];
    assert.deepEqual(await latest('POST', {}), all);
    assert.deepEqual(await latest('GET', {}), all);
    assert.deepEqual(await latest('GET', { stages: 'production' }), [['Production', '2']]);
    assert.deepEqual(await latest('POST', { stages: ['Staging'] }), undefined);
  });

  test('tags of models and versions: deleting one that is not there is 200, and a long value is refused', async () => {
    const name = await aModel('tagged', 1);
    for (const [path, id] of [
      ['registered-models', { name }],
      ['model-versions', { name, version: '1' }],
    ] as const) {
      assert.equal((await ask('POST', `${path}/set-tag`, { ...id, key: 'a b', value: '' })).status, 200);
      assert.equal((await ask('POST', `${path}/set-tag`, { ...id, key: 'k', value: 'x'.repeat(100_000) })).status, 200);
      await refused(ask('POST', `${path}/set-tag`, { ...id, key: 'k', value: 'x'.repeat(100_001) }), 'INVALID_PARAMETER_VALUE');
      for (let i = 0; i < 2; i++) assert.equal((await ask('DELETE', `${path}/delete-tag`, { ...id, key: 'k' })).status, 200);
    }
    assert.deepEqual((await ask('GET', 'registered-models/get', { name })).registered_model!['tags'], [{ key: 'a b', value: '' }]);
  });

  test('searches page, hide prompts, and refuse a size or a filter that is none', async () => {
    for (let i = 0; i < 5; i++) await aModel(`paged ${i}`, 1);
    await ask('POST', 'registered-models/create', { name: 'paged prompt', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
    const names: string[] = [];
    for (let page_token = ''; ;) {
      const page = await ask('GET', 'registered-models/search', { filter: "name LIKE 'paged%'", max_results: '2', page_token });
      names.push(...page.registered_models!.map((model) => model.name));
      if (!page.next_page_token) break;
      page_token = page.next_page_token;
    }
    assert.deepEqual(
      names,
      [0, 1, 2, 3, 4].map((i) => `paged ${i}`),
    );
    const prompts = await ask('GET', 'registered-models/search', { filter: "tags.`mlflow.prompt.is_prompt` = 'true'" });
    assert.deepEqual(
      prompts.registered_models!.map((model) => model.name),
      ['paged prompt'],
    );
    const versions = await ask('GET', 'model-versions/search', { filter: "name ILIKE 'PAGED%'", order_by: 'name DESC', max_results: '2' });
    assert.deepEqual(
      versions.model_versions!.map((version) => version.name),
      ['paged 4', 'paged 3'],
    );
    assert.deepEqual(await ask('GET', 'model-versions/search', { filter: "name = 'none'" }), { status: 200 });
    for (const [path, fields] of [
      ['registered-models/search', { max_results: '1001' }],
      ['registered-models/search', { max_results: '0' }],
      ['model-versions/search', { max_results: '200001' }],
      ['model-versions/search', { filter: 'nonsense' }],
      ['model-versions/search', { order_by: 'nonsense' }],
      ['model-versions/search', { page_token: 'nonsense' }],
    ] as const)
      await refused(ask('GET', path, fields), 'INVALID_PARAMETER_VALUE');
  });

  test('a logged model is made, finished, tagged, found and removed', async () => {
    const { model: made } = await ask('POST', 'logged-models', {
      experiment_id,
      name: 'moody',
      model_type: 'sklearn',
      source_run_id: 'r1',
      params: [{ key: 'C', value: '1' }],
      tags: [{ key: 'a', value: 'b' }],
    });
    const model_id = String(made!.info['model_id']);
    assert.deepEqual(
      [made!.info['status'], made!.info['artifact_uri'], made!.data['params']],
      ['LOGGED_MODEL_PENDING', `mlflow-artifacts:/${experiment_id}/models/${model_id}/artifacts`, [{ key: 'C', value: '1' }]],
    );
    const path = `logged-models/${model_id}`;
    assert.equal((await ask('PATCH', path, { model_id, status: 'LOGGED_MODEL_READY' })).model!.info['status'], 'LOGGED_MODEL_READY');
    assert.equal((await ask('PATCH', path, { status: 3 })).model!.info['status'], 'LOGGED_MODEL_UPLOAD_FAILED');
    await refused(ask('PATCH', path, { status: 'DONE' }), 'INVALID_PARAMETER_VALUE');
    assert.deepEqual(await ask('PATCH', `${path}/tags`, { tags: [{ key: 'c', value: 'd' }] }), { status: 200 });
    assert.equal((await ask('DELETE', `${path}/tags/a`)).status, 200);
    await refused(ask('DELETE', `${path}/tags/a`), 'RESOURCE_DOES_NOT_EXIST');
    await ask('POST', `${path}/params`, { params: [{ key: 'D', value: '2' }] });
    const { model: known } = await ask('GET', path);
    assert.deepEqual(known!.info['tags'], [{ key: 'c', value: 'd' }]);
    assert.equal((known!.data['params'] as object[]).length, 2);
    const search = (fields: object) => ask('POST', 'logged-models/search', { experiment_ids: [experiment_id], ...fields });
    assert.deepEqual(
      (await search({ filter: "name = 'moody' AND params.C = '1'", order_by: [{ field_name: 'creation_time', ascending: false }] })).models!
        .length,
      1,
    );
    await refused(search({ order_by: [{ field_name: 'nonsense' }] }), 'INVALID_PARAMETER_VALUE');
    await refused(ask('POST', 'logged-models/search', {}), 'INVALID_PARAMETER_VALUE', /experiment_ids/);
    assert.equal((await ask('DELETE', path)).status, 200);
    await refused(ask('GET', path), 'RESOURCE_DOES_NOT_EXIST');
    await refused(ask('POST', 'logged-models', { experiment_id, name: 'a/b' }), 'INVALID_PARAMETER_VALUE');
    await refused(ask('POST', 'logged-models', { experiment_id: '99999' }), 'RESOURCE_DOES_NOT_EXIST');
  });

  test('a version holds the files that its source led to, whoever removes them later, and links the logged model', async () => {
    const { model } = await ask('POST', 'logged-models', { experiment_id, name: 'kept', source_run_id: 'the_run' });
    const model_id = String(model!.info['model_id']);
    for (const [path, text] of [
      ['MLmodel', 'flavors: {}'],
      ['data/model.bin', 'weights'],
    ] as const)
      await tracking.artifacts.put(ground.actor, `model:${model_id}`, { path, data: Readable.from([text]) });
    const folder = await ask('GET', `logged-models/${model_id}/artifacts/directories`, { artifact_directory_path: 'data' });
    assert.deepEqual(folder['files'], [{ path: 'data/model.bin', is_dir: false, file_size: 7 }]);
    const name = await aModel('holding');
    const { model_version } = await ask('POST', 'model-versions/create', { name, source: `models:/${model_id}`, model_id });
    assert.deepEqual([model_version!['run_id'], model_version!['model_id']], ['the_run', model_id]);
    assert.equal((await ask('GET', 'model-versions/get-download-uri', { name, version: '1' })).artifact_uri, model!.info['artifact_uri']);
    await tracking.artifacts.remove(ground.actor, `model:${model_id}`, { path: '' });
    const file = await registry.versions.file(ground.actor.project, { model: name, number: 1 }, 'data/model.bin');
    assert.equal(file.size, 7);
    assert.deepEqual((await ask('GET', `logged-models/${model_id}`)).model!.info['registrations'], [{ name, version: '1' }]);

    // By the address of the files, and by a run that logged it under this name.
    const again = await ask('POST', 'logged-models', { experiment_id, name: 'again', source_run_id: 'a'.repeat(32) });
    const { model_id: other, artifact_uri } = again.model!.info as { model_id: string; artifact_uri: string };
    await tracking.artifacts.put(ground.actor, `model:${other}`, { path: 'MLmodel', data: Readable.from(['flavors: {}']) });
    const digests = [];
    for (const source of [
      artifact_uri,
      `models:/${other}`,
      `runs:/${'a'.repeat(32)}/again`,
      `mlflow-artifacts:/${experiment_id}/${'a'.repeat(32)}/artifacts/again`,
    ])
      digests.push(Number((await ask('POST', 'model-versions/create', { name, source })).model_version!.version));
    const versions = await Promise.all(digests.map((number) => registry.versions.get(ground.actor.project, name, number)));
    assert.equal(new Set(versions.map(({ digest }) => digest)).size, 1);
    assert.notEqual(versions[0]!.digest, null);
  });

  test('a source of this machine, or one that leads upwards, is refused', async () => {
    const name = await aModel('local');
    for (const source of ['/etc/passwd', 'file:///etc', 'folder', 'mlflow-artifacts:/0/..%2f..%2fetc', 'http://host/a/%252e%252e/b'])
      await refused(ask('POST', 'model-versions/create', { name, source }), 'INVALID_PARAMETER_VALUE', /Invalid model version source/);
  });
});
