import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { databases } from '../testing/databases.ts';
import { layServingGround, type ServingGround } from '../testing/serving-ground.ts';

describe('the first deployment', () => {
  let ground: ServingGround;
  const pointed: unknown[] = [];
  before(async () => {
    ground = await layServingGround(databases.sqlite, {
      pointAlias: async (_, to) => {
        pointed.push(to);
        ground.versions.set(`${to.model}@${to.alias}`, ground.versions.get(`${to.model}/${to.number}`)!);
      },
    });
    ground.versions.delete('sentiment@champion');
  });
  after(() => ground.stop());

  test('takes the newest version where the declared alias points at nothing yet, and points it there', async () => {
    const narrow = { ...ground.actor, permissions: ['deployments:write'] as const };
    await assert.rejects(ground.serving.deploy(narrow, { endpoint: 'sentiment' }), { code: 'permission_denied' });
    await assert.rejects(ground.serving.deploy(ground.actor, { endpoint: 'sentiment', model: 'sentiment@champion' }), {
      code: 'not_found',
      reason: 'unknown_alias',
    });
    assert.deepEqual(pointed, []);
    const deployment = await ground.deploy();
    assert.deepEqual([deployment.status, deployment.variants[0]!.version, deployment.reference], ['ready', 2, 'sentiment@champion']);
    assert.deepEqual(pointed, [{ model: 'sentiment', alias: 'champion', number: 2 }]);
  });

  test('is the only one that does: an alias that was taken away later is missed', async () => {
    ground.versions.delete('sentiment@champion');
    pointed.length = 0;
    await assert.rejects(ground.deploy(), { code: 'not_found', reason: 'unknown_alias' });
    assert.deepEqual(pointed, []);
    assert.equal((await ground.serving.deployments(ground.actor, 'sentiment', { limit: 10 })).items.length, 1);
  });
});
