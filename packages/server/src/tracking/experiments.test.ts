import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { Actor } from '../governance/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking, type Tracking } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`experiments on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let actor: Actor;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    });
    after(() => ground.stop());
    const countOf = async (table: string): Promise<number> =>
      (
        await ground.db.read
          .withTables<Record<string, object>>()
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('rows'))
          .executeTakeFirstOrThrow()
      ).rows;
    const stagesOf = async (...ids: string[]) =>
      Promise.all(ids.map(async (id) => ((await tracking.runs.get(actor.project, id)).deletedAt === null ? 'active' : 'deleted')));

    test('one is found by its id and by its name, in its own project alone', async () => {
      const { experiments } = tracking;
      const made = await experiments.create(actor, {
        name: 'found',
        artifactLocation: 's3://bucket/here',
        tags: { team: 'a', ['__proto__']: 'b' },
      });
      assert.deepEqual(await experiments.get(actor.project, made.id), made);
      assert.deepEqual(await experiments.byName(actor.project, 'found'), made);
      assert.equal(made.artifactLocation, 's3://bucket/here');
      const strange = ground.stranger.project;
      await assert.rejects(experiments.get(strange, made.id), { code: 'not_found' });
      await assert.rejects(experiments.byName(strange, 'found'), { code: 'not_found' });
      for (const write of [
        () => experiments.rename(ground.stranger, made.id, 'mine'),
        () => experiments.remove(ground.stranger, made.id),
        () => experiments.restore(ground.stranger, made.id),
        () => experiments.purge(ground.stranger, made.id),
        () => experiments.setTags(ground.stranger, made.id, { a: 'b' }),
        () => experiments.removeTag(ground.stranger, made.id, 'team'),
      ])
        await assert.rejects(write, { code: 'not_found' });
      assert.deepEqual(await experiments.get(actor.project, made.id), made);
    });

    test('where clients keep artifacts is said for all that name no place', async () => {
      const { experiments } = createTracking({ ...ground, maxUploadBytes: 1000, artifactRoot: 's3://bucket/runs' });
      const { id, artifactLocation } = await experiments.create(actor, { name: 'elsewhere' });
      assert.equal(artifactLocation, `s3://bucket/runs/${id}`);
      const named = await experiments.create(actor, { name: 'named', artifactLocation: 's3://other' });
      assert.equal(named.artifactLocation, 's3://other');
      assert.equal((await tracking.experiments.create(actor, { name: 'here' })).artifactLocation, null);
    });

    test('a name is there once, also while its experiment is deleted, until that is purged', async () => {
      const { experiments } = tracking;
      const first = await experiments.create(actor, { name: 'once' });
      const other = await experiments.create(actor, { name: 'other' });
      const taken = { code: 'conflict', reason: 'already_exists' };
      await assert.rejects(experiments.rename(actor, other.id, 'once'), taken);
      await experiments.remove(actor, first.id);
      await assert.rejects(experiments.create(actor, { name: 'once' }), taken);
      await experiments.purge(actor, first.id);
      await assert.rejects(experiments.get(actor.project, first.id), { code: 'not_found' });
      ground.clock.advance(5);
      const renamed = await experiments.rename(actor, other.id, 'once');
      assert.equal(renamed.name, 'once');
      assert.ok(renamed.updatedAt > other.updatedAt);
      assert.deepEqual(await experiments.rename(actor, other.id, 'once'), renamed);
      assert.deepEqual((await ground.newsOf('experiment.purged')).at(-1), { name: 'once' });
    });

    test('tags are set over those that are there, and taken away one by one', async () => {
      const { experiments } = tracking;
      const { id } = await experiments.create(actor, { name: 'tagged', tags: { a: '1', b: '2' } });
      await experiments.setTags(actor, id, { b: '3', c: '' });
      await experiments.removeTag(actor, id, 'a');
      await assert.rejects(experiments.removeTag(actor, id, 'a'), { code: 'not_found' });
      assert.deepEqual((await experiments.get(actor.project, id)).tags, { b: '3', c: '' });
      await assert.rejects(experiments.setTags(actor, id, { '../a': 'x' }), { reason: 'bad_key' });
      await assert.rejects(experiments.create(actor, { name: 'untagged', tags: { a: '\0' } }), { reason: 'bad_value' });
    });

    test('a deleted one takes nothing; its runs go with it and come back with it, but for those that were deleted before', async () => {
      const { experiments, runs } = tracking;
      const { id } = await experiments.create(actor, { name: 'gone' });
      const start = async () => (await runs.start(actor, { experimentId: id })).id;
      const [kept, before] = [await start(), await start()];
      await runs.remove(actor, before);
      const deleted = await experiments.remove(actor, id);
      assert.notEqual(deleted.deletedAt, null);
      assert.deepEqual(await experiments.remove(actor, id), deleted);
      assert.deepEqual(await stagesOf(kept, before), ['deleted', 'deleted']);
      assert.ok(!(await experiments.list(actor.project, { limit: 100 })).items.some((one) => one.id === id));

      const refused = { code: 'failed_precondition', reason: 'experiment_deleted', message: /must be in the 'active' state/ };
      await assert.rejects(start(), refused);
      await assert.rejects(runs.start(actor, { experiment: 'gone' }), refused);
      await assert.rejects(runs.restore(actor, kept), refused);
      await assert.rejects(experiments.rename(actor, id, 'elsewhere'), refused);
      await assert.rejects(experiments.setTags(actor, id, { a: 'b' }), refused);
      await assert.rejects(experiments.removeTag(actor, id, 'a'), refused);

      assert.equal((await experiments.restore(actor, id)).deletedAt, null);
      await experiments.restore(actor, id);
      assert.deepEqual(await stagesOf(kept, before), ['active', 'deleted']);
      assert.deepEqual(
        [(await ground.newsOf('experiment.deleted')).at(-1), (await ground.newsOf('experiment.restored')).length],
        [{ name: 'gone' }, 1],
      );
    });

    test('purging takes the runs along, however many, and needs a deletion first', async () => {
      const { experiments, runs } = tracking;
      const tables = ['artifact', 'logged_model', 'logged_model_tag', 'logged_dataset', 'run_dataset', 'run_param', 'experiment_tag'];
      const before = await Promise.all(tables.map(countOf));
      const { id } = await experiments.create(actor, { name: 'purged', tags: { a: 'b' } });
      const dataset = { name: 'wine', digest: 'd', sourceType: 'http', source: '{}', tags: {} };
      const ids: string[] = [];
      for (let i = 0; i < 250; i++) ids.push((await runs.start(actor, { experimentId: id, params: { i: String(i) } })).id);
      await runs.logInputs(actor, ids[0]!, { datasets: [dataset] });
      const model = await tracking.loggedModels.create(actor, { experimentId: id, name: 'crate', tags: { a: 'b' }, params: { c: 'd' } });
      const file = () => ({ path: 'a.txt', data: Readable.from([Buffer.from('x')]) });
      for (const owner of [`run:${ids[0]!}`, `model:${model.id}`] as const) await tracking.artifacts.put(actor, owner, file());
      const child = await runs.start(actor, { experiment: 'elsewhere', parentRunId: ids[0]! });
      await assert.rejects(experiments.purge(actor, id), { code: 'failed_precondition', reason: 'not_deleted' });
      await experiments.remove(actor, id);
      await experiments.purge(actor, id);
      for (const gone of [ids[0]!, ids.at(-1)!]) await assert.rejects(runs.get(actor.project, gone), { code: 'not_found' });
      await assert.rejects(tracking.loggedModels.get(actor.project, model.id), { code: 'not_found' });
      assert.deepEqual(await Promise.all(tables.map(countOf)), before);
      assert.equal((await runs.get(actor.project, child.id)).parentRunId, null);
      await assert.rejects(experiments.restore(actor, id), { code: 'not_found' });
    });

    test("an experiment with runs of steps is kept, and a pipeline's runs go on in a deleted one", async () => {
      const { experiments, runs } = tracking;
      const { id } = await experiments.create(actor, { name: 'training' });
      await experiments.remove(actor, id);
      const origin = { stepRunId: 'a'.repeat(32), commit: null, changes: null, codeDigest: null, seed: null, environment: null };
      const run = await runs.start(actor, { experiment: 'training', ofPipeline: true, origin });
      await runs.log(actor, run.id, { metrics: [{ key: 'f1', value: 1 }] });
      await runs.end(actor, run.id, { status: 'finished' });
      assert.deepEqual(await stagesOf(run.id), ['deleted']);
      await assert.rejects(experiments.purge(actor, id), { reason: 'run_of_a_step' });
      await assert.rejects(runs.purge(actor, run.id), { reason: 'run_of_a_step' });
      await experiments.restore(actor, id);
      assert.deepEqual(await stagesOf(run.id), ['active']);
    });

    test('Default comes back where it was purged or renamed', async () => {
      const { experiments, runs } = tracking;
      await ground.projects.ensureDefault();
      await experiments.ensureDefault();
      const inDefault = { ...actor, project: await ground.projects.resolve('default') };
      await experiments.rename(inDefault, '0', 'renamed');
      const { experimentId } = await runs.start(inDefault, {});
      assert.notEqual(experimentId, '0');
      assert.equal((await experiments.get(inDefault.project, experimentId)).name, 'Default');
      await experiments.remove(inDefault, '0');
      await experiments.purge(inDefault, '0');
      await experiments.ensureDefault();
    });
  });
}
