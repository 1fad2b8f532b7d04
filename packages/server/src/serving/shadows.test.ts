import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AskedVariant, Prediction } from '@boucle/contract';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, openHere, type ServingGround } from '../testing/serving-ground.ts';
import type { OpenHost } from './index.ts';

const withShadow = (share: number, model = 'sentiment/2'): AskedVariant[] => [
  { name: 'main', share: 1, model: 'sentiment/1' },
  { name: 'next', mode: 'shadow', share, model },
];

describe('shadows', () => {
  let ground: ServingGround;
  let shadowFolder = '';
  let gate: Promise<unknown> = Promise.resolve();
  /** The second model is slow, or breaks, where a test wants it to. */
  const openMoody: OpenHost = async (folder) => {
    const host = await openHere(folder);
    return {
      ...host,
      predict: async (columns) => {
        if (!folder.includes(shadowFolder)) return host.predict(columns);
        await gate;
        if (columns['text']!.includes('break')) throw new Error('broken');
        return host.predict(columns);
      },
    };
  };
  before(async () => {
    ground = await layServingGround(databases.sqlite, {
      openHost: openMoody,
      limits: { waitingShadows: 20, waitingShadowBytes: 2000, inlineBytes: 1000 },
    });
    shadowFolder = ground.versions.get('sentiment/2')!.digest.slice(5);
    await ground.serving.deploy(ground.actor, { endpoint: 'sentiment', variants: withShadow(1) });
  });
  after(() => ground.stop());

  const ask = async (texts: string[], about = {}) => {
    const call = callOf({ text: texts }, { said: () => ({ about }) });
    return { ...(await ground.serving.predict(ground.serving.endpointCalled('sentiment'), call)), requestId: call.requestId };
  };
  const endpointId = async () => (await ground.serving.get(ground.actor, 'sentiment')).id;
  const shadowsOf = async (requestId: string): Promise<Prediction[]> => {
    await ground.serving.settled();
    const items = await ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit: 500, shadows: true });
    return items.filter(({ shadowOf }) => shadowOf?.startsWith(requestId)).toReversed();
  };
  const trafficOf = async (name: string) =>
    (await ground.serving.traffic(await endpointId())).variants.find((variant) => variant.name === name)!;

  test('what a caller asked is asked the shadow too, row by row, in a record of its own', async () => {
    const about = { unit: 'ann', subject: 'ann', eventTime: '2025-12-31T00:00:00.000Z' };
    const { requestId, outputs, variant } = await ask(['flight delayed', 'thank you'], about);
    assert.equal(variant, 'main');
    const shadows = await shadowsOf(requestId);
    const live = await ground.serving.find(ground.actor.project, `${requestId}.1`);
    assert.deepEqual(
      shadows.map(({ shadowOf, variant: by, share, digest, row, outcome }) => [shadowOf, by, share, digest, row, outcome]),
      [0, 1].map((row) => [`${requestId}.${row}`, 'next', 1, ground.versions.get('sentiment/2')!.digest, row, 'ok']),
    );
    const [, second] = shadows;
    assert.deepEqual(
      [second!.inputs, second!.unit, second!.subject, second!.eventTime, second!.arrivalTime],
      [live!.inputs, 'ann', 'ann', live!.eventTime, live!.arrivalTime],
    );
    assert.equal(live!.shadowOf, null);
    assert.deepEqual(await ground.serving.find(ground.actor.project, second!.id), second, 'feedback finds it by its id');
    assert.equal(outputs['label']!.length, 2);
  });

  test('lists leave shadows out unless they are asked for, and the log holds them', async () => {
    const { requestId } = await ask(['late']);
    await shadowsOf(requestId);
    const listed = await ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit: 500 });
    assert.ok(listed.length > 0 && listed.every(({ shadowOf }) => shadowOf === null));
    const tail = await ground.serving.tail(await endpointId(), null, 1000);
    assert.equal(tail.filter(({ prediction }) => prediction.shadowOf === `${requestId}.0`).length, 1);
  });

  test('a shadow that breaks is logged, and nobody else hears of it', async () => {
    const { requestId, outputs } = await ask(['break']);
    assert.equal(outputs['label']!.length, 1);
    const [shadow] = await shadowsOf(requestId);
    assert.deepEqual(
      [shadow!.outcome, shadow!.status, shadow!.outputs, shadow!.inputs, shadow!.variant],
      ['error', 500, null, { text: 'break' }, 'next'],
    );
    const [main, next] = [await trafficOf('main'), await trafficOf('next')];
    assert.deepEqual([main.sinceStart.errors, next.sinceStart.errors], [0, 1]);
    assert.equal(ground.serving.facts(ground.actor.project)[0]!.errors, 0);
  });

  test('answers do not wait for a slow shadow, and those that are too many are dropped and counted', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    const before = await trafficOf('next');
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => ask([`text ${i}`])));
    assert.equal(answers.length, 60);
    const { dropped } = await trafficOf('next');
    assert.ok(dropped >= 60 - 20 - 16 && dropped < 60, `${dropped}`);
    resolve();
    await ground.serving.settled();
    const after = await trafficOf('next');
    assert.equal(after.sinceStart.requests - before.sinceStart.requests + after.dropped, 60, 'each was seen or counted');
  });

  test('shadows give way to callers who wait, and not for ever', async () => {
    const text = Promise.withResolvers<string>();
    const slow = callOf({}, { read: async () => ({ columns: { text: [await text.promise] }, bytes: 1 }) });
    const waiting = ground.serving.predict(ground.serving.endpointCalled('sentiment'), slow);
    const began = performance.now();
    const { requestId } = await ask(['late']);
    assert.equal((await shadowsOf(requestId)).length, 1);
    assert.ok(performance.now() - began >= 15);
    text.resolve('late');
    await waiting;
  });

  test('what waits is bounded in bytes too', async () => {
    const { dropped } = await trafficOf('next');
    await ask(['x'.repeat(3000)]);
    assert.equal((await trafficOf('next')).dropped, dropped + 1);
  });

  test('only the share that is wanted is shadowed, the same units each time', async () => {
    const { salt } = await ground.serving.deploy(ground.actor, { endpoint: 'sentiment', variants: withShadow(0.5) });
    assert.equal(salt, await endpointId());
    const seen = async () => {
      const asked = [];
      for (let i = 0; i < 30; i++) asked.push(await ask(['late'], { unit: `unit ${i}` }));
      await ground.serving.settled();
      const shadowed = [];
      for (const { requestId } of asked) shadowed.push((await shadowsOf(requestId)).length);
      return shadowed;
    };
    const first = await seen();
    const count = first.filter((shadows) => shadows === 1).length;
    assert.ok(count > 5 && count < 25, `${count}`);
    assert.deepEqual(await seen(), first);
  });

  test('a shadow of the model that answers shares it', async () => {
    await ground.serving.deploy(ground.actor, { endpoint: 'sentiment', variants: withShadow(1, 'sentiment/1') });
    const { requestId, outputs } = await ask(['late']);
    const [shadow] = await shadowsOf(requestId);
    assert.equal((shadow!.outputs as { label: string }).label, outputs['label']![0]);
  });

  test('what was refused is not shown to shadows', async () => {
    await assert.rejects(ask([7 as never]));
    await assert.rejects(ask([]));
    await ground.serving.settled();
    const [last] = await ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit: 1, shadows: true });
    assert.deepEqual([last!.outcome, last!.shadowOf], ['invalid', null]);
  });

  test('a restart recalls what each variant did', async () => {
    await ground.serving.deploy(ground.actor, { endpoint: 'sentiment', variants: withShadow(1) });
    await ask(['late']);
    await ground.serving.settled();
    const before = await ground.serving.traffic(await endpointId());
    await (await ground.restart()).settled();
    const after = await ground.serving.traffic(await endpointId());
    for (const [i, { lately }] of before.variants.entries()) {
      assert.ok(after.variants[i]!.lately.requests >= lately.requests && lately.requests > 0);
      assert.equal(after.variants[i]!.sinceStart.requests, 0);
    }
  });

  test('an end does not wait for shadows in the queue', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    await Promise.all(Array.from({ length: 20 }, (_, i) => ask([`text ${i}`])));
    const ended = ground.restart();
    await sleep(5);
    resolve();
    await (await ended).settled();
    assert.equal((await ask(['late'])).variant, 'main');
  });
});
