import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { createWhoMay, type WhoMay } from '../governance/index.ts';
import { silentLog } from '../platform/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createCallerOf } from './caller.ts';
import { onError } from './problem.ts';

const token = 'the-admin-token';
const basic = (name: string, password: string): string => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

for (const [name, start] of Object.entries(databases)) {
  describe(`who asks, on ${name}`, () => {
    let ground: Ground;
    let whoMay: WhoMay;
    let app: FastifyInstance;
    before(async () => {
      ground = await layGround(start);
      whoMay = createWhoMay({ ...ground, fallback: 'read', isRequired: false });
      app = Fastify();
      const callerOf = createCallerOf({ adminToken: token, identity: whoMay.identity });
      app.setErrorHandler(onError(silentLog));
      app.get('/', async (request) => {
        const { id, onlyIn } = await callerOf(request);
        return { id: onlyIn ? `${id} in ${onlyIn.name}` : id };
      });
      await app.ready();
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const ask = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') => {
      const answer = await app.inject({ url: '/', headers: { host: 'localhost:5050', ...headers }, remoteAddress });
      const { id, reason } = answer.json<{ id?: string; reason?: string }>();
      return id ?? reason;
    };
    const bearer = (given: string) => ask({ authorization: `Bearer ${given}` });

    test('without a token, whoever is on this machine is its owner', async () => {
      for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) assert.equal(await ask({}, address), 'owner');
      for (const host of ['localhost', '127.0.0.1:80', '[::1]:5050', 'LOCALHOST:1']) assert.equal(await ask({ host }), 'owner');
    });

    test('from elsewhere, and through a proxy, a token is wanted', async () => {
      for (const address of ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1', '127.0.0.1.evil.example', 'unknown']) {
        assert.equal(await ask({}, address), 'token_missing');
        assert.equal(await ask({ authorization: `Bearer ${token}` }, address), 'admin');
      }
      for (const header of ['x-forwarded-for', 'Forwarded', 'X-Real-IP', 'Via'])
        assert.equal(await ask({ [header]: '127.0.0.1' }), 'token_missing');
    });

    test('a token that is not known is refused, also on this machine', async () => {
      for (const authorization of ['Bearer wrong', `Bearer x${token}`, 'Bearer', 'Basic', 'Digest a', token, ''])
        assert.equal(await ask({ authorization }), 'unknown_token', authorization);
      assert.equal(await ask({ authorization: `bearer ${token}`, host: 'boucle.example' }), 'admin');
      for (const authorization of ['Basic eDp5', 'Basic eA==', 'Basic ~', basic('a\0b', 'c'), basic('', '')])
        assert.equal(await ask({ authorization }), 'wrong_password', authorization);
    });

    test('pages of others and rebound names are refused', async () => {
      for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'localhost:80:80'])
        assert.equal(await ask({ host }), 'foreign_host');
      for (const origin of ['http://evil.example', 'null', 'https://localhost:5050', 'http://localhost:8080'])
        assert.equal(await ask({ origin }), 'foreign_origin');
      assert.equal(await ask({ origin: 'http://localhost:5050' }), 'owner');
    });

    test('a token that was made here opens what it was made for, until it expires or is revoked', async () => {
      const { tokens } = whoMay;
      const expiresAt = new Date(ground.clock.now().getTime() + 60_000).toISOString();
      const made = await tokens.create(ground.actor, { name: 'ci', project: ground.actor.project, expiresAt });
      assert.equal(await bearer(made.token), 'token:ci in airline');
      ground.clock.advance(60_000);
      assert.equal(await bearer(made.token), 'unknown_token');
      const lasting = await tokens.create(ground.actor, { name: 'lasting' });
      assert.equal(await bearer(lasting.token), 'token:lasting');
      await tokens.revoke(ground.actor, lasting.id);
      assert.equal(await bearer(lasting.token), 'unknown_token');
      assert.deepEqual(
        (await tokens.list(ground.actor, { limit: 10 })).items.map(({ name: one }) => one),
        ['lasting', 'ci'],
      );
      const rows = await ground.db.read.withTables<{ access_token: { hash: string } }>().selectFrom('access_token').selectAll().execute();
      assert.ok(!JSON.stringify(rows).includes(made.token.slice(4)));
    });

    // The last: from here on the server asks everybody.
    test('once there is a user nobody gets in unasked, and a name with its password does', async () => {
      const { users, tokens } = whoMay;
      const first = await users.create(ground.actor, { name: 'ada', password: 'correct horse battery' });
      assert.equal(first.isAdmin, true);
      assert.equal(await ask({}), 'token_missing');
      const authorization = basic('ada', 'correct horse battery');
      assert.equal(await ask({ authorization }), 'ada');
      assert.equal(await ask({ authorization }, '10.0.0.7'), 'ada');
      for (const origin of ['http://evil.example', 'null']) assert.equal(await ask({ authorization, origin }), 'foreign_origin');
      assert.equal(await ask({ authorization, origin: 'https://boucle.example', host: 'boucle.example' }), 'ada');
      for (const wrong of [basic('ada', 'correct horse batter'), basic('Ada', 'correct horse battery'), basic('ada', '')])
        assert.equal(await ask({ authorization: wrong }), 'wrong_password');

      await users.create(ground.actor, { name: 'grace', password: 'a password: with colon' });
      const graces = basic('grace', 'a password: with colon');
      assert.equal(await ask({ authorization: graces }), 'grace');
      const grace = { ...(await whoMay.identity.byPassword('grace', 'a password: with colon')), project: ground.actor.project };
      const hers = await tokens.create(grace, { name: 'script' });
      assert.equal(await bearer(hers.token), 'grace');
      await users.setPassword(grace, 'grace', { password: 'another password', current: 'a password: with colon' });
      assert.equal(await ask({ authorization: graces }), 'wrong_password');
      await users.remove(ground.actor, 'grace');
      assert.equal(await bearer(hers.token), 'unknown_token');
      assert.equal(await ask({ authorization: basic('grace', 'another password') }), 'wrong_password');
    });

    test('a password that was right is not worked out again', async () => {
      const { identity } = whoMay;
      await identity.byPassword('ada', 'correct horse battery');
      const begun = performance.now();
      for (let i = 0; i < 500; i += 1) await identity.byPassword('ada', 'correct horse battery');
      // One derivation takes some 80 ms.
      assert.ok(performance.now() - begun < 2000, `${performance.now() - begun} ms`);
    });
  });
}
