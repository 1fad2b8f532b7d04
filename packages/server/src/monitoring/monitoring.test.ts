import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newId } from '../platform/index.ts';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, type ServingGround } from '../testing/serving-ground.ts';
import { createMonitoring, type Monitoring } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`feedback on ${name}`, () => {
    let ground: ServingGround;
    let monitoring: Monitoring;
    before(async () => {
      ground = await layServingGround(start);
      const { db, events, clock, serving, versions } = ground;
      monitoring = createMonitoring({
        db,
        events,
        clock,
        serving,
        labelsOf: async (_, id) => [...versions.values()].find((version) => version.id === id)?.labels,
      });
      await ground.deploy();
    });
    after(() => ground.stop());

    /** A logged prediction of `negative`. */
    const predicted = async (text: unknown = 'flight delayed'): Promise<string> => {
      const requestId = newId();
      const { serving } = ground;
      await serving.predict(serving.endpointCalled('sentiment'), callOf({ text: [text] }, { requestId })).catch(() => {});
      return `${requestId}.0`;
    };
    const give = async (predictionId: string, label: unknown, more: object = {}) => {
      const [{ result, message } = {}] = await monitoring.give(ground.actor, [{ predictionId, label, ...more }]);
      return message === undefined ? result : [result, message];
    };

    test('what was true is recorded once, and a change of mind supersedes it', async () => {
      const id = await predicted();
      assert.equal(await give(id, 'negative', { comment: 'so it was' }), 'recorded');
      assert.equal(await give(id, 'negative'), 'repeated');
      assert.equal(await give(id, 'other'), 'changed');
      assert.equal(await give(id, 'other'), 'repeated');
      const [newest, first, ...more] = await monitoring.of(ground.actor.project, id);
      assert.deepEqual(
        [newest!.label, newest!.supersedes, first!.label, first!.comment, more],
        ['other', first!.id, 'negative', 'so it was', []],
      );
      assert.equal(newest!.by, ground.actor.id);
    });

    test('what cannot be true is refused with the reason, and the rest of the call is recorded', async () => {
      const [id, failed, unknown] = [await predicted(), await predicted(7), `${newId()}.0`];
      assert.deepEqual(await give(id, 'angry'), ['refused', '"angry" is no label of this model; it knows "negative", "other"']);
      assert.deepEqual(await give(id, { label: 'other' }).then((said) => said?.[0]), 'refused');
      const future = new Date(ground.clock.now().getTime() + 6 * 60_000).toISOString();
      assert.deepEqual(await give(id, 'other', { eventTime: future }), ['refused', `${future} lies in the future: check the clock`]);
      const results = await monitoring.give(ground.actor, [
        { predictionId: failed, label: 'other' },
        { predictionId: unknown, label: 'other' },
        { predictionId: id, label: 'other' },
        { predictionId: id, label: 'other' },
        { predictionId: id, label: 'negative' },
      ]);
      assert.deepEqual(
        results.map(({ result }) => result),
        ['refused', 'unknown_prediction', 'recorded', 'repeated', 'changed'],
      );
      assert.deepEqual((await monitoring.give(ground.stranger, [{ predictionId: id, label: 'other' }]))[0]!.result, 'unknown_prediction');
    });

    test('late feedback is fine', async () => {
      const id = await predicted();
      ground.clock.advance(90 * 24 * 3600_000);
      const eventTime = '2026-01-01T12:00:00.000Z';
      assert.equal(await give(id, 'negative', { eventTime }), 'recorded');
      const [held] = await monitoring.of(ground.actor.project, id);
      assert.deepEqual([held!.eventTime, held!.arrivalTime], [eventTime, ground.clock.now().toISOString()]);
    });

    test('the newest of each prediction counts, and news tells of each call', async () => {
      const before = await monitoring.agreement(ground.actor.project);
      const told = (await ground.newsOf('feedback.recorded')).length;
      const ids = [await predicted(), await predicted(), await predicted()];
      await monitoring.give(
        ground.actor,
        ids.map((predictionId) => ({ predictionId, label: 'negative' })),
      );
      await give(ids[0]!, 'other');
      await give(ids[0]!, 'other');
      const now = await monitoring.agreement(ground.actor.project);
      assert.deepEqual([now.feedback - before.feedback, now.agreed - before.agreed], [3, 2]);
      assert.ok(now.interval!.low < now.agreed / now.feedback && now.agreed / now.feedback < now.interval!.high);
      assert.deepEqual((await ground.newsOf('feedback.recorded')).slice(told), [
        { endpoint: 'sentiment', recorded: 3, agreed: 3 },
        { endpoint: 'sentiment', recorded: 1, agreed: 0 },
      ]);
      assert.deepEqual(await monitoring.agreement(ground.stranger.project), { feedback: 0, agreed: 0, interval: null });
    });

    test('labelled rows are read forward with what was asked, each once, and only what counts', async () => {
      const before = (await monitoring.labelled(ground.actor.project, 'sentiment', { after: 0, limit: 1000 })).at(-1)?.seq ?? 0;
      const [first, second] = [await predicted('rude crew'), await predicted('lost my bag')];
      await give(first, 'negative');
      await give(second, 'negative');
      await give(first, 'other');
      const page = await monitoring.labelled(ground.actor.project, 'sentiment', { after: before, limit: 1 });
      const rest = await monitoring.labelled(ground.actor.project, 'sentiment', { after: page[0]!.seq, limit: 10 });
      assert.deepEqual(
        [...page, ...rest].map(({ inputs, feedback, predicted: said }) => [inputs, feedback.label, said]),
        [
          [{ text: 'lost my bag' }, 'negative', 'negative'],
          [{ text: 'rude crew' }, 'other', 'negative'],
        ],
      );
      assert.deepEqual(await monitoring.labelled(ground.stranger.project, 'sentiment', { after: 0, limit: 10 }), []);
    });

    test('of many who speak at once of one prediction, each is heard and one counts', async () => {
      const id = await predicted();
      const said = await Promise.all(
        ['negative', 'other', 'negative', 'other', 'other'].map((label) => monitoring.give(ground.actor, [{ predictionId: id, label }])),
      );
      assert.ok(said.every(([{ result } = {}]) => result === 'recorded' || result === 'changed' || result === 'repeated'));
      const held = await monitoring.of(ground.actor.project, id);
      const superseded = new Set(held.map(({ supersedes }) => supersedes));
      assert.equal(held.filter((one) => !superseded.has(one.id)).length, 1);
    });
  });
}
