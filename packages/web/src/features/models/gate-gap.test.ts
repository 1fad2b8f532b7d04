import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateVerdict } from '@boucle/contract';
import { gapsOf } from './gate-gap.ts';

const aVerdict = (value: number | null, interval: [number, number] | null): GateVerdict => ({
  gate: 'accuracy at least 0.9',
  verdict: 'failed',
  value,
  interval,
  message: '',
});

test('a gate that failed is missed by the bound less the value, and at least by the bound less the kindest end', () => {
  const [low] = gapsOf([{ metric: 'accuracy', atLeast: 0.75 }], [aVerdict(0.5, [0.25, 0.625])]);
  assert.deepEqual(low, { bound: 0.75, value: 0.25, atLeast: 0.125 });
  const [high] = gapsOf([{ metric: 'brier', atMost: 0.25 }], [aVerdict(0.5, [0.375, 0.75])]);
  assert.deepEqual(high, { bound: 0.25, value: 0.25, atLeast: 0.125 });
});

test('an interval that reaches over the bound has a gap below zero', () => {
  const [open] = gapsOf([{ metric: 'accuracy', atLeast: 0.5 }], [aVerdict(0.5, [0.25, 0.75])]);
  assert.equal(open?.atLeast, -0.25);
});

test('a gate with two bounds has two verdicts, and no worse than the champion is held against the margin', () => {
  const verdicts = [aVerdict(0.5, [0.5, 0.5]), aVerdict(0.5, [0.5, 0.5]), aVerdict(-0.5, [-0.5, -0.25])];
  const gaps = gapsOf(
    [
      { metric: 'f1', atLeast: 0.25, atMost: 0.75 },
      { metric: 'f1', noWorseThan: 'champion', margin: 0.125 },
    ],
    verdicts,
  );
  assert.deepEqual(
    gaps.map((gap) => gap?.value),
    [-0.25, -0.25, 0.375],
  );
});

test('what is not known, or was judged by other gates, has no gap', () => {
  assert.deepEqual(gapsOf([{ metric: 'f1', atLeast: 0.5 }], [aVerdict(null, null)]), [undefined]);
  assert.deepEqual(gapsOf([], [aVerdict(0.5, [0.5, 0.5])]), [undefined]);
  assert.deepEqual(gapsOf([{ metric: 'f1' }], [aVerdict(0.5, [0.5, 0.5])]), [undefined]);
});
