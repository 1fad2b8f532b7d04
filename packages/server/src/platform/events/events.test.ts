import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`events on ${name}`, () => {
    let ground: Ground;
    before(async () => {
      ground = await layGround(start);
    });
    after(() => ground.stop());

    const tell = (alias: string): Promise<void> =>
      ground.db.write((tx) =>
        ground.events.record(tx, {
          type: 'alias.moved',
          project: ground.actor.project,
          subject: { type: 'model-version', id: 'm' },
          actor: 'owner',
          correlationId: null,
          data: { model: 'm', alias, number: 1, before: null },
        }),
      );

    test('events are settled once every listener has heard what was committed, and what it led to', async () => {
      const heard: string[] = [];
      ground.events.listen(async ({ type, data }) => {
        if (type !== 'alias.moved') return;
        await setTimeout(5);
        heard.push(data['alias'] as string);
        if (data['alias'] === 'first') await tell('second');
      });
      await tell('first');
      const last = await ground.events.settled();
      assert.deepEqual(heard, ['first', 'second']);
      assert.equal(await ground.events.settled(), last);
      await tell('third');
      assert.equal(await ground.events.settled(), last + 1);
    });
  });
}
