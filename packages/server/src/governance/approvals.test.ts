import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Approval } from '@boucle/contract';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { type Approvals, createApprovals } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`approvals on ${name}`, () => {
    let ground: Ground;
    let approvals: Approvals;
    before(async () => {
      ground = await layGround(start);
      approvals = createApprovals(ground);
    });
    after(() => ground.stop());

    let made = 0;
    const ask = (more: { needed?: number; fourEyes?: boolean; authors?: string[]; id?: string } = {}): Promise<Approval> =>
      ground.db.write((tx) =>
        approvals.ask(tx, {
          actor: ground.actor,
          subject: { type: 'rollout', id: more.id ?? `rollout-${++made}` },
          needed: 1,
          fourEyes: true,
          message: 'May version 3 answer everybody?',
          ...more,
        }),
      );
    const yes = { approve: true, comment: '' };
    const no = { approve: false, comment: 'not before the strike is over' };
    const say = (by: string, { id }: Approval, said = yes) => approvals.decide({ ...ground.actor, id: by }, id, said);

    test('as many different people agree as were asked for, and each is kept with when and why', async () => {
      const asked = await ask({ needed: 2 });
      const half = await say('ada', asked, { approve: true, comment: 'the recall is fine' });
      assert.deepEqual([half.status, half.given, half.endedAt], ['open', 1, null]);
      ground.clock.advance(60_000);
      const whole = await say('grace', asked);
      assert.deepEqual([whole.status, whole.given], ['given', 2]);
      assert.deepEqual(
        whole.votes.map(({ by, approve, comment, at }) => [by, approve, comment, at]),
        [
          ['ada', true, 'the recall is fine', '2026-01-01T00:00:00.000Z'],
          ['grace', true, '', '2026-01-01T00:01:00.000Z'],
        ],
      );
      assert.deepEqual(await approvals.get(ground.actor.project, asked.id), whole);
      const news = await ground.newsOf('approval.given');
      assert.deepEqual(
        news.filter(({ approvalId }) => approvalId === asked.id).map(({ given, needed }) => [given, needed]),
        [
          [1, 2],
          [2, 2],
        ],
      );
    });

    test('one person counts once: the same again is the same answer, and the opposite is refused', async () => {
      const asked = await ask({ needed: 2 });
      await say('ada', asked);
      assert.equal((await say('ada', asked)).given, 1);
      await assert.rejects(say('ada', asked, no), { code: 'conflict', reason: 'voted_already' });
      const crowd = await ask({ needed: 5 });
      await Promise.all(Array.from({ length: 12 }, (_, i) => say(`person-${i % 4}`, crowd)));
      assert.deepEqual([(await approvals.get(ground.actor.project, crowd.id)).given, (await say('fifth', crowd)).status], [4, 'given']);
    });

    test('with four eyes no author approves, but may refuse; without, the author is one of those who agree', async () => {
      const asked = await ask();
      await assert.rejects(say('owner', asked), { code: 'permission_denied', reason: 'own_work' });
      assert.equal((await say('owner', asked, no)).status, 'refused');
      assert.equal((await say('owner', await ask({ fourEyes: false }))).status, 'given');
      const trained = await ask({ authors: ['ada'] });
      await assert.rejects(say('ada', trained), { reason: 'own_work' });
      assert.equal((await say('owner', trained)).status, 'given');
    });

    test('one who refuses ends it for all', async () => {
      const asked = await ask({ needed: 3 });
      await say('ada', asked);
      const refused = await say('grace', asked, no);
      assert.deepEqual([refused.status, refused.given], ['refused', 1]);
      await assert.rejects(say('linus', asked), { code: 'failed_precondition', reason: 'approval_ended' });
      assert.equal((await ground.newsOf('approval.refused')).at(-1)!.comment, 'not before the strike is over');
    });

    test('the same thing is asked about once, and taken back when nobody waits for it', async () => {
      const [one, two] = await Promise.all([ask({ id: 'same' }), ask({ id: 'same' })]);
      assert.equal(one.id, two.id);
      const { project } = ground.actor;
      const subject = { type: 'rollout', id: 'same' };
      await ground.db.write((tx) => approvals.withdraw(tx, project, subject));
      assert.equal((await approvals.of(project, subject))!.status, 'withdrawn');
      await assert.rejects(say('ada', one), { reason: 'approval_ended' });
    });

    test('another project sees none of it', async () => {
      const asked = await ask();
      await assert.rejects(approvals.get(ground.stranger.project, asked.id), { code: 'not_found' });
      await assert.rejects(approvals.decide(ground.stranger, asked.id, yes), { code: 'not_found' });
      assert.deepEqual((await approvals.list(ground.stranger.project, { limit: 10 })).items, []);
      const open = (await approvals.list(ground.actor.project, { limit: 500, status: 'open' })).items;
      assert.ok(open.some(({ id }) => id === asked.id) && open.every(({ status }) => status === 'open'));
    });
  });
}
