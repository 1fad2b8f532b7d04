import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallOptions } from '@boucle/sdk';
import { channel } from '../an-alert.ts';
import { entryOf, routes } from '../per-route.ts';
import { aNewName } from '../names.ts';
import { properCalls } from '../proper-calls.ts';
import { endpoint, project, type Stage } from '../stage.ts';

const params = { project };
const query = { limit: 500 };
type Answer = { readonly id?: string; readonly pipelineRunId?: string };
const idOf = ({ id, pipelineRunId }: Answer): string => (id ?? pipelineRunId)!;

/** How many there are of what each of these starts. */
const counts = ({ client }: Stage): Readonly<Record<string, () => Promise<{ readonly items: readonly object[] }>>> => ({
  'runs.create': () => client.runs.list({ params, query }),
  'runs.reproduce': () => client.pipelineRuns.list({ params, query }),
  'pipelines.run': () => client.pipelineRuns.list({ params, query }),
  'retrainings.start': () => client.retrainings.list({ params, query }),
  'triggers.fire': () => client.pipelineRuns.list({ params, query }),
  'rollouts.start': () => client.rollouts.list({ params, query }),
  'silences.create': () => client.silences.list({ params, query }),
  'channels.test': () => client.notifications.list({ params, query: { ...query, channel: channel.name } }),
  'endpoints.deploy': () => client.endpoints.deployments({ params: { ...params, endpoint }, query }),
});

/** Of what runs one at a time, the first one ends before the next begins. */
const makeRoom = async ({ client }: Stage, name: string, id: string): Promise<void> => {
  if (name === 'rollouts.start') await client.rollouts.rollBack({ params: { ...params, rolloutId: id }, body: { reason: 'enough seen' } });
};

/** What starts something starts it once for a key, however often and however fast it is asked. */
export const idempotencyTests = (stage: () => Stage): void => {
  const idempotent = routes.filter(([, route]) => route.idempotent).map(([name]) => name);

  test('every route that takes an Idempotency-Key is known here', () => {
    assert.deepEqual(Object.keys(counts(stage())).sort(), [...idempotent].sort());
  });

  for (const name of idempotent) {
    test(`${name} starts one thing for one Idempotency-Key`, async () => {
      const input = await entryOf<() => object | Promise<object>>(properCalls(stage()), name)();
      const call = entryOf<(input: object, options?: CallOptions) => Promise<Answer>>(stage().client, name);
      const count = async () => (await counts(stage())[name]!()).items.length;
      const before = await count();

      const idempotencyKey = aNewName();
      const first = idOf(await call(input, { idempotencyKey }));
      assert.equal(idOf(await call(input, { idempotencyKey })), first);
      assert.equal(await count(), before + 1);

      await makeRoom(stage(), name, first);
      const atOnce = { idempotencyKey: aNewName() };
      const ids = (await Promise.all(Array.from({ length: 8 }, () => call(input, atOnce)))).map(idOf);
      assert.equal(new Set(ids).size, 1);
      assert.notEqual(ids[0], first);
      assert.equal(await count(), before + 2);

      await assert.rejects(call(input, { idempotencyKey: 'x'.repeat(201) }), { code: 'invalid_request', reason: 'bad_idempotency_key' });
      assert.equal(await count(), before + 2);
    });
  }

  test('the same key in another project starts another thing', async () => {
    const { client } = stage();
    const options = { idempotencyKey: aNewName() };
    const here = await client.runs.create({ params, body: {} }, options);
    const there = await client.runs.create({ params: { project: 'default' }, body: {} }, options);
    assert.notEqual(here.id, there.id);
    await client.runs.finish({ params: { ...params, runId: here.id }, body: { status: 'finished' } });
    assert.equal((await client.runs.create({ params, body: {} }, options)).id, here.id);
  });
};
