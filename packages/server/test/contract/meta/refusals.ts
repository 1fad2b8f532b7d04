import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { errorCodes, type ErrorCode, type Problem } from '@boucle/contract';
import type { ApiError } from '@boucle/sdk';
import { entryOf, routes } from '../per-route.ts';
import { properCalls } from '../proper-calls.ts';
import { type Refusal, refusals } from '../refusals/index.ts';
import { type Given, problemOf, requestOf, type Sent, send } from '../send.ts';
import { maxBody, type Stage } from '../stage.ts';

/** Every error that a route declares, and every one that its shape implies, is met. */
export const refusalTests = (stage: () => Stage): void => {
  for (const [name, { errors }] of routes) {
    for (const code of errors) {
      test(`${name} refuses with ${code}`, async () => {
        const [reason, call] = entryOf<Record<string, Refusal>>(refusals(stage()), name)[code]!;
        await assert.rejects(call(), (error: ApiError) => {
          assert.deepEqual([error.code, reason && error.reason], [code, reason], error.message);
          return true;
        });
      });
    }
    test(`of ${name} no other errors are awaited`, () => {
      assert.deepEqual(Object.keys(entryOf(refusals(stage()), name)).sort(), [...errors].sort());
    });
  }

  test('every reason that is awaited is in the docs', async () => {
    const page = await readFile(path.join(import.meta.dirname, '../../../../../docs/reference/errors.md'), 'utf8');
    const awaited = routes.flatMap(([name]) => Object.values(entryOf<Record<string, Refusal>>(refusals(stage()), name)));
    const unknown = awaited.flatMap(([reason]) => (reason === undefined || page.includes(`| \`${reason}\` |`) ? [] : [reason]));
    assert.deepEqual(unknown, []);
  });

  const refused = async (sent: Sent, code: ErrorCode): Promise<Problem> => {
    const got = await send(stage().address, sent);
    const problem = problemOf(got);
    assert.deepEqual([problem.code, problem.status, got.status], [code, errorCodes[code].status, errorCodes[code].status], problem.detail);
    assert.equal(problem.requestId, got.headers['x-request-id']);
    return problem;
  };

  for (const [name, route] of routes) {
    test(`${name} refuses what its shape implies`, async () => {
      const proper = await entryOf<() => Given | Promise<Given>>(properCalls(stage()), name)();
      const sent = (given: Given) => requestOf(route, { ...proper, ...given });
      const plain = sent({});
      const known = await send(stage().address, {
        ...plain,
        headers: { ...plain.headers, authorization: 'Bearer wrong' },
        body: 'nonsense',
      });
      assert.deepEqual([known.status, problemOf(known).reason], [401, 'unknown_token']);
      if (route.params && 'project' in route.params.properties) {
        assert.equal((await refused(sent({ params: { ...proper.params, project: 'nobody' } }), 'not_found')).details['what'], 'project');
        await pointsAt('/params/project', sent({ params: { ...proper.params, project: 'a b' } }));
      }
      if (route.query) await pointsAt('/query/limmit', sent({ query: { ...proper.query, limmit: 1 } }));
      if (route.kind !== 'json' || route.method === 'GET') return;
      if (route.body) await pointsAt('/body/boddy', sent({ body: { ...(proper.body as object), boddy: 1 } }));
      if (route.body) await refused({ ...plain, body: '{"name":' }, 'invalid_request');
      const large = { ...plain, headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(maxBody)}"` };
      await refused(large, 'too_large');
    });
  }
  const pointsAt = async (pointer: string, sent: Sent): Promise<void> => {
    const { reason, details } = await refused(sent, 'invalid_request');
    const issues = details['issues'] as readonly { readonly pointer: string }[];
    assert.deepEqual([reason, issues.map((issue) => issue.pointer)], ['schema_mismatch', [pointer]]);
  };

  test('a fault of ours says nothing of itself, and its id finds it in the log', async () => {
    const { log, clientWith } = stage();
    const broken = clientWith({ secrets: { list: () => Promise.reject(new Error('at line 7 of a secret file')) } as never });
    await assert.rejects(broken.secrets.list({ params: { project: 'default' } }), (error: ApiError) => {
      assert.deepEqual([error.code, error.status, error.reason], ['internal', 500, undefined]);
      assert.doesNotMatch(error.message, /line 7/);
      assert.ok(log.some((line) => line.includes(error.requestId!) && line.includes('line 7')));
      return true;
    });
  });
};
