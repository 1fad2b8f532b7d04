import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { Actor } from '../governance/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking, type LoggedModelMetric, type Tracking } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`logged models on ${name}`, () => {
    let ground: Ground;
    let actor: Actor;
    let models: Tracking['loggedModels'];
    let tracking: Tracking;
    let experimentId: string;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      models = tracking.loggedModels;
      experimentId = (await tracking.experiments.create(actor, { name: 'moods' })).id;
    });
    after(() => ground.stop());

    const aModel = async (more: Partial<Parameters<typeof models.create>[1]> = {}) => {
      ground.clock.advance(1);
      return models.create(actor, { experimentId, ...more });
    };
    const measure = (modelId: string, metrics: readonly Partial<LoggedModelMetric>[]) =>
      ground.db.write((tx) =>
        models.measure(
          tx,
          actor.project,
          metrics.map((metric) => ({ modelId, key: 'f1', runId: 'r', dataset: null, step: 0, time: 0, value: 0, ...metric })),
        ),
      );

    test('a model is logged, finished, and its files lie at its address', async () => {
      const { id } = await aModel({ name: 'model', modelType: 'classifier', sourceRunId: 'r1', tags: { a: '1' }, params: { C: '0.5' } });
      const model = await models.get(actor.project, id);
      assert.match(id, /^m-[0-9a-f]{32}$/);
      assert.deepEqual(
        [model.status, model.artifactUri, model.tags, model.params, model.sourceRunId],
        ['pending', `mlflow-artifacts:/${experimentId}/models/${id}/artifacts`, { a: '1' }, { C: '0.5' }, 'r1'],
      );
      await tracking.artifacts.put(actor, `model:${id}`, { path: 'MLmodel', data: Readable.from(['flavors: {}']) });
      assert.equal((await models.finish(actor, id, 'ready')).status, 'ready');
      assert.equal((await models.get(actor.project, id)).status, 'ready');
      assert.equal((await models.ofRun(actor.project, 'r1', 'model'))?.id, id);
      await assert.rejects(models.get(ground.stranger.project, id), { code: 'not_found' });
    });

    test('a name is made where none is said, and one that clients cannot hold is refused', async () => {
      assert.match((await aModel()).name, /^[a-z]+-[a-z]+-\d+$/);
      for (const bad of ['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b"])
        await assert.rejects(aModel({ name: bad }), { code: 'invalid_request', reason: 'bad_name' });
      await assert.rejects(aModel({ experimentId: '999999' }), { code: 'not_found' });
    });

    test('the files of an experiment that lies elsewhere lie there', async () => {
      const elsewhere = await tracking.experiments.create(actor, { name: 'elsewhere', artifactLocation: 's3://bucket/of/ours/' });
      const { id, artifactUri } = await aModel({ experimentId: elsewhere.id });
      assert.equal(artifactUri, `s3://bucket/of/ours/models/${id}/artifacts`);
    });

    test('a removed model is nowhere', async () => {
      const { id } = await aModel({ sourceRunId: 'r2', name: 'gone' });
      await models.remove(actor, id);
      for (const ask of [
        () => models.get(actor.project, id),
        () => models.remove(actor, id),
        () => models.setTags(actor, id, { a: 'b' }),
        () => models.finish(actor, id, 'ready'),
      ])
        await assert.rejects(ask(), { code: 'not_found' });
      assert.equal(await models.ofRun(actor.project, 'r2', 'gone'), undefined);
      assert.ok(
        !(await models.search(actor.project, { experimentIds: [experimentId], limit: 500 })).items.some((model) => model.id === id),
      );
    });

    test('tags change and go, and one that is not there is told', async () => {
      const { id } = await aModel();
      await models.setTags(actor, id, { a: '1', b: '2' });
      await models.setTags(actor, id, { a: '3' });
      await models.removeTag(actor, id, 'b');
      await assert.rejects(models.removeTag(actor, id, 'b'), { code: 'not_found' });
      assert.deepEqual((await models.get(actor.project, id)).tags, { a: '3' });
    });

    test('a param may be said again, and keeps its value', async () => {
      const { id } = await aModel({ params: { C: '1' } });
      await models.addParams(actor, id, { C: '1', depth: '3' });
      await models.addParams(actor, id, { C: '1', depth: '3' });
      await assert.rejects(models.addParams(actor, id, { depth: '4', trees: '9' }), {
        reason: 'param_changed',
        message: /depth.*"3".*"4"/,
      });
      assert.deepEqual((await models.get(actor.project, id)).params, { C: '1', depth: '3' });
    });

    test('versions that were registered from it are listed once each, whatever the tag said before', async () => {
      const { id } = await aModel({ tags: { 'mlflow.modelVersions': 'no list' } });
      for (const version of ['1', '2', '1']) await models.addVersion(actor, id, { name: 'moods', version });
      assert.equal(
        (await models.get(actor.project, id)).tags['mlflow.modelVersions'],
        '[{"name": "moods", "version": 1}, {"name": "moods", "version": 2}]',
      );
    });

    test('of a metric the latest by step counts, for each run and data set', async () => {
      const { id } = await aModel();
      const dataset = { name: 'test', digest: 'd1' };
      await measure(id, [
        { step: 2, value: 0.2 },
        { step: 10, value: 0.1 },
        { step: 1, value: 0.9 },
      ]);
      await measure(id, [
        { step: 9, value: 0.8 },
        { dataset, value: Number.NaN },
        { runId: 'other', step: 2n ** 60n, value: 0.5 },
      ]);
      const known = (await models.get(actor.project, id)).metrics.map(({ runId, dataset: on, step, value }) => [runId, on, step, value]);
      assert.deepEqual(
        known.toSorted((a, b) => (JSON.stringify(a, String) < JSON.stringify(b, String) ? -1 : 1)),
        [
          ['other', null, 2n ** 60n, 0.5],
          ['r', null, 10, 0.1],
          ['r', dataset, 0, Number.NaN],
        ].toSorted((a, b) => (JSON.stringify(a, String) < JSON.stringify(b, String) ? -1 : 1)),
      );
      await measure(`m-${'0'.repeat(32)}`, [{ value: 1 }]);
    });

    test('models are found by what was said and measured, in an order, page by page', async () => {
      const { id: own } = await tracking.experiments.create(actor, { name: 'searched' });
      const make = (name: string, tags = {}, params = {}) => aModel({ experimentId: own, name, tags, params, sourceRunId: `of-${name}` });
      const [a, b] = [await make('a', { team: 'risk' }), await make('b', {}, { C: '1' })];
      await make('c', { team: 'ops' });
      await measure(a.id, [{ value: 0.1 }, { value: 0.9, dataset: { name: 'test', digest: 'd1' } }]);
      await measure(b.id, [{ value: 0.5 }, { value: 0.2, dataset: { name: 'test', digest: 'd2' } }]);
      await models.finish(actor, b.id, 'ready');
      const search = async (filter: string, more: Partial<Parameters<typeof models.search>[1]> = {}) => {
        const found: string[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await models.search(actor.project, { experimentIds: [own], filter, limit: 1, cursor, ...more });
          found.push(...page.items.map((model) => model.name));
          if (page.nextCursor === null) return found.join('');
          cursor = page.nextCursor;
        }
      };
      assert.equal(await search(''), 'cba');
      assert.equal(await search('', { experimentIds: [] }), '');
      assert.equal(await search('metrics.f1 > 0.4'), 'ba');
      assert.equal(await search('metrics.f1 > 0.4', { datasets: [{ name: 'test' }] }), 'a');
      assert.equal(await search('', { datasets: [{ name: 'test', digest: 'd2' }] }), 'b');
      assert.equal(await search('metrics.f1 IS NULL'), 'c');
      assert.equal(await search("tags.team = 'risk' OR params.C = '1'"), 'ba');
      assert.equal(await search("name IN ('a', 'c') AND attributes.status != 'READY'"), 'ca');
      for (const ready of ["'LOGGED_MODEL_READY'", "'ready'", '2']) assert.equal(await search(`status = ${ready}`), 'b', ready);
      assert.equal(await search("source_run_id = 'of-a'"), 'a');
      assert.equal(await search(`creation_timestamp <= ${Date.parse(a.createdAt)}`), 'a');
      assert.equal(await search('', { order: [{ by: 'metrics.f1', direction: 'asc', on: { name: 'test' } }] }), 'bac');
      assert.equal(await search('', { order: [{ by: 'metrics.f1', direction: 'desc', on: { name: 'test', digest: 'd2' } }] }), 'bca');
      assert.equal(await search('', { order: [{ by: 'name', direction: 'desc' }] }), 'cba');
      assert.equal(await search('', { order: [{ by: 'creation_time', direction: 'asc' }] }), 'abc');
      await assert.rejects(search('', { order: [{ by: 'params.C', direction: 'asc' }] }), { reason: 'bad_filter' });
      await assert.rejects(search('name ='), { reason: 'bad_filter' });
    });

    test('no type and no run are empty texts to a filter, and NaN differs from every number', async () => {
      const { id: own } = await tracking.experiments.create(actor, { name: 'of no type' });
      const a = await aModel({ experimentId: own, name: 'a' });
      const b = await aModel({ experimentId: own, name: 'b', modelType: 'agent', sourceRunId: 'r1' });
      await measure(a.id, [{ value: Number.NaN }]);
      await measure(b.id, [{ value: 0 }]);
      const expected: Record<string, string> = {
        "attributes.model_type != 'x'": 'ba',
        "model_type != 'agent'": 'a',
        "model_type = ''": 'a',
        "model_type NOT IN ('agent')": 'a',
        "model_type LIKE '%'": 'ba',
        'model_type IS NULL': 'a',
        'source_run_id IS NOT NULL': 'b',
        "source_run_id != 'r2'": 'ba',
        'metrics.f1 = 0': 'b',
        'metrics.f1 <= 0': 'b',
        'metrics.f1 != 1': 'ba',
        'metrics.f1 != 0': 'a',
      };
      for (const [filter, names] of Object.entries(expected)) {
        const { items } = await models.search(actor.project, { experimentIds: [own], filter, limit: 5 });
        assert.equal(items.map(({ name: found }) => found).join(''), names, filter);
      }
    });
  });
}
