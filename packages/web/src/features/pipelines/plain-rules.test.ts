import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '@boucle/contract';
import fc from 'fast-check';
import { layerLayout } from './layer-layout.ts';
import { firstError, linesOf } from './log-lines.ts';
import { paramFields, paramValues } from './param-fields.ts';
import { inputNode, neighbourOf, planGraph } from './plan-graph.ts';

const aPlan = (steps: Readonly<Record<string, readonly string[]>>, params: object = {}): Plan =>
  ({
    format: 'boucle.plan/1',
    pipeline: 'training',
    params,
    inputs: { data: { dataset: 'examples' } },
    outputs: {},
    on: [],
    steps: Object.entries(steps).map(([id, from]) => ({
      id,
      step: id,
      code: { module: 'a.ts' },
      codeDigest: `blob:${'0'.repeat(64)}`,
      ports: { inputs: {}, outputs: {} },
      inputs: { data: from.map((one) => (one === 'data' ? { from: 'input', name: one } : { from: 'step', id: one, output: 'out' })) },
      params: {},
      secrets: [],
      options: {},
    })),
  }) as unknown as Plan;

test('a step stands behind all it needs, and nothing stands on anything', () => {
  const { nodes, edges, layers } = planGraph(aPlan({ split: ['data'], train: ['split'], evaluate: ['train', 'split'], note: [] }));
  const at = new Map(nodes.map((node) => [node.id, node]));
  assert.deepEqual([at.get(inputNode('data'))?.layer, at.get('train')?.layer, at.get('evaluate')?.layer, layers], [0, 2, 3, 4]);
  assert.deepEqual(edges.length, 4);
  assert.equal(new Set(nodes.map(({ layer, row }) => `${layer} ${row}`)).size, nodes.length);
});

test('whatever the plan, every line goes forward', () => {
  const plans = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 40 });
  fc.assert(
    fc.property(plans, (needs) => {
      const nodes = needs.map((some, i) => ({ id: `s${i}`, after: i === 0 ? [] : [...new Set(some.map((one) => `s${one % i}`))] }));
      const places = layerLayout(nodes);
      for (const { id, after } of nodes) for (const one of after) assert.ok(places.get(one)!.layer < places.get(id)!.layer);
      assert.equal(new Set([...places.values()].map(({ layer, row }) => `${layer} ${row}`)).size, nodes.length);
    }),
  );
});

test('arrow keys walk along the graph, and stop at its ends', () => {
  const graph = planGraph(aPlan({ a: ['data'], b: ['data'], c: ['a', 'b'] }));
  assert.equal(neighbourOf(graph, inputNode('data'), 'ArrowRight'), 'a');
  assert.equal(neighbourOf(graph, 'a', 'ArrowDown'), 'b');
  assert.equal(neighbourOf(graph, 'b', 'ArrowRight'), 'c');
  assert.equal(neighbourOf(graph, 'c', 'ArrowRight'), undefined);
  assert.equal(neighbourOf(graph, 'c', 'Enter'), undefined);
});

test('the log opens at the first line that tells of an error', () => {
  assert.equal(firstError(['reading', 'Traceback (most recent call last):', 'ValueError: x']), 1);
  assert.equal(firstError(['terror', 'TypeError: no']), 1);
  assert.equal(firstError(['all is well']), undefined);
  assert.deepEqual(linesOf('\u001b[31mred\u001b[0m\r\n\nlast\n'), ['red', '', 'last']);
});

test('a form asks for what the schema has, and sends what was said', () => {
  const plan = aPlan(
    {},
    {
      properties: {
        seed: { type: 'integer', default: 7 },
        mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
        note: { type: 'string' },
        grid: { type: 'object', default: { a: 1 } },
      },
      required: ['note'],
    },
  );
  const fields = paramFields(plan, { mode: 'slow' });
  assert.deepEqual(
    fields.map(({ name, kind, value, isRequired }) => [name, kind, value, isRequired]),
    [
      ['seed', 'integer', '7', false],
      ['mode', 'choice', 'slow', false],
      ['note', 'text', '', true],
      ['grid', 'json', '{"a":1}', false],
    ],
  );
  assert.deepEqual(paramValues(fields, { seed: '8', note: '"8"' }), { seed: 8, mode: 'slow', note: '"8"', grid: { a: 1 } });
  assert.deepEqual(paramValues(fields, { seed: '', grid: '{' }), { mode: 'slow', grid: '{' });
});
