import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Permission } from '@boucle/contract';
import type { ApiError } from '@boucle/sdk';
import { databases } from '../../src/testing/databases.ts';
import { entryOf, routeCalled, routes } from './per-route.ts';
import { properCalls } from './proper-calls.ts';
import { type Refusal, refusals } from './refusals/index.ts';
import { type Given, type Got, jsonOf, problemOf, requestOf, send } from './send.ts';
import { maxBody, openStage, type Stage } from './stage.ts';

const permissions = [...new Set(routes.map(([, { permission }]) => permission))];

for (const database of Object.keys(databases) as (keyof typeof databases)[]) {
  describe(`the contract, on ${database}`, () => {
    let stage: Stage;
    before(async () => {
      stage = await openStage(database);
    });
    after(() => stage.close());

    const given = (name: string): Given | Promise<Given> => entryOf<() => Given | Promise<Given>>(properCalls(stage), name)();
    /** Sends it as somebody who may only this. */
    const sendAs = async (allowed: readonly Permission[], name: string): Promise<Got> => {
      const input = await given(name);
      stage.door.caller = { id: 'narrow', permissions: allowed };
      try {
        return await send(stage.address, requestOf(routeCalled(name), input));
      } finally {
        stage.door.caller = undefined;
      }
    };

    for (const [name, route] of routes) {
      test(`${name} answers whoever may ${route.permission}, and nobody else`, async () => {
        const answered = await sendAs([route.permission], name);
        const statuses = route.kind === 'download' ? [200, 206] : [route.status ?? 200];
        assert.ok(statuses.includes(answered.status), answered.bytes.toString());
        const refused = await sendAs(
          permissions.filter((one) => one !== route.permission),
          name,
        );
        assert.deepEqual(
          [refused.status, problemOf(refused).reason, problemOf(refused).details],
          [403, 'missing_permission', { permission: route.permission }],
        );
      });
    }

    for (const [name, { errors }] of routes) {
      for (const code of errors) {
        test(`${name} refuses with ${code}`, async () => {
          const [reason, call] = entryOf<Record<string, Refusal>>(refusals(stage), name)[code]!;
          await assert.rejects(call(), (error: ApiError) => {
            assert.deepEqual([error.code, error.reason], [code, reason], error.message);
            return true;
          });
        });
      }
    }
    void maxBody;
    void jsonOf;
  });
}
