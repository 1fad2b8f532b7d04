import assert from 'node:assert/strict';
import { json } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { promptLabRoutes } from './promptlab.ts';

interface WireRun {
  info: { run_id: string; [field: string]: unknown };
  data: { params: unknown[]; tags: { key: string; value: string }[] };
}
interface Answer {
  status: number;
  run: WireRun;
  error_code?: string;
  message?: string;
}

for (const [database, start] of Object.entries(databases)) {
  describe(`MLflow's prompt lab on ${database}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    let experiment_id: string;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      experiment_id = (await tracking.experiments.create(ground.actor, { name: 'prompts' })).id;
      app = fastify();
      const { project, ...caller } = ground.actor;
      const door = {
        callerOf: async () => caller,
        resolveProject: async () => project,
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 100_000,
      } as never;
      await app.register(async (own) => bindRoutes(own, promptLabRoutes(tracking), door));
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const call = async (body: object): Promise<Answer> => {
      const answer = await app.inject({
        method: 'POST',
        url: '/ajax-api/2.0/mlflow/runs/create-promptlab-run',
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
      return { status: answer.statusCode, ...answer.json<Omit<Answer, 'status'>>() };
    };
    const least = () => ({
      experiment_id,
      prompt_template: 'Say {{what}}',
      prompt_parameters: [{ key: 'what', value: 'hello' }],
      model_route: 'chat',
      model_input: 'Say hello',
      mlflow_version: '3.17.2',
    });
    const tableOf = async ({ info: { run_id } }: WireRun): Promise<unknown> => {
      const file = await tracking.artifacts.get(ground.actor.project, `run:${run_id}`, 'eval_results_table.json');
      return json(await file.open());
    };
    const runs = async (): Promise<number> => tracking.runs.count(ground.actor.project);

    test('what was tried is a finished run: settings as params, what came of it as a table', async () => {
      const { status, run } = await call({
        ...least(),
        run_name: 'tried',
        model_parameters: [{ key: 'temperature', value: 0.1 }],
        model_output: 'hello!',
        model_output_parameters: [{ key: 'latency', value: '100' }],
        tags: [{ key: 'mine', value: 'yes' }],
        user_id: 'ada',
        start_time: 456,
      });
      assert.equal(status, 200);
      const { run_name, user_id, status: state, start_time, experiment_id: of } = run.info;
      assert.deepEqual([run_name, user_id, state, start_time, of], ['tried', 'ada', 'FINISHED', 456, experiment_id]);
      assert.deepEqual(run.data.params, [
        { key: 'model_route', value: 'chat' },
        { key: 'prompt_template', value: 'Say {{what}}' },
        { key: 'temperature', value: '0.1' },
      ]);
      const tags = Object.fromEntries(run.data.tags.map(({ key, value }) => [key, value]));
      assert.equal(tags['mlflow.loggedArtifacts'], '[{"path": "eval_results_table.json", "type": "table"}]');
      assert.equal(tags['mlflow.runSourceType'], 'PROMPT_ENGINEERING');
      assert.equal(tags['mine'], 'yes');
      assert.deepEqual(await tableOf(run), {
        columns: ['what', 'prompt', 'output', 'latency'],
        data: [['hello', 'Say hello', 'hello!', '100']],
      });
    });

    test('what nobody says is left to the server', async () => {
      const { run } = await call(least());
      assert.equal(run.info['user_id'], 'unknown');
      assert.equal(run.info['start_time'], ground.clock.now().getTime());
      assert.deepEqual(await tableOf(run), { columns: ['what', 'prompt', 'output'], data: [['hello', 'Say hello', null]] });
    });

    test('what is missing is named, one after the other, and makes no run', async () => {
      const before = await runs();
      const names = ['experiment_id', 'prompt_template', 'prompt_parameters', 'model_route', 'model_input', 'mlflow_version'] as const;
      const whole: Record<string, unknown> = least();
      const said: Record<string, unknown> = {};
      for (const name of names) {
        const { status, error_code, message } = await call(said);
        assert.deepEqual(
          [status, error_code, message],
          [400, 'INVALID_PARAMETER_VALUE', `CreatePromptlabRun request must specify ${name}.`],
        );
        said[name] = whole[name];
      }
      assert.equal((await call({ ...whole, prompt_parameters: [] })).status, 400);
      assert.equal((await call({ ...whole, prompt_parameters: ['a'] })).status, 400);
      assert.equal((await call({ ...whole, model_parameters: [{ key: '../a', value: '1' }] })).status, 400);
      assert.equal((await call({ ...whole, experiment_id: '999999' })).error_code, 'RESOURCE_DOES_NOT_EXIST');
      assert.equal(await runs(), before);
    });

    test('a run whose table is too large for the server says that it failed', async () => {
      const { status, error_code } = await call({ ...least(), model_output: 'x'.repeat(2000) });
      assert.deepEqual([status, error_code], [413, 'INVALID_PARAMETER_VALUE']);
      const { items } = await tracking.search.runs(ground.actor.project, { filter: "status = 'FAILED'", limit: 10 });
      assert.equal(items.length, 1);
    });
  });
}
