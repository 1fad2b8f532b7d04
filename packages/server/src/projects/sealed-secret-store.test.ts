import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createSecrets, type Secrets } from '../platform/secrets/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { sealedSecretStore } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`sealed secrets on ${name}`, () => {
    let ground: Ground;
    const open = (): Promise<Secrets> =>
      createSecrets({ store: sealedSecretStore(ground.db), keyFile: path.join(ground.folder, 'secret.key'), env: {}, clock: ground.clock });
    before(async () => {
      ground = await layGround(start);
    });
    after(() => ground.stop());

    test('a secret is there for its own project, after a restart too, and can be replaced and forgotten', async () => {
      const [here, there] = [ground.actor.project.id, ground.stranger.project.id];
      const secrets = await open();
      await secrets.set(here, 'HF_TOKEN', 'hf_first');
      await secrets.set(here, 'HF_TOKEN', 'hf_second');
      await secrets.set(there, 'OTHER', 'another');
      const reopened = await open();
      assert.equal(await reopened.get(here, 'HF_TOKEN'), 'hf_second');
      assert.deepEqual(await reopened.list(here), [{ name: 'HF_TOKEN', source: 'sealed', updatedAt: '2026-01-01T00:00:00.000Z' }]);
      assert.equal(reopened.mask('hf_second another'), '‹secret:HF_TOKEN› ‹secret:OTHER›');
      await reopened.remove(here, 'HF_TOKEN');
      await assert.rejects(reopened.remove(here, 'HF_TOKEN'), { code: 'not_found' });
      await assert.rejects(reopened.get(here, 'HF_TOKEN'), { code: 'not_found' });
    });
  });
}
