import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { evaluationDatasetRoutes } from './evaluation-datasets.ts';

interface WireDataset {
  dataset_id: string;
  name: string;
  tags: string;
  digest: string;
  schema?: string;
  profile?: string;
  created_time: number;
  last_update_time: number;
  created_by?: string;
  last_updated_by?: string;
  experiment_ids?: string[];
}
interface Answer {
  status: number;
  error_code?: string;
  message?: string;
  dataset: WireDataset;
  datasets?: WireDataset[];
  records: string;
  next_page_token?: string;
  [field: string]: unknown;
}

for (const [name, start] of Object.entries(databases)) {
  describe(`MLflow's routes of evaluation datasets on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    const experiments: string[] = [];
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      for (const each of ['one', 'two']) experiments.push((await tracking.experiments.create(ground.actor, { name: each })).id);
      app = fastify();
      const { project, ...caller } = ground.actor;
      const door = {
        callerOf: async () => caller,
        resolveProject: async (workspace: string) => (workspace === 'elsewhere' ? ground.stranger.project : project),
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 1_000_000,
      } as never;
      await app.register(async (own) => bindRoutes(own, evaluationDatasetRoutes(tracking), door));
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, workspace?: string): Promise<Answer> => {
      const answer = await app.inject({
        method,
        url: `/api/3.0/mlflow/datasets/${path}`,
        headers: { ...(body && { 'content-type': 'application/json' }), ...(workspace && { 'x-mlflow-workspace': workspace }) },
        ...(body && { payload: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, ...answer.json<Omit<Answer, 'status'>>() } as Answer;
    };
    const made = async (body: object = {}): Promise<WireDataset> => {
      const { status, dataset, message } = await call('POST', 'create', { name: 'questions', ...body });
      assert.equal(status, 200, message);
      return dataset;
    };
    const merge = (id: string, records: unknown) => call('POST', `${id}/records`, { records: JSON.stringify(records) });
    const recordsOf = async (id: string) => JSON.parse((await call('GET', `${id}/records`)).records) as Record<string, unknown>[];
    const get = async (id: string): Promise<WireDataset> => (await call('GET', id)).dataset;

    test('one is told as it was made', async () => {
      const tags = { team: 'ml', 'mlflow.user': 'ada', level: 3 };
      const dataset = await made({ experiment_ids: [experiments[1], experiments[0], experiments[1]], tags: JSON.stringify(tags) });
      assert.match(dataset.dataset_id, /^d-[0-9a-f]{32}$/);
      assert.deepEqual(JSON.parse(dataset.tags), { team: 'ml', 'mlflow.user': 'ada', level: '3' });
      assert.deepEqual(dataset.experiment_ids, experiments);
      assert.deepEqual(
        [dataset.created_by, dataset.last_updated_by, dataset.schema, dataset.profile],
        ['ada', 'ada', undefined, undefined],
      );
      assert.deepEqual(await get(dataset.dataset_id), dataset);
      assert.deepEqual((await call('GET', `${dataset.dataset_id}/experiment-ids`))['experiment_ids'], experiments);
      const alone = await made();
      assert.deepEqual([alone.experiment_ids, alone.tags], [undefined, '{}']);
    });

    test('records are known by their inputs: said again they are the same, said anew they change', async () => {
      const { dataset_id: id, digest } = await made();
      const first = [
        { inputs: { q: 'what', n: 1 }, expectations: { a: 'this' }, tags: { level: 'easy', 'mlflow.user': 'ada' } },
        { inputs: { q: 'who' }, outputs: null, source: { source_type: 'trace', source_data: { trace_id: 'tr-1' } } },
      ];
      assert.deepEqual(await merge(id, first), { status: 200, inserted_count: 2, updated_count: 0 });
      const filled = await get(id);
      assert.notEqual(filled.digest, digest);
      assert.deepEqual(JSON.parse(filled.profile!), { num_records: 2 });
      assert.deepEqual(JSON.parse(filled.schema!), {
        inputs: { q: 'string', n: 'integer' },
        outputs: {},
        expectations: { a: 'string' },
        version: '1.0',
      });
      assert.equal(filled.last_updated_by, 'ada');

      ground.clock.advance(1000);
      assert.deepEqual(await merge(id, first), { status: 200, inserted_count: 0, updated_count: 2 });
      assert.deepEqual(await get(id), filled, 'nothing is changed by what is said already');
      const before = await recordsOf(id);
      assert.deepEqual(await merge(id, [{ inputs: { n: 1, q: 'what' }, outputs: 'that', tags: { level: 'hard' } }, { inputs: {} }]), {
        status: 200,
        inserted_count: 1,
        updated_count: 1,
      });
      const [what, who, empty] = await recordsOf(id);
      assert.deepEqual(what, {
        ...before[0],
        outputs: 'that',
        tags: { level: 'hard', 'mlflow.user': 'ada' },
        last_update_time: (before[0]!['last_update_time'] as number) + 1000,
      });
      assert.deepEqual(who, before[1]);
      assert.deepEqual(
        [who!['source_type'], who!['source_id'], who!['source'], 'outputs' in who!],
        ['TRACE', 'tr-1', { source_type: 'TRACE', source_data: { trace_id: 'tr-1' } }, false],
      );
      assert.deepEqual([empty!['inputs'], empty!['outputs'], empty!['tags'], 'expectations' in empty!], [{}, {}, {}, false]);
    });

    test('numbers come back as they were written', async () => {
      const { dataset_id: id } = await made();
      const text =
        '[{"inputs":{"a":1.0,"b":12345678901234567890,"c":[1e400,"\\u0000\\ud800"],"__proto__":{"x":1}},"outputs":-0.50,"tags":{"t":2.0}}]';
      const { status, message } = await call('POST', `${id}/records`, { records: text });
      assert.equal(status, 200, message);
      const { records } = await call('GET', `${id}/records`);
      for (const part of [
        '"a":1.0',
        '"b":12345678901234567890',
        '1e400',
        '"outputs":-0.50',
        '"t":2.0',
        '"__proto__":{"x":1}',
        '\\u0000\\ud800',
      ])
        assert.ok(records.includes(part), `${part} in ${records}`);
    });

    test('records come page by page in their order, and go by their ids', async () => {
      const { dataset_id: id } = await made();
      const all = Array.from({ length: 450 }, (_, i) => ({ inputs: { i } }));
      assert.equal((await merge(id, all))['inserted_count'], 450);
      const seen: { dataset_record_id: string; inputs: { i: number } }[] = [];
      for (let token: string | undefined = ''; token !== undefined;) {
        const page: Answer = await call('GET', `${id}/records?max_results=200&page_token=${token}`);
        seen.push(...(JSON.parse(page.records) as typeof seen));
        token = page.next_page_token;
      }
      assert.deepEqual(
        seen.map(({ inputs }) => inputs.i),
        all.map(({ inputs }) => inputs.i),
      );
      const { digest } = await get(id);
      const gone = seen.slice(0, 2).map(({ dataset_record_id }) => dataset_record_id);
      const remove = () => call('DELETE', `${id}/records`, { dataset_record_ids: [...gone, 'dr-none'] });
      assert.deepEqual(await remove(), { status: 200, deleted_count: 2 });
      assert.deepEqual(await remove(), { status: 200, deleted_count: 0 });
      const left = await get(id);
      assert.equal(left.profile, '{"num_records":448}');
      assert.notEqual(left.digest, digest);
      assert.equal((await call('GET', `${id}/records?page_token=nonsense`)).status, 400);
      assert.equal((await call('GET', `${id}/records?max_results=-1`)).status, 400);
    });

    test('tags are set and removed by themselves', async () => {
      const { dataset_id: id } = await made({ tags: '{"a":"1","b":"2","c":"3"}' });
      const set = (tags: unknown) => call('PATCH', `${id}/tags`, { tags: JSON.stringify(tags) });
      assert.equal((await set({ a: 'new', b: null, d: true })).status, 200);
      assert.equal((await call('DELETE', `${id}/tags/c`)).status, 200);
      assert.equal((await call('DELETE', `${id}/tags/c`)).status, 200, 'a second time nothing is left to do');
      assert.deepEqual(JSON.parse((await get(id)).tags), { a: 'new', d: 'true' });
      const many = Object.fromEntries(Array.from({ length: 12_000 }, (_, i) => [`k${i}`, 'v']));
      assert.equal(Object.keys(JSON.parse((await made({ tags: JSON.stringify(many) })).tags) as object).length, 12_000);
      for (const bad of [[], 'text', { ['k'.repeat(256)]: 'v' }, { k: 'v'.repeat(5001) }, { k: 'a\0b' }])
        assert.equal((await set(bad)).status, 400);
      assert.equal((await call('PATCH', `${id}/tags`, { tags: '{' })).status, 400);
    });

    test('they are found by experiment, name, time, user and tags, ordered and paged', async () => {
      const apart = (await tracking.experiments.create(ground.actor, { name: 'searched' })).id;
      for (const [i, team] of ['ml', 'data', 'ml', null].entries()) {
        ground.clock.advance(10);
        await made({
          name: `found ${i}`,
          experiment_ids: [apart],
          tags: JSON.stringify({ ...(team && { team }), 'mlflow.user': `user ${i}` }),
        });
      }
      const find = async (body: object) => {
        const answer = await call('POST', 'search', { experiment_ids: [apart], ...body });
        assert.equal(answer.status, 200, answer.message);
        return (answer.datasets ?? []).map((dataset) => dataset.name.replace('found ', ''));
      };
      const times = (await call('POST', 'search', { experiment_ids: [apart] })).datasets!.map((dataset) => dataset.created_time);
      assert.deepEqual(await find({}), ['3', '2', '1', '0'], 'newest first');
      assert.deepEqual(await find({ max_results: 0 }), ['3', '2', '1', '0']);
      assert.deepEqual(await find({ order_by: ['name ASC'] }), ['0', '1', '2', '3']);
      assert.deepEqual(await find({ order_by: ['tags.team ASC', 'name DESC'] }), ['1', '2', '0', '3']);
      assert.deepEqual(await find({ filter_string: "tags.team = 'ml'", order_by: ['created_time'] }), ['0', '2']);
      assert.deepEqual(await find({ filter_string: "tags.team != 'ml'" }), ['1']);
      assert.deepEqual(await find({ filter_string: `created_time >= ${times[1]} AND created_time < ${times[0]}` }), ['2']);
      assert.deepEqual(await find({ filter_string: `last_update_time > ${times[1]}.5` }), ['3']);
      assert.deepEqual(await find({ filter_string: "name ILIKE 'FOUND %' AND created_by = 'user 1'" }), ['1']);
      assert.deepEqual(await find({ filter_string: "name IN ('found 0', 'found 3')" }), ['3', '0']);
      assert.deepEqual(await find({ experiment_ids: ['123456'] }), []);
      const everything = await call('GET', 'search?max_results=2&order_by=name&filter_string=name%20LIKE%20%27found%25%27');
      assert.deepEqual(
        everything.datasets!.map((dataset) => dataset.name),
        ['found 0', 'found 1'],
      );
      const next = `search?max_results=2&order_by=name&filter_string=name%20LIKE%20%27found%25%27&page_token=${everything.next_page_token}`;
      assert.deepEqual(
        (await call('GET', next)).datasets!.map((dataset) => dataset.name),
        ['found 2', 'found 3'],
      );
      assert.equal((await call('GET', next)).next_page_token, undefined);
      for (const bad of [
        { filter_string: "colour = 'red'" },
        { order_by: ['colour'] },
        { page_token: 'x' },
        { page_token: everything.next_page_token },
      ])
        assert.equal((await call('POST', 'search', bad)).status, 400);
    });

    test('one serves the experiments that it is given to', async () => {
      const [one, two] = experiments as [string, string];
      const { dataset_id: id } = await made({ experiment_ids: [one] });
      const add = (...ids: string[]) => call('POST', `${id}/add-experiments`, { experiment_ids: ids });
      const remove = (...ids: string[]) => call('POST', `${id}/remove-experiments`, { experiment_ids: ids });
      assert.deepEqual((await add(one, two)).dataset.experiment_ids, [one, two]);
      assert.deepEqual((await remove(one)).dataset.experiment_ids, [two]);
      assert.deepEqual((await remove(one)).dataset.experiment_ids, [two]);
      assert.equal((await remove(two)).dataset.experiment_ids, undefined);
      const foreign = (await tracking.experiments.create(ground.stranger, { name: 'theirs' })).id;
      for (const unknown of [foreign, '99999999']) {
        assert.deepEqual((await add(unknown)).error_code, 'RESOURCE_DOES_NOT_EXIST');
        assert.equal((await call('POST', 'create', { name: 'x', experiment_ids: [unknown] })).status, 404);
      }
    });

    test('one that is not there, or another project has, is not found; to remove it is nothing', async () => {
      const { dataset_id: id } = await made();
      await merge(id, [{ inputs: { q: 1 } }]);
      const ask = (dataset: string, workspace?: string) =>
        Promise.all([
          call('GET', dataset, undefined, workspace),
          call('GET', `${dataset}/records`, undefined, workspace),
          call('GET', `${dataset}/experiment-ids`, undefined, workspace),
          call('POST', `${dataset}/records`, { records: '[]' }, workspace),
          call('DELETE', `${dataset}/records`, { dataset_record_ids: [] }, workspace),
          call('PATCH', `${dataset}/tags`, { tags: '{}' }, workspace),
          call('POST', `${dataset}/add-experiments`, { experiment_ids: [] }, workspace),
          call('POST', `${dataset}/remove-experiments`, { experiment_ids: [] }, workspace),
        ]);
      for (const answers of [await ask('d-none'), await ask(id, 'elsewhere')])
        for (const { status, error_code, message } of answers) {
          assert.deepEqual([status, error_code], [404, 'RESOURCE_DOES_NOT_EXIST']);
          assert.match(message ?? '', /not found/);
        }
      assert.equal((await call('DELETE', id, undefined, 'elsewhere')).status, 200);
      assert.equal((await get(id)).dataset_id, id, 'nothing of a stranger');
      for (let i = 0; i < 2; i += 1) assert.equal((await call('DELETE', id)).status, 200);
      assert.equal((await call('GET', id)).status, 404);
    });

    test('what is no record is refused, and nothing of its batch is kept', async () => {
      const { dataset_id: id } = await made();
      const good = { inputs: { q: 1 } };
      for (const bad of [
        {},
        [good, 1],
        [good, { inputs: 'text' }],
        [good, { inputs: null }],
        [good, { inputs: {}, tags: [] }],
        [good, { inputs: {}, source: { source_type: 'ORACLE' } }],
        [good, { inputs: {}, source: { source_data: {} } }],
        [{ inputs: { a: 1 }, expectations: 'x' }],
      ])
        assert.deepEqual([(await merge(id, bad)).error_code, (await recordsOf(id)).length], ['INVALID_PARAMETER_VALUE', 0]);
      for (const records of ['[', '', `[{"inputs":${'['.repeat(2000)}${']'.repeat(2000)}}]`])
        assert.equal((await call('POST', `${id}/records`, { records })).status, 400);
      assert.equal((await call('POST', 'create', { name: '' })).status, 400);
      assert.equal((await call('POST', 'create', { name: 'n'.repeat(256) })).status, 400);
    });

    test('two that merge at once leave one record for each input', async () => {
      const { dataset_id: id } = await made();
      const batches = await Promise.all(
        Array.from({ length: 6 }, (_, i) => merge(id, [{ inputs: { q: 1 }, tags: { [`t${i}`]: 1 } }, { inputs: { i } }])),
      );
      assert.equal(
        batches.reduce((sum, answer) => sum + Number(answer['inserted_count']), 0),
        7,
      );
      const [shared] = (await recordsOf(id)).filter(({ inputs }) => 'q' in (inputs as object));
      assert.equal(Object.keys(shared!['tags'] as object).length, 6);
      assert.equal((await get(id)).profile, '{"num_records":7}');
    });

    test('with its only experiment a dataset goes for good, and one that serves others stays', async () => {
      const gone = (await tracking.experiments.create(ground.actor, { name: 'goes' })).id;
      const alone = (await made({ experiment_ids: [gone], tags: '{"a":"b"}' })).dataset_id;
      await merge(
        alone,
        Array.from({ length: 250 }, (_, i) => ({ inputs: { i } })),
      );
      const shared = (await made({ experiment_ids: [gone, experiments[0]] })).dataset_id;
      await merge(shared, [{ inputs: {} }]);
      await tracking.experiments.remove(ground.actor, gone);
      await tracking.experiments.purge(ground.actor, gone);
      assert.equal((await call('GET', alone)).status, 404);
      assert.deepEqual((await get(shared)).experiment_ids, [experiments[0]]);
      assert.equal((await recordsOf(shared)).length, 1);
    });
  });
}
