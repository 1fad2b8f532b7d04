import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Actor } from '../governance/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking, type Tracking } from './index.ts';

const origin = { stepRunId: 'a'.repeat(32), commit: null, changes: null, codeDigest: null, seed: null, environment: null };
const amend = { amend: true };
const ended = { code: 'failed_precondition', reason: 'run_ended' };
const deleted = { code: 'failed_precondition', reason: 'run_deleted', message: /must be in the 'active' state/ };

for (const [name, start] of Object.entries(databases)) {
  describe(`runs of clients, on ${name}`, () => {
    let ground: Ground;
    let runs: Tracking['runs'];
    let actor: Actor;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      ({ runs } = createTracking({ ...ground, maxUploadBytes: 1000 }));
    });
    after(() => ground.stop());
    const get = (id: string) => runs.get(actor.project, id);

    test('a client says when a run began, who runs it, what it is called and what it belongs to', async () => {
      const parent = await runs.start(actor, { name: 'parent' });
      const startedAt = '2020-01-01T00:00:00.000Z';
      const tags = { 'mlflow.runName': 'child', 'mlflow.parentRunId': parent.id, 'mlflow.user': 'ada', other: 'x' };
      const run = await runs.start(actor, { startedAt, tags });
      assert.deepEqual(
        [run.name, run.parentRunId, run.userId, run.startedAt, run.tags],
        ['child', parent.id, 'ada', startedAt, { 'mlflow.user': 'ada', other: 'x' }],
      );
      assert.equal(run.correlationId, parent.correlationId);
      assert.deepEqual(await get(run.id), run);
      const strange = await runs.start(actor, { userId: 'grace', tags: { 'mlflow.parentRunId': '7', 'mlflow.user': 'ada' } });
      assert.deepEqual([strange.parentRunId, strange.userId, strange.tags['mlflow.parentRunId']], [null, 'grace', '7']);
      await assert.rejects(runs.start(actor, { name: 'a', tags: { 'mlflow.runName': 'b' } }), { reason: 'name_said_twice' });
      assert.equal((await runs.start(actor, { name: 'a', tags: { 'mlflow.runName': 'a' } })).name, 'a');
    });

    test('tags that stand for the name and the parent change these', async () => {
      const parent = await runs.start(actor, {});
      const { id } = await runs.start(actor, {});
      await runs.setTags(actor, id, { 'mlflow.runName': 'renamed', 'mlflow.parentRunId': parent.id, a: 'b' });
      let run = await get(id);
      assert.deepEqual([run.name, run.parentRunId, run.tags], ['renamed', parent.id, { a: 'b' }]);
      await runs.log(actor, id, { tags: { 'mlflow.parentRunId': 'elsewhere', 'mlflow.runName': '' } });
      run = await get(id);
      assert.deepEqual([run.name, run.parentRunId, run.tags], ['renamed', null, { a: 'b', 'mlflow.parentRunId': 'elsewhere' }]);
      await runs.setTags(actor, id, { 'mlflow.parentRunId': parent.id });
      assert.deepEqual((await get(id)).tags, { a: 'b' });
      await runs.removeTag(actor, id, 'mlflow.parentRunId');
      assert.equal((await get(id)).parentRunId, null);
      await runs.setTags(actor, id, { 'mlflow.parentRunId': id });
      assert.equal((await get(id)).parentRunId, null, 'no run is its own parent');
      await assert.rejects(runs.removeTag(actor, id, 'mlflow.runName'), { reason: 'tag_reserved' });
      await assert.rejects(runs.removeTag(actor, id, 'absent'), { code: 'not_found' });
    });

    test('a run that has ended takes names and tags, and the rest from a client that comes back', async () => {
      const { id } = await runs.start(actor, {});
      await runs.end(actor, id, { status: 'finished' });
      await runs.setTags(actor, id, { note: 'good' });
      assert.equal((await runs.update(actor, id, { name: 'best' })).name, 'best');
      await assert.rejects(runs.update(actor, id, { status: 'running' }), ended);
      await assert.rejects(runs.logOutputs(actor, id, [{ modelId: 'm-1', step: 0 }]), ended);

      const reopened = await runs.update(actor, id, { status: 'running' }, amend);
      assert.deepEqual([reopened.status, reopened.endedAt], ['running', null]);
      assert.equal((await ground.newsOf('run.reopened')).length, 1);
      const endedAt = '2030-01-01T00:00:00.000Z';
      const again = await runs.update(actor, id, { status: 'failed', endedAt }, amend);
      assert.deepEqual([again.status, again.endedAt], ['failed', endedAt]);
      assert.deepEqual(await runs.update(actor, id, { status: 'failed', endedAt }, amend), again);
      await runs.log(actor, id, { params: { late: '1' } }, amend);
      assert.deepEqual((await get(id)).params, { late: '1' });
      const ends = (await ground.newsOf('run.ended')).filter((news) => news.name === 'best');
      assert.deepEqual(
        ends.map(({ status }) => status),
        ['failed'],
      );
    });

    test("a client that logs into a step's run does not end it, and changes nothing of it afterwards but its labels", async () => {
      const { id } = await runs.start(actor, { origin });
      await runs.log(actor, id, { params: { auto: 'logged' } }, amend);
      for (const status of ['running', 'finished', 'failed'] as const)
        assert.equal((await runs.update(actor, id, { status }, amend)).status, 'running');
      await runs.end(actor, id, { status: 'finished' });
      await assert.rejects(runs.update(actor, id, { status: 'running' }, amend), ended);
      await assert.rejects(runs.log(actor, id, { metrics: [{ key: 'f1', value: 1 }] }, amend), ended);
      await assert.rejects(runs.logInputs(actor, id, { models: ['m-1'] }, amend), ended);
      assert.equal((await runs.update(actor, id, { status: 'finished', name: 'named' }, amend)).name, 'named');
      await runs.log(actor, id, { tags: { a: 'b' } }, amend);
      assert.deepEqual((await get(id)).tags, { a: 'b' });
    });

    test('a deleted run takes nothing, and comes back as it was', async () => {
      const before = await runs.start(actor, { params: { lr: '1' } });
      const { id } = before;
      const gone = await runs.remove(actor, id);
      assert.deepEqual(await runs.remove(actor, id), gone);
      assert.deepEqual({ ...gone, deletedAt: null }, before);
      assert.deepEqual(await get(id), gone);
      const listed = async () => (await runs.list(actor.project, { limit: 500 })).items.some((run) => run.id === id);
      assert.equal(await listed(), false);
      for (const write of [
        () => runs.log(actor, id, { tags: { a: 'b' } }, amend),
        () => runs.setTags(actor, id, { a: 'b' }),
        () => runs.removeTag(actor, id, 'a'),
        () => runs.update(actor, id, { name: 'x' }, amend),
        () => runs.logInputs(actor, id, { models: ['m-1'] }, amend),
        () => runs.logOutputs(actor, id, [{ modelId: 'm-1', step: 1 }], amend),
        () => runs.appendToTag(actor, id, 'list', 1),
      ])
        await assert.rejects(write, deleted);
      assert.deepEqual(await runs.restore(actor, id), before);
      assert.deepEqual(await runs.restore(actor, id), before);
      assert.equal(await listed(), true);
      assert.deepEqual([(await ground.newsOf('run.deleted')).length, (await ground.newsOf('run.restored')).length], [1, 1]);
    });

    test('a purged run is gone with all that was logged to it', async () => {
      const { id } = await runs.start(actor, { params: { lr: '1' }, tags: { a: 'b' } });
      await runs.log(actor, id, { metrics: [{ key: 'f1', value: 1 }] });
      await runs.logOutputs(actor, id, [{ modelId: 'm-1', step: 0 }]);
      await assert.rejects(runs.purge(actor, id), { reason: 'not_deleted' });
      await runs.remove(actor, id);
      await runs.purge(actor, id);
      await assert.rejects(get(id), { code: 'not_found' });
      await assert.rejects(runs.purge(actor, id), { code: 'not_found' });
      await assert.rejects(runs.restore(actor, id), { code: 'not_found' });
      for (const table of ['run_param', 'run_tag', 'run_latest_metric', 'run_model', 'metric_chunk'])
        assert.deepEqual(await rowsOf(table, id), [], table);
    });
    const rowsOf = (table: string, runId: string) =>
      ground.db.read
        .withTables<Record<string, { run_id: string }>>()
        .selectFrom(table)
        .select('run_id')
        .where('run_id', '=', runId)
        .execute();

    test('tables and models that a run used or made are told with it; a repeat changes nothing', async () => {
      const { id } = await runs.start(actor, {});
      const wine = {
        name: 'wine',
        digest: 'd1',
        sourceType: 'http',
        source: '{"url":"x"}',
        schema: '{}',
        profile: '{"rows":2}',
        tags: { 'mlflow.data.context': 'train' },
      };
      const eggs = { name: 'eggs', digest: 'd2', sourceType: 'local', source: '{}', tags: {} };
      for (let i = 0; i < 2; i++) {
        await runs.logInputs(actor, id, { datasets: [wine, eggs, wine], models: ['m-2', 'm-1'] });
        await runs.logOutputs(actor, id, [
          { modelId: 'm-4', step: 7 },
          { modelId: 'm-3', step: 3 },
        ]);
      }
      await runs.logInputs(actor, id, { datasets: [{ ...eggs, tags: { other: 'x' } }] });
      const run = await get(id);
      assert.deepEqual(run.datasets, [eggs, wine]);
      assert.deepEqual(run.modelInputs, ['m-1', 'm-2']);
      assert.deepEqual(run.modelOutputs, [
        { modelId: 'm-3', step: 3 },
        { modelId: 'm-4', step: 7 },
      ]);
      const [listed] = (await runs.list(actor.project, { limit: 1 })).items;
      const { schema: _, profile: __, ...short } = wine;
      assert.deepEqual(listed?.datasets, [eggs, short], 'lists leave out what may be large');

      const other = await runs.start(actor, {});
      await Promise.all([id, other.id].map((runId) => runs.logInputs(actor, runId, { datasets: [wine] })));
      assert.deepEqual((await get(other.id)).datasets, [wine]);
    });

    test('a list in a tag grows by what is not there yet', async () => {
      const { id } = await runs.start(actor, { tags: { broken: 'x' } });
      for (const item of [{ a: 1 }, { a: 2 }, { a: 1 }]) await runs.appendToTag(actor, id, 'list', item);
      await runs.appendToTag(actor, id, 'broken', 1);
      assert.deepEqual((await get(id)).tags, { list: '[{"a":1},{"a":2}]', broken: '[1]' });
      await Promise.all([1, 2, 3, 4, 5].map((item) => runs.appendToTag(actor, id, 'met', item)));
      assert.deepEqual(
        (JSON.parse((await get(id)).tags['met']!) as number[]).sort((a, b) => a - b),
        [1, 2, 3, 4, 5],
        'none is lost where several append at once',
      );
      await assert.rejects(runs.appendToTag(actor, id, 'list', 'x'.repeat(1_000_001)), { reason: 'list_too_long' });
    });
  });
}
