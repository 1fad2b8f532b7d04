import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedStep, Plan, StepStatus } from '@boucle/contract';
import fc from 'fast-check';
import { dependenciesOf, endOf, hopelessSteps, readySteps } from './plan-order.ts';

const step = (id: string, after: readonly string[]): PlannedStep => ({
  id,
  step: id,
  code: { module: 'x.ts' },
  codeDigest: `blob:${'0'.repeat(64)}`,
  ports: { inputs: {}, outputs: {} },
  inputs: { data: after.map((from) => ({ from: 'step' as const, id: from, output: 'data' })) },
  params: {},
  secrets: [],
  options: {},
});
const plan = (steps: readonly PlannedStep[]): Plan => ({
  format: 'boucle.plan/1',
  pipeline: 'p',
  params: {},
  inputs: {},
  steps: [...steps],
  outputs: {},
  on: [],
});
/** Each step takes some of those before it. */
const anyPlan = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc
      .tuple(...Array.from({ length: size }, (_, i) => fc.subarray(Array.from({ length: i }, (_, j) => `s${j}`))))
      .map((afters) => plan(afters.map((after, i) => step(`s${i}`, after)))),
  );

test('in any plan, carrying out what is ready comes to the end, and nothing runs before what it takes', () => {
  fc.assert(
    fc.property(anyPlan, fc.infiniteStream(fc.boolean()), (made, choices) => {
      const statuses = new Map<string, StepStatus>(made.steps.map(({ id }) => [id, 'waiting']));
      for (let turns = 0; endOf(statuses) === undefined; turns++) {
        assert.ok(turns <= made.steps.length, 'it stands still');
        for (const { id } of hopelessSteps(made, statuses)) statuses.set(id, 'cancelled');
        for (const ready of readySteps(made, statuses)) {
          assert.ok(dependenciesOf(ready).every((id) => statuses.get(id) === 'succeeded'));
          statuses.set(ready.id, choices.next().value ? 'succeeded' : 'failed');
        }
      }
      const all = [...statuses.values()];
      assert.equal(endOf(statuses), all.includes('failed') ? 'failed' : 'succeeded');
    }),
  );
});

test('after a failure what depends on it is hopeless, and its neighbours go on', () => {
  const made = plan([step('a', []), step('b', ['a']), step('c', [])]);
  const statuses = new Map<string, StepStatus>([
    ['a', 'failed'],
    ['b', 'waiting'],
    ['c', 'waiting'],
  ]);
  assert.deepEqual(
    hopelessSteps(made, statuses).map(({ id }) => id),
    ['b'],
  );
  assert.deepEqual(
    readySteps(made, statuses).map(({ id }) => id),
    ['c'],
  );
});
