import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { experimentRoutes } from './experiments.ts';
import { runRoutes } from './runs.ts';

interface Pair {
  readonly key: string;
  readonly value: string;
}
interface WireRun {
  readonly info: { readonly run_id: string } & Readonly<Record<string, unknown>>;
  readonly data: { readonly params: readonly Pair[]; readonly tags: readonly Pair[] };
  readonly inputs: unknown;
  readonly outputs: unknown;
}
/** Whatever part of it a route answers. */
interface Body {
  readonly run: WireRun;
  readonly run_info: Readonly<Record<string, unknown>>;
  readonly experiment_id: string;
  readonly experiment: Readonly<Record<string, unknown>>;
  readonly error_code: string;
  readonly message: string;
}
interface Answer {
  readonly status: number;
  readonly body: Body;
}

for (const [name, start] of Object.entries(databases)) {
  describe(`experiments and runs on MLflow's wire, on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    before(async () => {
      ground = await layGround(start);
      await ground.projects.ensureDefault();
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      await tracking.experiments.ensureDefault();
      app = Fastify();
      bindRoutes(app, [...experimentRoutes(tracking), ...runRoutes(tracking)], {
        callerOf: async () => ({ id: 'owner', permissions: 'all' }),
        resolveProject: ground.projects.resolve,
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 40_000_000,
      });
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const answerOf = ({ statusCode, body }: { statusCode: number; body: string }): Answer => ({
      status: statusCode,
      body: JSON.parse(body),
    });
    const post = async (route: string, body: object): Promise<Answer> =>
      answerOf(
        await app.inject({
          method: 'POST',
          url: `/api/2.0/mlflow/${route}`,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          payload: JSON.stringify(body),
        }),
      );
    const get = async (route: string, query: Record<string, string>): Promise<Answer> =>
      answerOf(await app.inject({ method: 'GET', url: `/ajax-api/2.0/mlflow/${route}`, query }));
    const done = async (route: string, body: object): Promise<void> => assert.deepEqual(await post(route, body), { status: 200, body: {} });
    const refused = async (answer: Promise<Answer>, status: number, code: string, message: RegExp): Promise<void> => {
      const { status: got, body } = await answer;
      assert.deepEqual([got, body.error_code], [status, code], body.message);
      assert.match(body.message, message);
    };
    const anExperiment = async (name: string, more = {}): Promise<string> =>
      (await post('experiments/create', { name, ...more })).body.experiment_id;
    const aRun = async (experimentId: string, more = {}): Promise<WireRun> =>
      (await post('runs/create', { experiment_id: experimentId, ...more })).body.run;
    const runOf = async (runId: string): Promise<WireRun> => (await get('runs/get', { run_id: runId })).body.run;

    test('an experiment is told in whole, by its id and by its name', async () => {
      const id = await anExperiment('told', { artifact_location: 'mine', tags: [{ key: 'a', value: 'b' }, { key: 'empty' }] });
      const at = ground.clock.now().getTime();
      const experiment = {
        experiment_id: id,
        name: 'told',
        artifact_location: path.resolve('mine'),
        lifecycle_stage: 'active',
        last_update_time: at,
        creation_time: at,
        tags: [
          { key: 'a', value: 'b' },
          { key: 'empty', value: '' },
        ],
        workspace: 'default',
      };
      assert.deepEqual(await get('experiments/get', { experiment_id: id }), { status: 200, body: { experiment } });
      assert.deepEqual((await get('experiments/get-by-name', { experiment_name: 'told' })).body, { experiment });
      const bare = await anExperiment('bare / with: signs');
      const { tags, artifact_location } = (await get('experiments/get', { experiment_id: bare })).body.experiment;
      assert.deepEqual([tags, artifact_location], [undefined, `mlflow-artifacts:/${bare}`]);
      assert.equal((await get('experiments/get', { experiment_id: '0' })).body.experiment.name, 'Default');
    });

    test('what is wrong with a call on an experiment is said with the code that clients go by', async () => {
      const id = await anExperiment('refusing');
      const [invalid, absent] = ['INVALID_PARAMETER_VALUE', 'RESOURCE_DOES_NOT_EXIST'];
      await refused(post('experiments/create', { name: 'refusing' }), 400, 'RESOURCE_ALREADY_EXISTS', /there already/);
      await refused(post('experiments/create', { name: 123 }), 400, invalid, /Invalid value 123 for parameter 'name'/);
      await refused(post('experiments/create', {}), 400, invalid, /Missing value for required parameter 'name'/);
      await refused(post('experiments/create', { name: 'x'.repeat(501) }), 400, invalid, /exceeds the maximum length of 500/);
      await refused(post('experiments/create', { name: 'a', tags: '5' }), 400, invalid, /Invalid value "5" for parameter 'tags'/);
      const written = { name: 'a', artifact_location: JSON.rawJSON('9.0') };
      await refused(post('experiments/create', written), 400, invalid, /Invalid value 9\.0 for parameter 'artifact_location'/);
      await refused(post('experiments/create', { name: 'a', artifact_location: 's3://a#b' }), 400, invalid, /fragments or params/);
      await refused(get('experiments/get', { experiment_id: '99999' }), 404, absent, /No Experiment with id=99999/);
      await refused(get('experiments/get', { experiment_id: 'abc' }), 400, invalid, /experiment_id/);
      await refused(get('experiments/get-by-name', { experiment_name: 'none' }), 404, absent, /none/);
      await refused(post('experiments/restore', { experiment_id: id }), 404, absent, /active already/);
      await refused(post('experiments/delete-experiment-tag', { experiment_id: id, key: 'none' }), 404, absent, /No tag with name: none/);
      await refused(
        post('experiments/set-experiment-tag', { experiment_id: id, key: 'a', value: 'x'.repeat(20_001) }),
        400,
        invalid,
        /exceeds the maximum length/,
      );
    });

    test('an experiment is renamed, tagged, deleted with its runs and restored', async () => {
      const id = await anExperiment('moving', { tags: [{ key: 'old', value: '1' }] });
      const { run_id } = (await aRun(id)).info;
      await done('experiments/update', { experiment_id: id, new_name: 'moved' });
      await done('experiments/set-experiment-tag', { experiment_id: id, key: 'new', value: 'a\nb' });
      await done('experiments/set-experiment-tag', { experiment_id: id, key: 'empty' });
      await done('experiments/delete-experiment-tag', { experiment_id: id, key: 'old' });
      const now = async () => (await get('experiments/get', { experiment_id: id })).body.experiment;
      const { name, tags } = await now();
      assert.deepEqual(
        [name, tags],
        [
          'moved',
          [
            { key: 'empty', value: '' },
            { key: 'new', value: 'a\nb' },
          ],
        ],
      );

      await done('experiments/delete', { experiment_id: id });
      assert.deepEqual([(await now()).lifecycle_stage, (await runOf(run_id)).info.lifecycle_stage], ['deleted', 'deleted']);
      await refused(post('experiments/delete', { experiment_id: id }), 404, 'RESOURCE_DOES_NOT_EXIST', /deleted already/);
      for (const [route, more] of [
        ['experiments/update', { new_name: 'x' }],
        ['experiments/set-experiment-tag', { key: 'a' }],
        ['runs/create', {}],
      ] as const)
        await refused(post(route, { experiment_id: id, ...more }), 400, 'INVALID_PARAMETER_VALUE', /must be in the 'active' state/);
      await done('experiments/restore', { experiment_id: id });
      assert.deepEqual([(await now()).lifecycle_stage, (await runOf(run_id)).info.lifecycle_stage], ['active', 'active']);
    });

    test('a run is told in whole: what is empty is left out, and what is 0 is not', async () => {
      const id = await anExperiment('runs');
      const tags = [
        { key: 'mlflow.user', value: 'ada' },
        { key: 'mlflow.parentRunId', value: '7' },
      ];
      const run = await aRun(id, { user_id: 'grace', run_name: 'first', start_time: 456, tags });
      const { run_id } = run.info;
      assert.match(run_id, /^[0-9a-f]{32}$/);
      const info = {
        run_uuid: run_id,
        run_id,
        run_name: 'first',
        experiment_id: id,
        user_id: 'grace',
        status: 'RUNNING',
        start_time: 456,
        artifact_uri: `mlflow-artifacts:/${id}/${run_id}/artifacts`,
        lifecycle_stage: 'active',
      };
      const told = [...tags, { key: 'mlflow.runName', value: 'first' }];
      assert.deepEqual(run, { info, data: { tags: told }, inputs: {} });

      await tracking.runs.log({ ...ground.actor, project: await ground.projects.resolve('default') }, run_id, {
        metrics: [
          { key: 'inf', value: '-Infinity', step: 0, time: 0 },
          { key: 'nan', value: 'NaN', step: -1, time: 5 },
        ],
      });
      await done('runs/log-parameter', { run_id, key: 'lr', value: '0.1' });
      const outputs = [{ model_id: 'm-2', step: 0 }];
      await done('runs/outputs', { run_id, models: outputs });
      const dataset = { name: 'wine', digest: 'd1', source_type: 'http', source: '{}', schema: '{"a":1}' };
      const input = { tags: [{ key: 'mlflow.data.context', value: 'train' }], dataset };
      for (let i = 0; i < 2; i++) await done('runs/log-inputs', { run_id, datasets: [input], models: [{ model_id: 'm-1' }] });
      assert.deepEqual(await runOf(run_id), {
        info,
        data: {
          metrics: [
            { key: 'inf', value: -1.7976931348623157e308, timestamp: 0, step: 0 },
            { key: 'nan', value: 'NaN', timestamp: 5, step: -1 },
          ],
          params: [{ key: 'lr', value: '0.1' }],
          tags: [tags[1], tags[0], told[2]],
        },
        inputs: { dataset_inputs: [input], model_inputs: [{ model_id: 'm-1' }] },
        outputs: { model_outputs: outputs },
      });
      assert.deepEqual((await runOf((await aRun(id)).info.run_id)).outputs, {});
      const elsewhere = await anExperiment('elsewhere', { artifact_location: 's3://bucket/a/?region=x' });
      const { artifact_uri, run_id: there } = (await aRun(elsewhere)).info;
      assert.equal(artifact_uri, `s3://bucket/a/${there}/artifacts?region=x`);
    });

    test('a run is ended, taken up again and ended again', async () => {
      const { run_id } = (await aRun('0')).info;
      const update = async (more: object) => (await post('runs/update', { run_id, ...more })).body.run_info;
      const ended = await update({ status: 'FINISHED', end_time: 789 });
      assert.deepEqual([ended.status, ended.end_time, ended.run_uuid], ['FINISHED', 789, run_id]);
      const again = await update({ status: 'RUNNING', end_time: 789 });
      assert.deepEqual([again.status, again.end_time], ['RUNNING', undefined]);
      await done('runs/log-parameter', { run_id, key: 'late', value: '1' });
      assert.equal((await update({ status: 4 })).status, 'FAILED');
      await done('runs/log-parameter', { run_id, key: 'later', value: '1' });
      const renamed = await update({ run_name: 'renamed' });
      assert.deepEqual([renamed.status, renamed.run_name], ['FAILED', 'renamed']);
      assert.deepEqual((await runOf(run_id)).data.tags, [{ key: 'mlflow.runName', value: 'renamed' }]);
      await done('runs/set-tag', { run_id, key: 'mlflow.runName', value: 'by its tag' });
      assert.equal((await runOf(run_id)).info.run_name, 'by its tag');
      await refused(
        post('runs/update', { run_id, status: 'DONE' }),
        400,
        'INVALID_PARAMETER_VALUE',
        /Invalid value "DONE" for parameter 'status'/,
      );
      await refused(post('runs/update', { run_id, end_time: '9'.repeat(18) }), 400, 'INVALID_PARAMETER_VALUE', /end_time/);
      await refused(
        post('runs/create', { experiment_id: '0', run_name: 'a', tags: [{ key: 'mlflow.runName', value: 'b' }] }),
        400,
        'INVALID_PARAMETER_VALUE',
        /"a".*"b"/,
      );
    });

    test('params keep their value, tags change, and what is too long of either is cut', async () => {
      const { run_id } = (await aRun('0')).info;
      for (let i = 0; i < 2; i++) await done('runs/log-parameter', { run_id, key: 'long', value: `${'x'.repeat(5999)}😀😀` });
      await done('runs/log-parameter', { run_id, key: 'empty' });
      await refused(
        post('runs/log-parameter', { run_id, key: 'empty', value: 'b' }),
        400,
        'INVALID_PARAMETER_VALUE',
        /^Changing param values is not allowed. Param with key='empty' was already logged with value=''.*'b'/,
      );
      await refused(
        post('runs/log-parameter', { run_id, key: 'a//b', value: 'b' }),
        400,
        'INVALID_PARAMETER_VALUE',
        /^Invalid value "a\/\/b" for parameter 'key' supplied/,
      );
      await refused(
        post('runs/log-parameter', { run_id, key: 31, value: 41 }),
        400,
        'INVALID_PARAMETER_VALUE',
        /Invalid value 31 for parameter 'key'/,
      );
      for (const value of ['first', 'x'.repeat(9000)]) await done('runs/set-tag', { run_id, key: 'tag', value });
      const { params, tags } = (await runOf(run_id)).data;
      assert.deepEqual(params, [
        { key: 'empty', value: '' },
        { key: 'long', value: `${'x'.repeat(5999)}😀` },
      ]);
      assert.equal(tags.find(({ key }) => key === 'tag')?.value, 'x'.repeat(8000));
      await done('runs/delete-tag', { run_id, key: 'tag' });
      await refused(post('runs/delete-tag', { run_id, key: 'tag' }), 404, 'RESOURCE_DOES_NOT_EXIST', /No tag with name: tag/);
      await refused(post('runs/delete-tag', { run_id: 'fake_run_id', key: 'tag' }), 404, 'RESOURCE_DOES_NOT_EXIST', /Run .+ not found/);
    });

    test('a deleted run is told, takes nothing and comes back; both may be said twice', async () => {
      const { run_id } = (await aRun('0')).info;
      for (let i = 0; i < 2; i++) await done('runs/delete', { run_id });
      assert.equal((await runOf(run_id)).info.lifecycle_stage, 'deleted');
      for (const [route, more] of [
        ['runs/update', { status: 'FINISHED' }],
        ['runs/log-parameter', { key: 'a', value: 'b' }],
        ['runs/set-tag', { key: 'a', value: 'b' }],
        ['runs/delete-tag', { key: 'a' }],
        ['runs/log-inputs', { models: [{ model_id: 'm-1' }] }],
        ['runs/outputs', { models: [{ model_id: 'm-1', step: 1 }] }],
      ] as const)
        await refused(
          post(route, { run_id, ...more }),
          400,
          'INVALID_PARAMETER_VALUE',
          new RegExp(`The run ${run_id} must be in the 'active' state`),
        );
      for (let i = 0; i < 2; i++) await done('runs/restore', { run_id });
      await done('runs/set-tag', { run_id, key: 'a', value: 'b' });
    });

    test('a model that an older client stored is one more in the list of its tag', async () => {
      const { run_id } = (await aRun('0')).info;
      const model = (artifact_path: string) => ({ artifact_path, flavors: { crate: {} }, utc_time_created: 'now', run_id });
      for (const one of ['a', 'b', 'b']) await done('runs/log-model', { run_id, model_json: JSON.stringify(model(one)) });
      const history = (await runOf(run_id)).data.tags.find(({ key }) => key === 'mlflow.log-model.history');
      assert.deepEqual(JSON.parse(history!.value), [model('a'), model('b')]);
      await refused(post('runs/log-model', { run_id, model_json: '{' }), 400, 'INVALID_PARAMETER_VALUE', /not JSON/);
      await refused(
        post('runs/log-model', { run_id, model_json: '{"run_id":"x"}' }),
        400,
        'INVALID_PARAMETER_VALUE',
        /missing mandatory fields: artifact_path/,
      );
    });

    test("R's calls, whose scalars are all texts, and Java's, with 64 bits as text and both names of a run's id, are understood", async () => {
      const r = await aRun('0', { user_id: 'r-user', start_time: '1700000000000', tags: [] });
      assert.deepEqual([r.info.start_time, r.info.user_id], [1_700_000_000_000, 'r-user']);
      const run_id: string = r.info.run_id;
      await done('runs/log-parameter', { run_uuid: run_id, run_id, key: 'lr', value: '0.1' });
      await done('runs/set-tag', { run_uuid: run_id, run_id, key: 'who', value: 'r' });
      const { body } = await post('runs/update', { run_uuid: run_id, run_id, status: 'FINISHED', end_time: '1700000001000' });
      assert.deepEqual([body.run_info.status, body.run_info.end_time], ['FINISHED', 1_700_000_001_000]);
      assert.equal((await get('runs/get', { run_uuid: run_id, run_id })).body.run.info.run_id, run_id);

      const java = await aRun('0', { userId: 'java', startTime: '1700000000001' });
      assert.deepEqual([java.info.start_time, java.info.user_id], [1_700_000_000_001, 'java']);
      const runUuid: string = java.info.run_id;
      await done('runs/log-parameter', { runUuid, runId: runUuid, key: 'depth', value: '3' });
      await done('runs/set-tag', { run_uuid: runUuid, key: 'only', value: 'its older name' });
      assert.deepEqual((await runOf(runUuid)).data.params, [{ key: 'depth', value: '3' }]);
      await done('runs/outputs', { run_id, models: [{ model_id: 'm-1', step: '12' }] });
      assert.deepEqual((await runOf(run_id)).outputs, { model_outputs: [{ model_id: 'm-1', step: 12 }] });
    });

    test('another project knows nothing of it', async () => {
      const { run_id } = (await aRun('0')).info;
      const elsewhere = { 'content-type': 'application/json', 'x-mlflow-workspace': 'elsewhere' };
      for (const [route, body] of [
        ['runs/set-tag', { run_id, key: 'a', value: 'b' }],
        ['runs/delete', { run_id }],
        ['experiments/delete', { experiment_id: '0' }],
        ['runs/create', { experiment_id: '0' }],
      ] as const) {
        const answer = await app.inject({ method: 'POST', url: `/api/2.0/mlflow/${route}`, headers: elsewhere, payload: body });
        assert.equal(answer.statusCode, 404, route);
      }
    });
  });
}
