import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { EventType } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking } from '../tracking/index.ts';
import { createRegistry, type Registry } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`models and their versions on ${name}`, () => {
    let ground: Ground;
    let registry: Registry;
    let actor: Actor;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      registry = createRegistry({
        ...ground,
        tracking: createTracking({ ...ground, maxUploadBytes: 1000 }),
        scratch: ground.folder,
        gates: { declaredEndpoint: async () => undefined, readTable: async function* () {} },
      });
    });
    after(() => ground.stop());

    const register = (model: string, source = 's3://bucket/model', more: { runId?: string; tags?: Record<string, string> } = {}) =>
      registry.versions.registerSource(actor, { model, source, ...more });
    const aModel = async (model: string, versions = 0): Promise<string> => {
      await registry.models.create(actor, { name: model });
      for (let i = 0; i < versions; i++) {
        ground.clock.advance(1);
        await register(model);
      }
      return model;
    };
    const newsOf = async (type: EventType, model: string) =>
      (await ground.newsOf(type)).filter((data) => 'model' in data && data.model === model);

    test('a model is made once, with a description and tags', async () => {
      const made = await registry.models.create(actor, { name: 'made', description: 'Moods of tweets', tags: { team: 'risk' } });
      assert.deepEqual(made, await registry.models.get(actor.project, 'made'));
      assert.deepEqual([made.description, made.tags, made.latest, made.aliases], ['Moods of tweets', { team: 'risk' }, null, {}]);
      await assert.rejects(registry.models.create(actor, { name: 'made' }), { code: 'conflict', reason: 'already_exists' });
      assert.deepEqual(await newsOf('model.created', 'made'), [{ model: 'made', description: 'Moods of tweets', tags: { team: 'risk' } }]);
      await assert.rejects(registry.models.create(actor, { name: 'nul', tags: { k: '\0' } }), { reason: 'bad_value' });
      await assert.rejects(registry.models.create(actor, { name: 'nul', tags: { '': 'v' } }), { reason: 'bad_key' });
      await registry.models.create(ground.stranger, { name: 'made' });
    });

    test('a renamed model keeps its versions, aliases and tags, and its old name is free', async () => {
      await aModel('before', 1);
      await registry.models.setTags(actor, 'before', { k: 'v' });
      await registry.aliases.set(actor, { model: 'before', alias: 'champion', number: 1 });
      const version = await registry.versions.get(actor.project, 'before', 1);
      await aModel('taken');
      await assert.rejects(registry.models.update(actor, 'before', { name: 'taken' }), { reason: 'already_exists' });
      await registry.models.update(actor, 'before', { name: 'after', description: 'd' });
      const after = await registry.models.get(actor.project, 'after');
      assert.deepEqual([after.tags, after.aliases, after.latest, after.description], [{ k: 'v' }, { champion: 1 }, 1, 'd']);
      assert.equal((await registry.resolve(actor.project, 'after@champion')).id, version.id);
      assert.equal((await registry.versions.byId(actor.project, version.id)).model, 'after');
      await assert.rejects(registry.models.get(actor.project, 'before'), { code: 'not_found' });
      await aModel('before');
      assert.deepEqual(await newsOf('model.renamed', 'after'), [{ model: 'after', before: 'before' }]);
    });

    test('a removed model is gone with its versions, which are still read by their ids, and its name starts again', async () => {
      await aModel('gone', 2);
      await registry.aliases.set(actor, { model: 'gone', alias: 'champion', number: 2 });
      const { id } = await registry.versions.get(actor.project, 'gone', 2);
      await registry.models.remove(actor, 'gone');
      for (const ask of [
        () => registry.models.get(actor.project, 'gone'),
        () => registry.versions.get(actor.project, 'gone', 2),
        () => registry.resolve(actor.project, 'gone@champion'),
        () => register('gone'),
        () => registry.models.remove(actor, 'gone'),
      ])
        await assert.rejects(ask(), { code: 'not_found' });
      assert.deepEqual((await registry.versions.search(actor.project, { filter: "name = 'gone'", limit: 10 })).items, []);
      assert.equal((await registry.versions.byId(actor.project, id)).number, 2);
      await aModel('gone', 1);
      const again = await registry.models.get(actor.project, 'gone');
      assert.deepEqual([again.latest, again.aliases], [1, {}]);
      assert.notEqual((await registry.versions.get(actor.project, 'gone', 1)).id, id);
    });

    test('the number of a removed version is not given again, and its aliases go', async () => {
      await aModel('numbered', 3);
      await registry.aliases.set(actor, { model: 'numbered', alias: 'champion', number: 3 });
      await registry.versions.remove(actor, { model: 'numbered', number: 3 });
      const model = await registry.models.get(actor.project, 'numbered');
      assert.deepEqual([model.latest, model.aliases], [2, {}]);
      await assert.rejects(registry.versions.remove(actor, { model: 'numbered', number: 3 }), { reason: 'unknown_version' });
      assert.equal((await register('numbered')).number, 4);
      assert.deepEqual(await newsOf('alias.removed', 'numbered'), [{ model: 'numbered', alias: 'champion', number: 3 }]);
    });

    test('versions move between stages, and may archive those that were there', async () => {
      const model = await aModel('staged', 4);
      const move = (number: number, stage: 'none' | 'staging' | 'production' | 'archived', archiveOthers = false) =>
        registry.versions.transition(actor, { model, number, stage, archiveOthers });
      await move(1, 'production');
      await move(2, 'production');
      assert.equal((await move(3, 'production', true)).stage, 'production');
      const newest = await registry.models.newest(actor.project, model);
      assert.deepEqual(
        newest.map(({ stage, number }) => [stage, number]),
        [
          ['none', 4],
          ['production', 3],
          ['archived', 2],
        ],
      );
      assert.deepEqual(
        (await registry.models.newest(actor.project, model, ['archived'])).map(({ number }) => number),
        [2],
      );
      await assert.rejects(move(1, 'archived', true), { code: 'invalid_request', reason: 'bad_stage' });
      assert.deepEqual(
        (await newsOf('model_version.staged', model)).map((data) => [
          data['number' as never],
          data['before' as never],
          data['stage' as never],
        ]),
        [
          [1, 'none', 'production'],
          [2, 'none', 'production'],
          [1, 'production', 'archived'],
          [2, 'production', 'archived'],
          [3, 'none', 'production'],
        ],
      );
    });

    test('what changes a model by its versions shows in its time, and a description of a version does not', async () => {
      const model = await aModel('timed', 1);
      const updatedAt = async () => (await registry.models.get(actor.project, model)).updatedAt;
      const moved = async (change: () => Promise<unknown>): Promise<boolean> => {
        const before = await updatedAt();
        await change();
        return (await updatedAt()) !== before;
      };
      ground.clock.advance(5);
      assert.ok(await moved(() => registry.versions.transition(actor, { model, number: 1, stage: 'staging' })));
      ground.clock.advance(5);
      assert.ok(!(await moved(() => registry.versions.update(actor, { model, number: 1, description: 'One' }))));
      ground.clock.advance(5);
      assert.ok(await moved(() => registry.models.update(actor, model, { description: 'Two' })));
      ground.clock.advance(5);
      assert.ok(await moved(() => registry.versions.remove(actor, { model, number: 1 })));
    });

    test('tags are set, changed and taken away, and each is told once', async () => {
      const model = await aModel('tagged', 1);
      await registry.versions.setTags(actor, { model, number: 1 }, { 'a b': '1' });
      await registry.versions.setTags(actor, { model, number: 1 }, { 'a b': '' });
      assert.deepEqual((await registry.versions.get(actor.project, model, 1)).tags, { 'a b': '' });
      for (let i = 0; i < 2; i++) await registry.versions.removeTag(actor, { model, number: 1, key: 'a b' });
      for (let i = 0; i < 2; i++) await registry.models.removeTag(actor, { model, key: 'none' });
      assert.deepEqual((await registry.versions.get(actor.project, model, 1)).tags, {});
      assert.equal((await newsOf('model_version_tag.set', model)).length, 2);
      assert.equal((await newsOf('model_version_tag.removed', model)).length, 1);
      assert.equal((await newsOf('model_tag.removed', model)).length, 0);
    });

    test('two versions may come from one source, and a version says what a client said of it', async () => {
      const model = await aModel('said');
      const said = { source: 's3://bucket/a', runId: 'their_run', description: 'd', runLink: 'https://example.org/run', tags: { k: 'v' } };
      for (const number of [1, 2]) {
        const version = await registry.versions.registerSource(actor, { model, ...said });
        assert.deepEqual(await registry.versions.get(actor.project, model, number), version);
        assert.deepEqual({ ...version, ...said }, version);
        assert.deepEqual([version.digest, version.signature, version.task], [null, null, null]);
      }
      const news = {
        model,
        number: 1,
        digest: null,
        evidence: [],
        source: said.source,
        runId: 'their_run',
        description: 'd',
        tags: { k: 'v' },
      };
      assert.deepEqual((await newsOf('model_version.registered', model))[0], news);
      await assert.rejects(registry.versions.file(actor.project, { model, number: 1 }, 'MLmodel'), {
        code: 'failed_precondition',
        reason: 'not_a_package',
        message: /s3:\/\/bucket\/a/,
      });
    });

    test('a source that leads upwards, or to a path of this machine, is refused', async () => {
      const model = await aModel('local');
      for (const source of ['/etc', 'file:///etc', 'some/folder', 's3://bucket/%252e%252e/other'])
        await assert.rejects(register(model, source), { code: 'invalid_request', reason: 'bad_source' }, source);
      await assert.rejects(register(model, 'models:/nobody/1'), { code: 'not_found' });
      await assert.rejects(register(model, `models:/m-${'0'.repeat(32)}`), { code: 'not_found' });
    });

    test('a version copied from another leads where that led', async () => {
      const model = await aModel('copied');
      const first = await register(model, 's3://bucket/first', { runId: 'r1' });
      const copy = await register(model, `models:/${model}/1`);
      assert.equal(copy.source, `models:/${model}/1`);
      assert.equal(await registry.versions.locationOf(actor.project, copy), first.source);
      const copyOfCopy = await register(model, `models:/${model}/2`);
      assert.equal(await registry.versions.locationOf(actor.project, copyOfCopy), first.source);
    });

    test('a copy is of the run that the other is of, and names that version though it was found by an alias', async () => {
      const model = await aModel('copied with its run');
      await register(model, 's3://bucket/first', { runId: 'r1' });
      assert.equal((await register(model, `models:/${model}/1`)).runId, 'r1');
      assert.equal((await register(model, `models:/${model}/1`, { runId: 'r1' })).runId, 'r1');
      await registry.aliases.set(actor, { model, alias: 'best', number: 1 });
      assert.equal((await register(model, `models:/${model}@best`)).source, `models:/${model}/1`);
      await assert.rejects(register(model, `models:/${model}/1`, { runId: 'r2' }), { code: 'invalid_request', reason: 'bad_source' });
    });

    test('models and versions are found by filters, in an order, page by page', async () => {
      const own: Actor = { ...ground.stranger };
      const { project } = own;
      for (const [i, model] of ['Alpha', 'beta one', 'beta two'].entries()) {
        ground.clock.advance(1);
        await registry.models.create(own, { name: model, tags: i > 0 ? { family: 'beta' } : {} });
        await registry.versions.registerSource(own, { model, source: `s3://${i}`, runId: `run_${i % 2}` });
      }
      const models = async (filter?: string, order?: string[]) => {
        const names: string[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await registry.models.list(project, { filter, order, limit: 1, cursor });
          names.push(...page.items.map(({ name: one }) => one));
          if (page.nextCursor === null) return names.filter((one) => one !== 'made');
          cursor = page.nextCursor;
        }
      };
      assert.deepEqual(await models(), ['Alpha', 'beta one', 'beta two']);
      assert.deepEqual(await models("name LIKE 'b%'"), ['beta one', 'beta two']);
      assert.deepEqual(await models("name ILIKE 'ALPHA'"), ['Alpha']);
      assert.deepEqual(await models("tags.family = 'beta' AND name != 'beta one'"), ['beta two']);
      assert.deepEqual(await models("NOT tag.family = 'beta'"), ['Alpha']);
      assert.deepEqual(await models('', ['last_updated_timestamp DESC']), ['beta two', 'beta one', 'Alpha']);
      assert.deepEqual(await models('', ['tag.family', 'name DESC']), ['beta two', 'beta one', 'Alpha']);
      const versions = async (filter: string, order?: string[]) =>
        (await registry.versions.search(project, { filter, order, limit: 10 })).items.map((version) => version.model);
      assert.deepEqual(await versions("run_id = 'run_0'"), ['beta two', 'Alpha']);
      assert.deepEqual(await versions("run_id IN ('run_1', 'none')"), ['beta one']);
      assert.deepEqual(await versions("source_path = 's3://2'"), ['beta two']);
      assert.deepEqual(await versions('version_number >= 1', ['name ASC']), ['Alpha', 'beta one', 'beta two']);
      assert.deepEqual(await versions("stage = 'None'", ['name DESC']), ['beta two', 'beta one', 'Alpha']);
      await assert.rejects(models('name = '), { code: 'invalid_request', reason: 'bad_filter' });
      const { nextCursor } = await registry.models.list(project, { limit: 1 });
      await assert.rejects(registry.models.list(project, { limit: 1, filter: "name = 'Alpha'", cursor: nextCursor! }), {
        reason: 'cursor_of_another_search',
      });
    });

    test('prompts are found by those who ask for them', async () => {
      const tags = { 'mlflow.prompt.is_prompt': 'true' };
      await registry.models.create(actor, { name: 'a prompt', tags });
      const version = await registry.versions.registerSource(actor, { model: 'a prompt', source: 'dummy-source', tags });
      assert.deepEqual([version.source, version.digest], ['dummy-source', null]);
      const named = async (filter: string) =>
        (await registry.models.list(actor.project, { filter, limit: 500 })).items.map((one) => one.name);
      assert.ok(!(await named('')).includes('a prompt'));
      assert.ok(!(await named("tag.`mlflow.prompt.is_prompt` != 'true'")).includes('a prompt'));
      assert.ok((await named("tag.`mlflow.prompt.is_prompt` != 'true'")).includes('made'));
      assert.deepEqual(await named("tag.`mlflow.prompt.is_prompt` = 'true'"), ['a prompt']);
      const versions = (filter: string) => registry.versions.search(actor.project, { filter, limit: 500 });
      assert.ok(!(await versions('')).items.some(({ model }) => model === 'a prompt'));
      assert.equal((await versions("name = 'a prompt' AND tag.`mlflow.prompt.is_prompt` = 'true'")).items.length, 1);
      assert.deepEqual(
        (await newsOf('model_version.registered', 'a prompt')).map((data) => data['isPrompt' as never]),
        [true],
      );
    });

    test('of those who give one name at once, one does', async () => {
      const models = await Promise.all(['one', 'two', 'three', 'four'].map((each) => aModel(`racing ${each}`)));
      const said = await Promise.allSettled(models.map((model) => registry.models.update(actor, model, { name: 'the winner' })));
      const refused = said.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { reason: string }).reason] : []));
      assert.deepEqual(refused, ['already_exists', 'already_exists', 'already_exists']);
    });

    test('versions registered at once get a number each', async () => {
      const model = await aModel('crowd');
      const versions = await Promise.all(Array.from({ length: 8 }, () => register(model)));
      assert.deepEqual(
        versions.map(({ number }) => number).sort((a, b) => a - b),
        [1, 2, 3, 4, 5, 6, 7, 8],
      );
    });
  });
}
