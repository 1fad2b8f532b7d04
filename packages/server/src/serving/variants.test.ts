import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { AskedVariant, Deployment, Prediction } from '@boucle/contract';
import { newId } from '../platform/index.ts';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, openHere, type ServingGround } from '../testing/serving-ground.ts';
import { assign, type OpenHost, type PredictionCall, type RerouteRequest } from './index.ts';

const canary = (share: number): [AskedVariant, AskedVariant] => [
  { name: 'baseline', share: 1 - share, model: 'sentiment/1' },
  { name: 'candidate', share, model: 'sentiment/2' },
];
const units = Array.from({ length: 60 }, (_, i) => `passenger ${i}`);

for (const [name, start] of Object.entries(databases)) {
  describe(`variants on ${name}`, () => {
    let ground: ServingGround;
    const opened: string[] = [];
    const closed: string[] = [];
    let broken = '';
    let gate: Promise<unknown> = Promise.resolve();
    const openCounted: OpenHost = async (folder) => {
      await gate;
      if (broken !== '' && folder.includes(broken)) throw new Error('broken');
      const host = await openHere(folder);
      opened.push(folder);
      return { ...host, close: () => (closed.push(folder), host.close()) };
    };
    before(async () => {
      ground = await layServingGround(start, { openHost: openCounted });
    });
    after(() => ground.stop());

    const ask = async (unit: string | null, more: Partial<PredictionCall> = {}) => {
      const call = callOf({ text: ['flight delayed'] }, { said: () => ({ about: { unit } }), ...more });
      const { variant, version } = await ground.serving.predict(ground.serving.endpointCalled('sentiment'), call);
      return { variant, version, requestId: call.requestId };
    };
    const current = async (): Promise<Deployment> => (await ground.serving.get(ground.actor, 'sentiment')).deployment!;
    const endpointId = async () => (await ground.serving.get(ground.actor, 'sentiment')).id;
    const deploy = (variants: readonly AskedVariant[]) => ground.serving.deploy(ground.actor, { endpoint: 'sentiment', variants });
    const rerouteTo = (deployment: Deployment, share: number, more: Partial<RerouteRequest> = {}) =>
      ground.serving.reroute({
        actor: ground.actor,
        endpoint: 'sentiment',
        expectDeploymentId: deployment.id,
        variants: deployment.variants.map((variant, i) => ({ ...variant, share: i === 0 ? 1 - share : share })),
        salt: 'a salt',
        rolloutId: 'a rollout',
        correlationId: newId(),
        ...more,
      });
    const all = async (): Promise<Prediction[]> =>
      (await ground.serving.tail(await endpointId(), null, 10_000)).map(({ prediction }) => prediction);

    test('each unit is answered by the variant that its hash gives it, and the record says which', async () => {
      const deployment = await deploy(canary(0.4));
      assert.deepEqual([deployment.status, deployment.reference], ['ready', 'sentiment/1, sentiment/2']);
      const seen = new Map<string, string>();
      for (const unit of units) {
        const { variant, version, requestId } = await ask(unit);
        const expected = assign(deployment.salt, unit, deployment.variants)!;
        assert.deepEqual([variant, version], [expected.name, expected.version]);
        const record = await ground.serving.find(ground.actor.project, `${requestId}.0`);
        assert.deepEqual([record!.variant, record!.share, record!.digest], [expected.name, expected.share, expected.digest]);
        seen.set(unit, variant);
      }
      assert.equal(new Set(seen.values()).size, 2);
      await (await ground.restart()).settled();
      for (const unit of units.slice(0, 20)) assert.equal((await ask(unit)).variant, seen.get(unit));
    });

    test('without a unit the request is one, and what the body says of it counts', async () => {
      const { salt, variants } = await current();
      for (let i = 0; i < 10; i++) {
        const { variant, requestId } = await ask(null);
        assert.equal(variant, assign(salt, requestId, variants)!.name);
      }
      const read: PredictionCall['read'] = async () => ({ columns: { text: ['late'] }, bytes: 9, about: { unit: 'in the body' } });
      assert.equal((await ask('in a header', { read })).variant, assign(salt, 'in the body', variants)!.name);
    });

    test('who insists on a version gets it, and is no evidence of the shares', async () => {
      for (const version of ['1', '2']) {
        const { version: answered, requestId } = await ask('passenger 1', { version });
        assert.equal(String(answered), version);
        assert.equal((await ground.serving.find(ground.actor.project, `${requestId}.0`))!.share, null);
      }
      await assert.rejects(ask('passenger 1', { version: '3' }), {
        code: 'not_found',
        reason: 'version_not_served',
        message: /serves version 1 and 2, not 3/,
      });
    });

    test('what cannot be served together is refused', async () => {
      const [baseline, candidate] = canary(0.5);
      const refuse = (variants: Parameters<typeof deploy>[0], error: object) => assert.rejects(deploy(variants), error);
      await refuse([baseline, { ...candidate, share: 0.6 }], {
        code: 'invalid_request',
        reason: 'shares_do_not_add_up',
        message: 'The shares of the live variants add up to 1.1, not to 1: baseline 0.5, candidate 0.6',
      });
      await refuse([baseline, { ...candidate, name: 'baseline' }], { code: 'invalid_request', reason: 'doubled_variant' });
      await refuse([baseline, { ...candidate, share: Number.NaN }], { code: 'invalid_request', reason: 'bad_share' });
      const shadow = { ...candidate, mode: 'shadow' as const };
      await refuse([shadow], { code: 'invalid_request', reason: 'no_live_variant' });
      await refuse([], { code: 'invalid_request', reason: 'no_live_variant' });
      await refuse([baseline, { ...candidate, model: 'sentiment/99' }], { code: 'not_found' });
      await assert.rejects(ground.serving.deploy(ground.actor, { endpoint: 'sentiment', model: 'sentiment/1', variants: canary(0.5) }), {
        code: 'invalid_request',
        reason: 'model_and_variants',
      });
      const other = ground.versions.get('sentiment/2')!;
      const inputs = [{ name: 'tweet', datatype: 'BYTES' as const, shape: [-1] }];
      ground.versions.set('tweets/1', { ...other, model: 'tweets', number: 1, signature: { ...other.signature, inputs } });
      await refuse([baseline, { ...candidate, model: 'tweets/1' }], { code: 'failed_precondition', reason: 'other_columns' });
      const stale = { endpoint: 'sentiment', model: 'sentiment/1', expectDeploymentId: newId() };
      await assert.rejects(ground.serving.deploy(ground.actor, stale), { code: 'conflict', reason: 'deployment_moved' });
    });

    test('a model is loaded once, however many variants and deployments want it', async () => {
      opened.length = 0;
      closed.length = 0;
      await deploy([...canary(0.1), { name: 'again', mode: 'shadow', share: 0.5, model: 'sentiment/2' }]);
      await deploy(canary(0.2));
      await ground.serving.deploy(ground.actor, { endpoint: 'another', variants: canary(0.3) });
      assert.deepEqual([opened, closed], [[], []]);
      await ground.serving.deploy(ground.actor, { endpoint: 'another', model: 'sentiment/1' });
      assert.deepEqual(closed, [], 'the first endpoint still needs it');
    });

    test('other shares are one write, and nothing is loaded for them', async () => {
      const former = await current();
      opened.length = 0;
      let before: Awaited<ReturnType<typeof ask>> | undefined;
      const fresh = await ground.db.write(async () => {
        const written = await rerouteTo(former, 0.9);
        before = await ask('passenger 3');
        return written;
      });
      const deploymentOf = async (requestId: string) => (await ground.serving.find(ground.actor.project, `${requestId}.0`))!.deploymentId;
      assert.equal(await deploymentOf(before!.requestId), former.id);
      assert.deepEqual(await current(), fresh);
      assert.deepEqual([fresh.number, fresh.status, fresh.salt, fresh.rolloutId], [former.number + 1, 'ready', 'a salt', 'a rollout']);
      assert.deepEqual(
        (await ground.serving.deployments(ground.actor, 'sentiment', { limit: 2 })).items.map(({ status }) => status),
        ['ready', 'retired'],
      );
      assert.equal(await deploymentOf((await ask('passenger 3')).requestId), fresh.id);
      const told = (await ground.newsOf('deployment.ready')).at(-1)!;
      assert.deepEqual([told.number, told.variants?.map(({ share }) => share)], [fresh.number, fresh.variants.map(({ share }) => share)]);
      assert.deepEqual(opened, []);
      await (await ground.restart()).settled();
      assert.equal((await ask('passenger 3')).variant, assign('a salt', 'passenger 3', fresh.variants)!.name);
    });

    test('a write that is undone reroutes nothing', async () => {
      const former = await current();
      const undone = ground.db.write(async () => {
        await rerouteTo(former, 0.5);
        throw new Error('no');
      });
      await assert.rejects(undone, { message: 'no' });
      assert.deepEqual(await current(), former);
      const { requestId } = await ask('passenger 3');
      assert.equal((await ground.serving.find(ground.actor.project, `${requestId}.0`))!.deploymentId, former.id);
    });

    test('who decided upon another deployment, or wants a model that is not there, is refused', async () => {
      const former = await current();
      await assert.rejects(rerouteTo(former, 0.5, { expectDeploymentId: newId() }), { code: 'conflict', reason: 'deployment_moved' });
      await assert.rejects(rerouteTo(former, 0.5, { endpoint: 'nobody' }), { code: 'not_found' });
      await assert.rejects(rerouteTo(former, 1.5), { code: 'invalid_request', reason: 'bad_share' });
      const variants = [{ name: 'main', mode: 'live' as const, share: 1, modelVersionId: newId() }];
      await assert.rejects(rerouteTo(former, 0, { variants }), { code: 'failed_precondition', reason: 'model_not_loaded' });
      assert.deepEqual(await current(), former);
      const [one, other] = await Promise.allSettled([rerouteTo(former, 0.3), rerouteTo(former, 0.6)]);
      assert.deepEqual([one.status, other.status].sort(), ['fulfilled', 'rejected'], 'of two at once, one');
    });

    test('a crash between the write and what follows it loses nothing', async () => {
      const former = await current();
      // Another process, which dies after its write: this one hears nothing of it.
      const dying = ground.openAnother();
      const fresh = await dying.reroute({
        actor: ground.actor,
        endpoint: 'sentiment',
        expectDeploymentId: former.id,
        variants: former.variants.map((variant, i) => ({ ...variant, share: i })),
        salt: former.salt,
        rolloutId: null,
        correlationId: newId(),
      });
      await dying.settled();
      await dying.close();
      await (await ground.restart()).settled();
      const { requestId, variant } = await ask('passenger 3');
      assert.deepEqual(
        [variant, (await ground.serving.find(ground.actor.project, `${requestId}.0`))!.deploymentId],
        ['candidate', fresh.id],
      );
    });

    test('a model that nobody is answered by any more leaves once it has answered what it was asked', async () => {
      const former = await current();
      const text = Promise.withResolvers<string>();
      const slow = ask('x', { version: '1', read: async () => ({ columns: { text: [await text.promise] }, bytes: 1 }) }).catch(
        () => 'refused',
      );
      assert.equal(former.variants[0]!.version, 1);
      closed.length = 0;
      const [, candidate] = former.variants;
      await rerouteTo(former, 1, { variants: [{ ...candidate!, name: 'main', share: 1 }] });
      assert.deepEqual(closed, [], 'one is still asked');
      text.resolve('late');
      assert.notEqual(await slow, 'refused');
      await ground.serving.settled();
      assert.equal((await ask('x')).version, 2);
      assert.deepEqual(
        (await ground.serving.traffic(await endpointId())).variants.map((variant) => variant.name),
        ['main'],
      );
    });

    test('a later deployment is never overtaken by an earlier one', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      // While the server starts, and what answered is still being loaded.
      await ground.restart();
      const former = await current();
      const second = await rerouteTo(former, 1, { variants: former.variants, salt: 'second' });
      // While another one, made before, is still being loaded.
      const slow = ground.serving.deploy(ground.actor, { endpoint: 'sentiment', model: 'sentiment/1' });
      const latest = async () => (await ground.serving.deployments(ground.actor, 'sentiment', { limit: 1 })).items[0]!;
      while ((await latest()).status !== 'starting') await setImmediate();
      const last = await rerouteTo(second, 1, { variants: former.variants, salt: 'last' });
      resolve();
      const overtaken = await slow;
      assert.deepEqual([overtaken.status, overtaken.message], ['retired', `Deployment ${last.number} was ready first`]);
      await ground.serving.settled();
      const { requestId } = await ask('passenger 3');
      assert.equal((await ground.serving.find(ground.actor.project, `${requestId}.0`))!.deploymentId, last.id);
      const { items } = await ground.serving.deployments(ground.actor, 'sentiment', { limit: 100 });
      assert.deepEqual(
        items.filter(({ status }) => status === 'ready').map(({ id }) => id),
        [last.id],
      );
    });

    test('after a restart without one of its models, the others go on answering their units', async () => {
      const deployment = await deploy([...canary(0.5), { name: 'next', mode: 'shadow', share: 1, model: 'sentiment/2' }]);
      const lost = ground.versions.get('sentiment/2')!.digest.slice(5);
      broken = lost;
      await (await ground.restart()).settled();
      const told = new Set<string>();
      for (const unit of units.slice(0, 15)) {
        const { name: expected } = assign(deployment.salt, unit, deployment.variants)!;
        if (expected === 'baseline') assert.equal((await ask(unit)).variant, expected);
        else await assert.rejects(ask(unit), { code: 'unavailable', reason: 'variant_not_loaded' });
        told.add(expected);
      }
      assert.equal(told.size, 2);
      const { status, message } = await current();
      assert.deepEqual([status, /Version 2 of sentiment cannot be served/.test(message!)], ['ready', true]);
      // Away from it, as a rollback goes.
      const back = await rerouteTo(deployment, 0, { variants: [{ ...deployment.variants[0]!, share: 1 }] });
      for (const unit of units.slice(0, 15)) assert.equal((await ask(unit)).variant, 'baseline');
      assert.equal(back.message, null);
      broken = '';
      await (await ground.restart()).settled();
      assert.equal((await deploy(canary(0.5))).status, 'ready');
    });

    test('what never answered has to be whole', async () => {
      broken = ground.versions.get('sentiment/2')!.digest.slice(5);
      await ground.serving.deploy(ground.actor, { endpoint: 'sentiment', model: 'sentiment/1' });
      const failed = await deploy(canary(0.01));
      assert.deepEqual([failed.status, failed.message!.startsWith('Version 2 of sentiment cannot be served')], ['failed', true]);
      broken = '';
      assert.equal((await ask('passenger 1')).version, 1);
    });

    test('what was logged is read in the order of the log, from where one stopped, also after a restart', async () => {
      const id = await endpointId();
      const whole = await ground.serving.tail(id, null, 10_000);
      assert.ok(whole.length > 90);
      const half = whole.slice(0, 40);
      await ground.restart();
      const rest = await ground.serving.tail(id, JSON.parse(JSON.stringify(half.at(-1)!.position)) as never, 10_000);
      assert.deepEqual([...half, ...rest], whole);
      assert.deepEqual(await ground.serving.tail(id, rest.at(-1)!.position, 10), []);
      assert.deepEqual(await ground.serving.logEnd(id), rest.at(-1)!.position);
      assert.deepEqual(await ground.serving.tail(id, null, 3), whole.slice(0, 3));
      await ground.serving.settled();
      const { requestId } = await ask('passenger 7');
      assert.deepEqual(
        (await ground.serving.tail(id, rest.at(-1)!.position, 10)).map(({ prediction }) => prediction.requestId),
        [requestId],
      );
      assert.ok((await all()).some(({ outcome }) => outcome === 'invalid'));
    });

    test('who listens is told where something was answered', async () => {
      const told: string[] = [];
      ground.serving.onAnswered((id) => told.push(id));
      await ask('passenger 7');
      await ask('passenger 8');
      await ground.serving.tellTraffic();
      assert.deepEqual(told, [await endpointId()]);
    });
  });
}
