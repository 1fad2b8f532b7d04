import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bothDatabases } from './anew.ts';
import { idempotencyTests } from './meta/idempotency.ts';
import { pagingTests } from './meta/paging.ts';
import { permissionTests } from './meta/permissions.ts';
import { refusalTests } from './meta/refusals.ts';
import { secrecyTests } from './meta/secrecy.ts';
import { openStage, type Stage } from './stage.ts';

for (const database of bothDatabases) {
  describe(`the contract, on ${database}`, () => {
    let stage: Stage;
    before(async () => {
      stage = await openStage(database);
    });
    after(() => stage.close());

    const here = (): Stage => stage;
    permissionTests(here);
    refusalTests(here);
    pagingTests(here);
    idempotencyTests(here);
    secrecyTests(here);

    test('nothing of all this was a fault of the server, but for the one that was asked for', () => {
      const faults = stage.log.filter((line) => line.includes('"level":"error"') && !line.includes('at line 7 of a secret file'));
      assert.deepEqual(faults, []);
    });
  });
}
