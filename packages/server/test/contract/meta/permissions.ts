import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Permission } from '@boucle/contract';
import { entryOf, routeCalled, routes } from '../per-route.ts';
import { properCalls } from '../proper-calls.ts';
import { type Given, type Got, problemOf, requestOf, send } from '../send.ts';
import type { Stage } from '../stage.ts';

const permissions = [...new Set(routes.map(([, { permission }]) => permission))];

/** A permission is what a route wants, all that it wants, and named like all others. */
export const permissionTests = (stage: () => Stage): void => {
  /** As somebody who may this and nothing else. */
  const sendAs = async (allowed: readonly Permission[], name: string): Promise<Got> => {
    const { address, door } = stage();
    const input = await entryOf<() => Given | Promise<Given>>(properCalls(stage()), name)();
    door.caller = { id: 'narrow', permissions: allowed };
    try {
      return await send(address, requestOf(routeCalled(name), input));
    } finally {
      door.caller = undefined;
    }
  };

  for (const [name, { permission, status = 200 }] of routes) {
    test(`${name} answers whoever may ${permission}, and nobody else`, async () => {
      assert.match(permission, /^[a-z]+:[a-z]+$/);
      const answered = await sendAs([permission], name);
      assert.equal(answered.status, status, answered.bytes.toString());
      assert.match(String(answered.headers['x-request-id']), /^[0-9a-f]{32}$/);
      const others = permissions.filter((one) => one !== permission);
      const { status: refused, reason, details } = problemOf(await sendAs(others, name));
      assert.deepEqual([refused, reason, details], [403, 'missing_permission', { permission }]);
    });
  }
};
