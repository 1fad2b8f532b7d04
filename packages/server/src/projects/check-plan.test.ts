import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlannedStep } from '@boucle/contract';
import fc from 'fast-check';
import { aConsumer, aManifest, aStep } from '../testing/a-manifest.ts';
import { checkPlan } from './check-plan.ts';

const aPlan = (steps: PlannedStep[], more: Partial<Plan> = {}): Plan => ({ ...aManifest({}, steps).pipelines[0]!, ...more });
const refused = (plan: Plan, reason: string, message: RegExp): void =>
  assert.throws(() => checkPlan(plan), { code: 'invalid_request', reason, message }, reason);

test('a plan whose references lead backwards to what fits is taken', () => {
  const merge = aStep('merge', {
    ports: { inputs: { parts: { kind: 'table', many: true } }, outputs: { report: { kind: 'value' } } },
    inputs: {
      parts: [
        { from: 'step', id: 'a', output: 'out' },
        { from: 'input', name: 'tweets' },
      ],
    },
    params: { seed: { from: 'param', name: 'seed' }, C: { value: 1 } },
  });
  checkPlan(
    aPlan([aConsumer('a', 'tweets'), aConsumer('b', 'a'), merge], { outputs: { report: { from: 'step', id: 'merge', output: 'report' } } }),
  );
});

test('a param whose name no Run takes is refused with its place', () => {
  const named = (name: string) => aPlan([{ ...aStep('a'), params: { [name]: { value: 1 } } }]);
  for (const name of ['max/../etc', '../up', '', 'a\0b', 'x'.repeat(251)])
    refused(named(name), 'bad_param_name', /param ".*" of step "a"/s);
  checkPlan(named('max_df:share/α 1'));
  refused(aPlan([], { params: { type: 'object', properties: { '..': {} } } }), 'bad_param_name', /its param "\.\."/);
});

test('a circle is named step by step', () => {
  refused(aPlan([aConsumer('a', 'c'), aConsumer('b', 'a'), aConsumer('c', 'b')]), 'plan_cycle', /a → c → b → a/);
  refused(aPlan([aConsumer('a', 'a')]), 'plan_cycle', /a → a/);
});

test('a reference that leads nowhere, forward or to something else is named with its place', () => {
  const [a] = [aConsumer('a', 'tweets')];
  const inputs = (data: PlannedStep['inputs'][string]) => aPlan([a, aConsumer('b', 'a', { inputs: { data } })]);
  refused(aPlan([a, a]), 'step_doubled', /"a"/);
  refused(aPlan([aConsumer('b', 'a'), a]), 'plan_out_of_order', /"data" of step "b".*"a"/);
  refused(inputs([{ from: 'step', id: 'x', output: 'out' }]), 'unknown_step', /"x"/);
  refused(inputs([{ from: 'step', id: 'a', output: 'nope' }]), 'unknown_output', /"nope" of step "a"/);
  refused(inputs([{ from: 'input', name: 'nope' }]), 'missing_input', /"nope"/);
  refused(inputs([{ from: 'param', name: 'seed' }]), 'port_mismatch', /seed/);
  refused(inputs([]), 'missing_input', /"data" of step "b" is given nothing/);
  refused(
    inputs([
      { from: 'input', name: 'tweets' },
      { from: 'input', name: 'tweets' },
    ]),
    'too_many_inputs',
    /one thing, not 2/,
  );
  refused(aPlan([a, aConsumer('b', 'a', { inputs: {} })]), 'missing_input', /given nothing/);
  refused(aPlan([{ ...a, inputs: { ...a.inputs, more: [] } }]), 'unknown_input', /no input "more"/);
});

test('a port takes its own kind alone', () => {
  const model = aStep('train', { ports: { inputs: {}, outputs: { out: { kind: 'model' } } } });
  refused(aPlan([model, aConsumer('b', 'train')]), 'port_mismatch', /takes a table, and is given a model/);
});

test('a param is a value, or a parameter that the pipeline has', () => {
  const withParam = (seed: PlannedStep['params'][string]) => aPlan([aConsumer('a', 'tweets', { params: { seed } })]);
  checkPlan(withParam({ from: 'param', name: 'seed' }));
  refused(withParam({ from: 'param', name: 'constructor' }), 'unknown_param', /"constructor"/);
  refused(withParam({ from: 'input', name: 'tweets' }), 'port_mismatch', /takes a value/);
  refused(aPlan([aConsumer('a', 'tweets')], { params: { type: 'string' } }), 'bad_params_schema', /JSON Schema of an object/);
  refused(aPlan([aConsumer('a', 'tweets')], { params: null }), 'bad_params_schema', /JSON Schema of an object/);
});

test('a param may be the value that an earlier step puts out, and no table', () => {
  const found = (kind: 'value' | 'table') => aStep('search', { ports: { inputs: {}, outputs: { best: { kind } } } });
  const user = aConsumer('a', 'tweets', { params: { seed: { from: 'step', id: 'search', output: 'best' } } });
  checkPlan(aPlan([found('value'), user]));
  refused(aPlan([found('table'), user]), 'port_mismatch', /param "seed" of step "a" takes a value, and is given a table/);
  refused(aPlan([user, found('value')]), 'plan_out_of_order', /stands later/);
});

test('a list may be empty, where it is said to be one', () => {
  const step = (given: PlannedStep['inputs']) =>
    aConsumer('a', 'tweets', { ports: { inputs: { data: { kind: 'value', many: true } }, outputs: {} }, inputs: given });
  checkPlan(aPlan([step({ data: [] })]));
  refused(aPlan([step({})]), 'missing_input', /given nothing/);
});

test('an effect that the server does not know is refused', () => {
  refused(aPlan([aConsumer('a', 'tweets', { code: { effect: 'launch' } })]), 'unknown_effect', /"launch"; known are: register/);
});

test('an output of a pipeline is the output of a step', () => {
  const steps = [aConsumer('a', 'tweets')];
  refused(aPlan(steps, { outputs: { best: { from: 'step', id: 'a', output: 'nope' } } }), 'unknown_output', /nope/);
  refused(aPlan(steps, { outputs: { best: { from: 'param', name: 'seed' } } }), 'unknown_output', /best/);
  refused(aPlan(steps, { outputs: { best: { from: 'input', name: 'constructor' } } }), 'unknown_output', /best/);
});

test('steps in any order are taken exactly if each comes after what it reads', () => {
  const chains = fc.integer({ min: 1, max: 7 }).chain((n) =>
    fc.tuple(
      fc.array(fc.nat(), { minLength: n, maxLength: n }),
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n },
      ),
    ),
  );
  fc.assert(
    fc.property(chains, ([before, order]) => {
      const source = (i: number): string => (i === 0 ? 'tweets' : `s${before[i]! % i}`);
      const steps = order.map((i) => aConsumer(`s${i}`, source(i)));
      const place = new Map(steps.map(({ id }, at) => [id, at]));
      const isOrdered = order.every((i, at) => (place.get(source(i)) ?? -1) < at);
      if (isOrdered) checkPlan(aPlan(steps));
      else refused(aPlan(steps), 'plan_out_of_order', /stands later/);
    }),
  );
});
