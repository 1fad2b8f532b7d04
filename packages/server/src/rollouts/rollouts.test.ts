import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { DeclaredEndpoint, Rollout, RolloutRequest } from '@boucle/contract';
import { databases } from '../testing/databases.ts';
import { layRolloutGround, type RolloutGround } from '../testing/rollout-ground.ts';

const canary = { shares: [0.2, 0.5], alpha: 0.05, margin: 1, step: { requests: 20 }, deadline: '1d' };
type Wrong = Readonly<Record<'baseline' | 'candidate', number>>;

for (const [name, start] of Object.entries(databases)) {
  describe(`rollouts on ${name}`, () => {
    let ground: RolloutGround;
    beforeEach(async () => {
      ground = await layRolloutGround(start);
    });
    afterEach(() => ground.stop());
    let people = 0;
    /** Requests of new units; where labels come, each version is wrong as often as said. */
    const traffic = async (count: number, wrong?: Wrong): Promise<void> => {
      for (let i = 0; i < count; i += 1) {
        const prediction = await ground.ask(`person-${++people}`);
        const arm = prediction.variant === 'candidate' ? 'candidate' : 'baseline';
        if (wrong) await ground.label(prediction, (people * 0.618) % 1 < wrong[arm]);
      }
      await ground.pass();
    };
    const until = async (id: string, wrong: Wrong, isThere = ({ stage }: Rollout) => stage === 'ended'): Promise<Rollout> => {
      for (let round = 0; round < 40; round += 1) {
        const rollout = await ground.read(id);
        if (isThere(rollout)) return rollout;
        await traffic(20, wrong);
      }
      throw new Error(`It never came there: ${(await ground.read(id)).message}`);
    };
    const begin = async (declared: Partial<DeclaredEndpoint>, more: { kind?: Rollout['kind']; policy?: RolloutRequest } = {}) => {
      ground.declare(declared);
      const { policy, ...rest } = more;
      const { id } = await ground.rollouts.start(ground.actor, { endpoint: 'sentiment', ...rest, policy: { seed: 1, ...policy } });
      await ground.pass();
      return ground.read(id);
    };
    const verify = async ({ id }: Rollout) => (await ground.rollouts.verify(ground.actor, id)).difference;
    const kindsOf = async ({ id }: Rollout) => (await ground.rollouts.get(ground.actor, id)).verdicts.map(({ kind }) => kind);

    test('a better version goes up share by share, is promoted by evidence, and the replay gives the same verdicts', async () => {
      const begun = await begin({ canary });
      assert.deepEqual([begun.number, begun.candidate.version, begun.baseline?.version, begun.share], [1, 2, 1, 0.2]);
      await traffic(30);
      assert.equal((await ground.read(begun.id)).share, 0.5);
      const ended = await until(begun.id, { baseline: 0.6, candidate: 0.1 });
      assert.deepEqual([ended.status, ended.share], ['promoted', 1], ended.message);
      assert.deepEqual([await ground.champion(), (await ground.ask()).variant], [2, 'main']);
      assert.deepEqual(await kindsOf(ended), ['gates', 'approval', 'load', 'step', 'promote']);
      assert.equal(await verify(ended), null);
      assert.deepEqual(
        (await ground.newsOf('rollout.ended')).map(({ status, version }) => [status, version]),
        [['promoted', 2]],
      );
      const report = await ground.rollouts.get(ground.actor, ended.id);
      assert.ok(report.risk!.interval.high! < 2 && report.series.length > 1 && report.arms[1]!.units > 5);
      assert.equal(report.series.at(-1)!.promote >= report.bounds.promote, true);
    });

    test('a worse version is rolled back, and the champion stays', async () => {
      const begun = await begin({ canary });
      const ended = await until(begun.id, { baseline: 0.1, candidate: 0.9 });
      assert.deepEqual([ended.status, ended.share, await ground.champion()], ['rolled_back', 0, 1]);
      const { digest, variant } = await ground.ask();
      assert.deepEqual([digest, variant], [ground.versions.get('sentiment/1')!.digest, 'main']);
      assert.equal(await verify(ended), null);
      await assert.rejects(ground.rollouts.promote(ground.actor, ended.id, 'still'), { reason: 'rollout_ended' });
    });

    test('one byte of evidence, a verdict or a number that is changed is found', async () => {
      const ended = await until((await begin({ canary })).id, { baseline: 0.1, candidate: 0.9 });
      const db = ground.db.read.withTables<{
        rollout_evidence: { rollout_id: string; number: number; entries: string; digest: string };
        rollout_verdict: { rollout_id: string; number: number; kind: string; message: string; facts: string };
      }>();
      const chunk = await db.selectFrom('rollout_evidence').selectAll().where('entries', '!=', '[]').executeTakeFirstOrThrow();
      const change = (set: { entries: string }) =>
        ground.db.write((tx) =>
          tx
            .withTables<{ rollout_evidence: { rollout_id: string; number: number; entries: string } }>()
            .updateTable('rollout_evidence')
            .set(set)
            .where('rollout_id', '=', ended.id)
            .where('number', '=', chunk.number)
            .execute(),
        );
      const at = chunk.entries.lastIndexOf(']]') - 1;
      const flipped = String.fromCharCode(chunk.entries.charCodeAt(at) ^ 1);
      await change({ entries: `${chunk.entries.slice(0, at)}${flipped}${chunk.entries.slice(at + 1)}` });
      assert.equal((await verify(ended))?.what, 'the digest of the evidence');
      await change({ entries: chunk.entries });
      assert.equal(await verify(ended), null);
      await ground.db.write((tx) =>
        tx
          .withTables<{ rollout_verdict: { kind: string; message: string } }>()
          .updateTable('rollout_verdict')
          .set({ message: 'All was well' })
          .where('kind', '=', 'roll_back')
          .execute(),
      );
      assert.equal((await verify(ended))?.what, 'the verdict roll_back');
    });

    test('one unit is one piece of evidence of each kind, whatever it asks and whatever is said of it', async () => {
      const begun = await begin({ canary });
      for (let i = 0; i < 5; i += 1) {
        const prediction = await ground.ask('the same person');
        await ground.label(prediction, true);
        await ground.label(prediction, false);
        await ground.pass();
      }
      const { items } = await ground.rollouts.evidence(ground.actor, begun.id, { limit: 100 });
      assert.deepEqual(
        items.map(({ kind, outcome }) => [kind, kind === 'latency' ? 1 : outcome]).toSorted((a, b) => String(a).localeCompare(String(b))),
        [
          ['label', 1],
          ['latency', 1],
          ['unit', 1],
        ],
      );
      assert.deepEqual(
        items.map(({ seq }) => seq),
        [1, 2, 3],
      );
      const first = await ground.rollouts.evidence(ground.actor, begun.id, { limit: 2 });
      const rest = await ground.rollouts.evidence(ground.actor, begun.id, { limit: 2, cursor: first.nextCursor! });
      assert.deepEqual([...first.items, ...rest.items], items);
    });

    test('evidence is weighed in the order in which it happened, as far as the lateness allows', async () => {
      const begun = await begin({ canary }, { policy: { lateness: '1m' } });
      await ground.ask('early');
      ground.clock.advance(1000);
      await ground.ask('late');
      await ground.pass(1000);
      assert.equal((await ground.read(begun.id)).evidence, 0);
      await ground.pass(120_000);
      const { items } = await ground.rollouts.evidence(ground.actor, begun.id, { limit: 100 });
      const times = items.map(({ eventTime }) => eventTime);
      assert.deepEqual([times.length, times], [4, times.toSorted()]);
    });

    test('nothing comes, so nothing is passed: the baseline stays at the deadline', async () => {
      const begun = await begin({ canary });
      await ground.pass(2 * 86_400_000);
      const ended = await ground.read(begun.id);
      assert.deepEqual([ended.status, await ground.champion()], ['no_traffic', 1]);
      assert.equal(await verify(ended), null);
    });

    test('one rollout at a time for an endpoint; a second one is told which runs', async () => {
      const begun = await begin({ canary });
      await assert.rejects(ground.rollouts.start(ground.actor, { endpoint: 'sentiment' }), {
        code: 'conflict',
        reason: 'rollout_under_way',
        details: { rolloutId: begun.id, number: 1 },
      });
      assert.equal((await ground.rollouts.active(ground.actor.project, 'sentiment'))?.id, begun.id);
    });

    test('of many that start at once one begins, and those with its key are told of it', async () => {
      ground.declare({ canary });
      const { rollouts, actor } = ground;
      const starts = await Promise.allSettled(
        ['a', 'b', 'a', undefined, 'b', 'a'].map((key) => rollouts.start(actor, { endpoint: 'sentiment', key })),
      );
      const begun = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
      assert.equal(new Set(begun).size, 1);
      for (const one of starts) if (one.status === 'rejected') assert.equal(one.reason.reason, 'rollout_under_way');
      assert.equal((await rollouts.list(actor, { limit: 10 })).items.length, 1);
    });

    test('of people who decide in the same moment one is heard, and the others find it over', async () => {
      const begun = await begin({ canary });
      const { rollouts, actor } = ground;
      const said = await Promise.allSettled([
        rollouts.promote(actor, begun.id, 'one'),
        rollouts.rollBack(actor, begun.id, 'two'),
        rollouts.promote(actor, begun.id, 'three'),
      ]);
      assert.equal(said.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const one of said) if (one.status === 'rejected') assert.equal(one.reason.reason, 'rollout_ended');
      const ended = await ground.read(begun.id);
      assert.equal(await ground.champion(), ended.status === 'promoted' ? 2 : 1);
      assert.equal(await verify(ended), null);
    });

    test('who deploys by hand decides: the rollout is superseded', async () => {
      const begun = await begin({ canary });
      await ground.deploy('sentiment/1');
      await ground.pass();
      const ended = await ground.read(begun.id);
      assert.deepEqual([ended.status, (await ground.ask()).variant], ['superseded', 'main']);
      assert.equal(await verify(ended), null);
    });

    test('people pause, resume, promote and roll back, with their reasons', async () => {
      const { rollouts, actor } = ground;
      const begun = await begin({ canary });
      assert.equal((await rollouts.pause(actor, begun.id, 'lunch')).status, 'paused');
      await traffic(30);
      assert.equal((await ground.read(begun.id)).share, 0.2);
      assert.equal((await rollouts.resume(actor, begun.id, 'back')).status, 'running');
      await ground.pass();
      assert.equal((await ground.read(begun.id)).share, 0.5);
      const ended = await rollouts.promote(actor, begun.id, 'we are sure');
      assert.deepEqual([ended.status, await ground.champion()], ['promoted', 2]);
      const { verdicts } = await rollouts.get(actor, begun.id);
      assert.deepEqual(
        verdicts.filter(({ by }) => by === actor.id).map(({ kind, message }) => [kind, message]),
        [
          ['pause', 'lunch'],
          ['resume', 'back'],
          ['promote', 'we are sure'],
        ],
      );
      assert.equal(await verify(ended), null);
    });

    test('gates that are not passed refuse a version; people who are asked may, too', async () => {
      const refused = await begin({ canary, gates: [{ metric: 'accuracy', atLeast: 0.9 }] });
      assert.deepEqual([refused.status, refused.gates?.[0]?.verdict], ['refused', 'undecided']);
      const asked = await begin({ canary, approvals: 1 });
      assert.deepEqual([asked.stage, asked.status], ['approval', 'running']);
      await ground.approvals.decide({ ...ground.actor, id: 'ann' }, asked.approvalId!, { approve: false, comment: 'not today' });
      await ground.pass();
      assert.deepEqual([(await ground.read(asked.id)).status, (await ground.read(asked.id)).number], ['refused', 2]);
      const again = await begin({ canary, approvals: { count: 1, fourEyes: true } });
      await assert.rejects(ground.approvals.decide(ground.actor, again.approvalId!, { approve: true, comment: '' }));
      await ground.approvals.decide({ ...ground.actor, id: 'ann' }, again.approvalId!, { approve: true, comment: '' });
      await ground.pass();
      assert.equal((await ground.read(again.id)).stage, 'canary');
    });

    test('a shadow answers the same inputs unseen, and then gives way to the canary', async () => {
      const begun = await begin({ canary, shadow: { share: 1, pairs: 10 } });
      assert.equal(begun.stage, 'shadow');
      await traffic(12, { baseline: 0.5, candidate: 0.5 });
      const then = await ground.read(begun.id);
      assert.deepEqual([then.stage, then.share], ['canary', 0.2], then.message);
      const { shadow } = await ground.rollouts.get(ground.actor, begun.id);
      assert.ok(shadow!.pairs >= 10 && shadow!.agreed === shadow!.pairs && shadow!.labelled > 0, JSON.stringify(shadow));
      assert.equal(await verify(then), null);
    });

    test('blue-green switches at once, keeps the former version beside it, and ends after the watch', async () => {
      const begun = await begin({}, { kind: 'blue_green', policy: { watch: '10m' } });
      assert.deepEqual([begun.stage, begun.share, await ground.champion()], ['watch', 1, 2]);
      await traffic(5);
      const pairs = async () => (await ground.rollouts.get(ground.actor, begun.id)).shadow?.pairs;
      // Shadows are read once they are synced to disk.
      for (let i = 0; i < 50 && (await pairs()) !== 5; i += 1) await ground.pass(10);
      assert.equal(await pairs(), 5);
      await ground.pass(11 * 60_000);
      const ended = await ground.read(begun.id);
      assert.equal(ended.status, 'promoted', ended.message);
      assert.equal(await verify(ended), null);
    });

    test('labels that come after the promotion may still roll back, and the alias goes back too', async () => {
      const begun = await begin({ canary: { ...canary, shares: [0.5] } }, { policy: { watch: '1d' } });
      const early = [];
      for (let i = 0; i < 40; i += 1) early.push(await ground.ask(`early-${i}`));
      await ground.pass();
      await ground.rollouts.promote(ground.actor, begun.id, 'labels take days');
      assert.deepEqual([(await ground.read(begun.id)).stage, await ground.champion()], ['watch', 2]);
      for (const prediction of early) await ground.label(prediction, prediction.variant === 'candidate');
      await ground.pass();
      const ended = await ground.read(begun.id);
      assert.deepEqual([ended.status, await ground.champion()], ['rolled_back', 1], ended.message);
      assert.equal(await verify(ended), null);
    });

    test('without a canary a version is live once gates and people let it in', async () => {
      const ended = await begin({});
      assert.deepEqual([ended.status, await ground.champion()], ['promoted', 2]);
      await assert.rejects(ground.rollouts.start(ground.actor, { endpoint: 'sentiment', model: 'sentiment/2' }), {
        reason: 'already_deployed',
      });
    });

    test('what makes no sense is refused', async () => {
      const { rollouts, actor } = ground;
      const refused = (more: object, reason: string) =>
        assert.rejects(
          rollouts.start(actor, { endpoint: 'sentiment', ...more }),
          (error: { reason?: string; code: string }) => (error.reason ?? error.code) === reason,
        );
      ground.declare({ canary });
      await refused({ model: 'nobody/1' }, 'not_found');
      await refused({ model: 'sentiment/9' }, 'unknown_version');
      await refused({ model: 'sentiment/1' }, 'already_deployed');
      await refused({ policy: { canary: { shares: [0.5, 0.1] } } }, 'shares_out_of_order');
      await refused({ endpoint: 'other' }, 'endpoint_not_declared');
      await refused({ endpoint: 'other', model: 'sentiment/1', kind: 'ab' }, 'nothing_deployed');
    });

    test('a server that stops goes on where it stood', async () => {
      const begun = await begin({ canary });
      await traffic(15, { baseline: 0.5, candidate: 0.1 });
      const before = (await ground.read(begun.id)).evidence;
      await ground.anew();
      const ended = await until(begun.id, { baseline: 0.6, candidate: 0.1 });
      assert.deepEqual([ended.status, ended.evidence > before], ['promoted', true]);
      assert.equal(await verify(ended), null);
    });
  });

  test(`on ${name} the first version of an endpoint is live, with its alias, once it is let in`, async () => {
    const ground = await layRolloutGround(start, { deployed: false });
    try {
      ground.declare({ canary });
      const { id } = await ground.rollouts.start(ground.actor, { endpoint: 'sentiment', model: 'sentiment/1' });
      await ground.pass();
      const ended = await ground.read(id);
      assert.deepEqual([ended.status, ended.baseline, await ground.champion()], ['promoted', null, 1], ended.message);
      assert.equal((await ground.ask()).outcome, 'ok');
      assert.equal((await ground.rollouts.verify(ground.actor, id)).difference, null);
    } finally {
      await ground.stop();
    }
  });
}
