import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { databases } from '../testing/databases.ts';
import { layServingGround, openHere, type ServingGround } from '../testing/serving-ground.ts';
import { openThreadHost } from './thread-host.ts';

const late = { columns: { text: ['my flight is late', 'thank you'] } };
const first = { model: 'sentiment', number: 1 };

describe('explanations', () => {
  let ground: ServingGround;
  let opened = 0;
  let ended = 0;
  before(async () => {
    ground = await layServingGround(databases.sqlite, {
      openHost: async (folder) => {
        opened++;
        const host = await openThreadHost(folder);
        void host.ended.then(() => ended++);
        return host;
      },
      limits: { idleMs: 200 },
    });
  });
  after(() => ground.stop());

  test('a version that is not deployed says why, row by row, and sums up to the logit', async () => {
    const { actor, serving } = ground;
    const explained = await serving.explain(actor.project, first, late);
    assert.deepEqual(
      explained.map(({ label }) => label),
      ['negative', 'other'],
    );
    for (const { output, baseline, contributions, gap, steps } of explained) {
      assert.ok(output > 0 && gap === 0 && steps === null);
      assert.ok(Math.abs(output - contributions.reduce((sum, { value }) => sum + value, baseline)) < 1e-12);
    }
    const words = explained[0]!.contributions.map(({ span }) => late.columns.text[0]!.slice(...span!));
    assert.deepEqual(words, ['my', 'flight', 'late']);
    const [against] = await serving.explain(actor.project, first, { ...late, label: 'other' });
    assert.equal(against!.output, -explained[0]!.output);
  });

  test('a model is loaded once for several questions, makes room for another, and leaves when nobody asks', async () => {
    const { actor, serving } = ground;
    opened = 0;
    ended = 0;
    await Promise.all(Array.from({ length: 5 }, () => serving.explain(actor.project, { ...first, number: 2 }, late)));
    assert.equal(opened, 1);
    await serving.explain(actor.project, first, late);
    assert.equal(opened, 2);
    const patience = performance.now() + 5000;
    while (ended < opened && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(ended, opened);
  });

  test('what is asked too much of is refused', async () => {
    const { actor, serving } = ground;
    const ask = (text: readonly unknown[], number = 1) => serving.explain(actor.project, { ...first, number }, { columns: { text } });
    await assert.rejects(ask(Array.from({ length: 21 }, () => 'late')), { code: 'invalid_request', reason: 'too_many_rows' });
    await assert.rejects(ask(['x'.repeat(20_001)]), { code: 'invalid_request', reason: 'text_too_long' });
    await assert.rejects(ask([7]), { code: 'invalid_request', reason: 'wrong_type' });
    await assert.rejects(ask(['late'], 9), { code: 'not_found' });
    const many = await Promise.allSettled(Array.from({ length: 20 }, () => ask(['late'])));
    assert.deepEqual(
      [...new Set(many.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { reason: string }).reason] : [])))],
      ['explanations_busy'],
    );
    assert.ok(many.slice(0, 16).every(({ status }) => status === 'fulfilled'));
  });

  test('a question that takes too long ends its model, and the next one is answered by another', async () => {
    const serving = await ground.restart({
      limits: { explanationMs: 1000 },
      openHost: async (folder) => {
        const host = await openHere(folder);
        return {
          ...host,
          explain: (columns, options) => (columns['text']!.includes('forever') ? new Promise(() => {}) : host.explain(columns, options)),
        };
      },
    });
    const { project } = ground.actor;
    await assert.rejects(serving.explain(project, first, { columns: { text: ['forever'] } }), {
      code: 'unavailable',
      reason: 'explanation_too_slow',
    });
    assert.equal((await serving.explain(project, first, late)).length, 2);
  });
});
