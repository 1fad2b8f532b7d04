import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '@boucle/contract';
import fc from 'fast-check';
import { databases } from '../../../src/testing/databases.ts';
import { entryOf, routes } from '../per-route.ts';
import { properCalls } from '../proper-calls.ts';
import { type Given, requestOf, type Sent, send } from '../send.ts';
import { endpoint, openStage, project, type Stage } from '../stage.ts';
import { edited, type Edit, edits } from './edits.ts';
import { valuesOf } from './from-schema.ts';
import { jsonTextOf } from './hostile.ts';
import { judge, judgeRefusal, shown } from './judge.ts';
import { type Twist, twists } from './transport.ts';

const seed = Number(process.env['BOUCLE_TEST_SEED'] ?? Date.now() % 2 ** 31);
console.log(`Seed: BOUCLE_TEST_SEED=${seed}`);
/** How long one route is asked, at most, and how often. */
const msEach = 250;
const times = 60;
/** What these start takes long. */
const slow: Readonly<Record<string, number>> = {
  'pipelines.run': 12,
  'runs.reproduce': 4,
  'endpoints.deploy': 12,
  'pipelineRuns.cancel': 6,
};

/** What a request is made of: an input that is proper and then changed, or one that only the schemas know. */
interface Attempt {
  readonly changes: { readonly params: readonly Edit[]; readonly query: readonly Edit[]; readonly body: readonly Edit[] };
  readonly made: Given | undefined;
  readonly twist: Twist;
}
const maybe = <T>(arbitrary: fc.Arbitrary<readonly T[]>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<readonly T[]>([]) }, { weight: 1, arbitrary });
const attemptsAt = ({ params, query, ...rest }: Route): fc.Arbitrary<Attempt> => {
  const body = rest.kind === 'json' ? rest.body : undefined;
  const made = fc.record({
    ...(params && { params: valuesOf(params) }),
    ...(query && { query: valuesOf(query) }),
    ...(body && { body: valuesOf(body) }),
  }) as fc.Arbitrary<Given>;
  return fc.record({
    changes: fc.record({ params: maybe(edits), query: maybe(edits), body: fc.oneof(edits, fc.constant([])) }),
    made: fc.option(made, { nil: undefined, freq: 2 }),
    twist: twists,
  });
};

/** Those of the project that lives, so that most requests come further than the door. */
const inputOf = (proper: Given, { changes, made }: Attempt): Given => {
  const { params, query, body, data } = made ? { ...proper, ...made, params: { ...made.params, project } } : proper;
  return {
    ...(params && { params: edited(params, changes.params) as Given['params'] & object }),
    ...(query && { query: edited(query, changes.query) as Given['query'] & object }),
    ...(body !== undefined && { body: edited(body, changes.body) }),
    ...(data !== undefined && { data: textOf(edited(data, changes.body)) }),
  };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : jsonTextOf(value));

const sentTo = (route: Route, given: Given): Sent => {
  const sent = requestOf(route, {
    ...given,
    params: isRecord(given.params) ? given.params : {},
    query: isRecord(given.query) ? given.query : {},
  });
  return route.kind === 'upload' || given.body === undefined ? sent : { ...sent, body: jsonTextOf(given.body) };
};
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

for (const database of Object.keys(databases) as (keyof typeof databases)[]) {
  describe(`whatever is sent, on ${database}`, () => {
    let stage: Stage;
    let requests = 0;
    before(async () => {
      stage = await openStage(database);
    });
    after(async () => {
      console.log(`${requests} requests on ${database}`);
      await stage.close();
    });

    const ask = async (sent: Sent) => {
      requests += 1;
      try {
        return await send(stage.address, sent);
      } catch (error) {
        throw new Error(`No answer (${(error as Error).message}) to ${shown(sent)}`, { cause: error });
      }
    };
    const healthy = async () => assert.equal((await ask({ method: 'GET', path: '/healthz', headers: {} })).status, 200);

    for (const [name, route] of routes) {
      test(name, async () => {
        const proper = entryOf<() => Given | Promise<Given>>(properCalls(stage), name);
        await fc.assert(
          fc.asyncProperty(attemptsAt(route), async (attempt) => {
            const plain = sentTo(route, inputOf(await proper(), attempt));
            const sent = attempt.twist.twist(plain);
            const got = await ask(sent);
            judge(sent, got);
            if (sent.method === plain.method && sent.path === plain.path) judgeRefusal(route, sent, got);
          }),
          { seed, numRuns: slow[name] ?? times, interruptAfterTimeLimit: msEach * 4, markInterruptAsFailure: false },
        );
        await healthy();
      });
    }
    void sleep;
    void connect;
    void endpoint;
  });
}
