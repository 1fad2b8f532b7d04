import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryOf, routes } from '../per-route.ts';
import { properCalls } from '../proper-calls.ts';
import { type Given, requestOf, send } from '../send.ts';
import { project, type Stage, token } from '../stage.ts';

/** What was once a secret is in no answer and in no line of the log. */
export const secrecyTests = (stage: () => Stage): void => {
  test('no answer and no log holds a secret', async () => {
    const { address, client, log } = stage();
    const secret = 'correct-horse-battery';
    const named = { params: { project, name: 'guarded' } };
    await client.secrets.set({ ...named, body: { value: secret } });
    const said: string[] = [];
    for (const [name, route] of routes) {
      const given = await entryOf<() => Given | Promise<Given>>(properCalls(stage()), name)();
      const { headers, bytes } = await send(address, requestOf(route, given));
      said.push(JSON.stringify(headers), bytes.toString());
    }
    const bearer = { authorization: `Bearer ${token}` };
    const refusedWith = async (headers: Record<string, string>, body: string) => {
      const path = `/api/v1/projects/${project}/secrets/guarded`;
      const got = await send(address, { method: 'PUT', path, headers: { 'content-type': 'application/json', ...headers }, body });
      assert.ok(got.status >= 400);
      said.push(JSON.stringify(got.headers), got.bytes.toString());
    };
    await refusedWith(bearer, JSON.stringify({ value: [secret] }));
    await refusedWith(bearer, JSON.stringify({ value: secret, values: secret }));
    await refusedWith(bearer, `{"value":"${secret}"`);
    await refusedWith({ authorization: `Bearer ${token}x` }, '{}');
    assert.deepEqual(
      [...said, ...log].filter((text) => text.includes(secret) || text.includes(token)),
      [],
    );
    await client.secrets.remove(named);
    assert.ok(!JSON.stringify(await client.secrets.list({ params: { project } })).includes('guarded'));
  });
};
