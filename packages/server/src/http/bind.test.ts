import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { defineRoute } from '@boucle/contract';
import Fastify from 'fastify';
import { Type } from 'typebox';
import { bind } from './bind.ts';
import { openGate } from '../testing/open-gate.ts';
import { compileValidator } from './validator.ts';

const ask = defineRoute({
  method: 'GET',
  path: '/ask',
  summary: 'Ask',
  tag: 'system',
  permission: 'system:read',
  response: Type.Object({}),
  errors: [],
});

/** An address that answers after a while, and the signal that its handler was given. */
const listening = async (t: TestContext, afterMs: number) => {
  const app = Fastify({ forceCloseConnections: true });
  app.setValidatorCompiler(compileValidator);
  const asked = Promise.withResolvers<AbortSignal>();
  bind(app, {
    routes: { ask },
    handlers: {
      ask: async ({ signal }) => {
        asked.resolve(signal);
        await setTimeout(afterMs, undefined, { ref: false });
        return {};
      },
    },
    door: {
      callerOf: async () => ({ id: 'owner', permissions: 'all' }),
      resolveProject: async (name) => ({ id: name, name }),
      gate: openGate,
      checkAnswers: true,
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/ask`, signal: asked.promise };
};

test('a handler hears of a caller who goes away', async (t) => {
  const { url, signal } = await listening(t, 60_000);
  const leaving = new AbortController();
  const answer = fetch(url, { signal: leaving.signal }).catch(() => {});
  const given = await signal;
  assert.equal(given.aborted, false);
  leaving.abort();
  await Promise.all([answer, given.aborted || once(given, 'abort')]);
});

test('a caller who has the answer has not gone away', async (t) => {
  const { url, signal } = await listening(t, 0);
  const response = await fetch(url, { headers: { connection: 'close' } });
  assert.equal(response.status, 200);
  await response.text();
  await setTimeout(20);
  assert.equal((await signal).aborted, false);
});
