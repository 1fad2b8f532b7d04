import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { scorerRoutes } from './scorers.ts';

interface WireScorer {
  experiment_id: number;
  scorer_name: string;
  scorer_version: number;
  serialized_scorer: string;
  creation_time: number;
  scorer_id: string;
}
interface Answer {
  status: number;
  error_code?: string;
  message?: string;
  version?: number;
  scorer_id?: string;
  scorer?: WireScorer;
  scorers?: WireScorer[];
}

for (const [name, start] of Object.entries(databases)) {
  describe(`MLflow's routes of scorers on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
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
      await app.register(async (own) => bindRoutes(own, scorerRoutes(tracking), door));
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const send = async (method: 'POST' | 'DELETE', path: string, body: object): Promise<Answer> => {
      const url = `/api/3.0/mlflow/scorers/${path}`;
      const answer = await app.inject({ method, url, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) });
      return { status: answer.statusCode, ...answer.json<object>() };
    };
    const get = async (path: string, fields: Record<string, string>): Promise<Answer> => {
      const answer = await app.inject({ method: 'GET', url: `/api/3.0/mlflow/scorers/${path}?${new URLSearchParams(fields).toString()}` });
      return { status: answer.statusCode, ...answer.json<object>() };
    };
    const anExperiment = async (name: string): Promise<string> => (await tracking.experiments.create(ground.actor, { name })).id;
    const register = (experiment_id: string, name: string, scorer: unknown = { name }) =>
      send('POST', 'register', { experiment_id, name, serialized_scorer: JSON.stringify(scorer) });

    test('each registration of a name is its next version, and no number is given twice', async () => {
      const experiment_id = await anExperiment('versions');
      const first = await register(experiment_id, 'polite', { v: 1 });
      const made = { status: 200, version: 1, experiment_id, name: 'polite', serialized_scorer: '{"v":1}' };
      assert.deepEqual(first, { ...made, scorer_id: first.scorer_id, creation_time: ground.clock.now().getTime() });
      const second = await register(experiment_id, 'polite', { v: 2 });
      assert.deepEqual([second.version, second.scorer_id], [2, first.scorer_id]);

      const polite = { experiment_id, name: 'polite' };
      const { scorers } = await get('versions', polite);
      assert.deepEqual(
        scorers?.map((one) => [one.scorer_version, one.serialized_scorer]),
        [
          [1, '{"v":1}'],
          [2, '{"v":2}'],
        ],
      );
      assert.equal(scorers?.[0]?.experiment_id, Number(experiment_id));
      assert.deepEqual((await get('get', polite)).scorer, scorers?.[1]);
      assert.deepEqual((await get('get', { ...polite, version: '1' })).scorer, scorers?.[0]);
      assert.equal((await get('get', { ...polite, version: '3' })).error_code, 'RESOURCE_DOES_NOT_EXIST');

      assert.equal((await send('DELETE', 'delete', { ...polite, version: 2 })).status, 200);
      assert.equal((await send('DELETE', 'delete', { ...polite, version: 2 })).error_code, 'RESOURCE_DOES_NOT_EXIST');
      assert.equal((await get('get', polite)).scorer?.scorer_version, 1);
      assert.equal((await register(experiment_id, 'polite')).version, 3);
      assert.equal((await send('DELETE', 'delete', polite)).status, 200);
      for (const path of ['get', 'versions']) assert.equal((await get(path, polite)).status, 404);
      assert.equal((await send('DELETE', 'delete', polite)).status, 404);
    });

    test('a list has the newest version of each, of one experiment, several, or all', async () => {
      const [one, two, gone] = [await anExperiment('one'), await anExperiment('two'), await anExperiment('three')];
      for (const [of, name] of [
        [one, 'b'],
        [one, 'a'],
        [one, 'a'],
        [two, 'a'],
        [gone, 'a'],
      ] as const)
        await register(of, name);
      await tracking.experiments.remove(ground.actor, gone);
      const listed = async (query: Record<string, string>) =>
        (await get('list', query)).scorers?.map((scorer) => [String(scorer.experiment_id), scorer.scorer_name, scorer.scorer_version]) ??
        [];
      assert.deepEqual(await listed({ experiment_id: one }), [
        [one, 'a', 2],
        [one, 'b', 1],
      ]);
      assert.deepEqual(await listed({ experiment_ids: two }), [[two, 'a', 1]]);
      const all = await listed({});
      for (const scorer of [
        [one, 'b', 1],
        [two, 'a', 1],
      ])
        assert.ok(all.some((each) => String(each) === String(scorer)));
      assert.ok(!all.some(([of]) => of === gone));
      assert.equal((await get('list', { experiment_id: gone })).status, 400, 'deleted');
      assert.equal((await get('list', { experiment_id: one, experiment_ids: two })).error_code, 'INVALID_PARAMETER_VALUE');
    });

    test('none of them judges traces as they come', async () => {
      const { scorer_id } = await register(await anExperiment('online'), 'x');
      assert.deepEqual(await get('online-configs', { scorer_ids: scorer_id! }), { status: 200, configs: [] });
      assert.equal((await get('online-configs', {})).status, 400);
    });

    test('what could not be used is refused', async () => {
      const experiment_id = await anExperiment('refused');
      const bad = [
        { name: 'x' },
        { name: '  ', serialized_scorer: '{}' },
        { name: 'x', serialized_scorer: '{' },
        { name: 'x', serialized_scorer: '{"a":[{"call_source":"import os"}]}' },
        { name: 'x', serialized_scorer: '['.repeat(3000) },
      ];
      for (const body of bad) {
        const { error_code } = await send('POST', 'register', { experiment_id, ...body });
        assert.equal(error_code, 'INVALID_PARAMETER_VALUE', JSON.stringify(body).slice(0, 100));
      }
      assert.equal((await register('99999999', 'x')).error_code, 'RESOURCE_DOES_NOT_EXIST');
      assert.equal((await get('list', { experiment_id })).scorers, undefined);
      assert.equal((await register(experiment_id, 'x', { call_source: null })).status, 200, 'no code in it');
    });

    test('several at once get a version each', async () => {
      const experiment_id = await anExperiment('at once');
      const made = await Promise.all(Array.from({ length: 8 }, () => register(experiment_id, 'x')));
      assert.deepEqual(new Set(made.map(({ version }) => version)), new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    });

    test('they go for good with their experiment', async () => {
      const experiment_id = await anExperiment('goes');
      for (const name of ['a', 'a', 'b']) await register(experiment_id, name);
      await tracking.experiments.remove(ground.actor, experiment_id);
      await tracking.experiments.purge(ground.actor, experiment_id);
      assert.equal((await get('list', { experiment_id })).status, 404);
      const left = await ground.db.read
        .withTables<{ scorer: { experiment_id: string } }>()
        .selectFrom('scorer')
        .select('experiment_id')
        .execute();
      assert.ok(left.every((row) => row.experiment_id !== experiment_id));
    });
  });
}
