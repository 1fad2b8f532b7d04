import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aVerdict } from '../../testing/a-rollout.ts';
import { type EvidenceNames, evidenceSpec, oddsOf, ratioRange, type Shown } from './evidence-chart.ts';

const names: EvidenceNames = {
  rollback: 'worse',
  promote: 'good enough',
  bound: (which, odds) => `${which} ${Math.round(odds)}`,
  share: (share) => `${share * 100}%`,
  decided: 'decided',
};
const point = (seq: number, share: number, promote: number) => ({ seq, at: '2026-03-01T12:00:00Z', share, rollback: -promote, promote });
const shown = (change: Partial<Shown> = {}): Shown => ({
  series: [point(1, 0.1, 0.2), point(2, 0.1, 1), point(3, 0.5, 3.2)],
  bounds: { rollback: Math.log(20), promote: Math.log(20), hold: 1 },
  verdicts: [],
  ...change,
});

test('both lines begin at even odds, before the first event', () => {
  const { x, lines } = evidenceSpec(shown(), names);
  assert.deepEqual([x[0], lines[0]?.values[0], lines[1]?.values[0]], [0, 0, 0]);
});

test('one bound stands for both sides where they are the same', () => {
  assert.deepEqual(
    evidenceSpec(shown(), names).thresholds?.map(({ label }) => label),
    ['both 20'],
  );
  const apart = evidenceSpec(shown({ bounds: { rollback: Math.log(40), promote: Math.log(20), hold: 1 } }), names);
  assert.deepEqual(
    apart.thresholds?.map(({ label }) => label),
    ['rollback 40', 'promote 20'],
  );
});

test('the decision is marked on the line that reached its bound', () => {
  const { marks } = evidenceSpec(shown({ verdicts: [aVerdict({ kind: 'promote', seq: 3 })] }), names);
  const decided = marks?.find(({ isStrong }) => isStrong);
  assert.equal(decided?.x, 3);
  assert.ok(Math.abs((decided?.y ?? 0) - 3.2 / Math.LN10) < 1e-12);
});

test('a decision by hand is marked, and on no line', () => {
  const { marks } = evidenceSpec(shown({ verdicts: [aVerdict({ kind: 'roll_back', seq: 3, by: 'alice' })] }), names);
  const decided = marks?.find(({ isStrong }) => isStrong);
  assert.deepEqual([decided?.x, decided?.y], [3, undefined]);
});

test('the axis has whole powers of ten only', () => {
  const { yTicks } = evidenceSpec(shown(), names);
  assert.deepEqual(yTicks?.([-1.2, 2.1]), [-1, 0, 1, 2]);
  assert.ok((yTicks?.([-40, 60]) ?? []).every((tick) => Number.isInteger(tick)));
  assert.ok((yTicks?.([-40, 60]) ?? []).length < 12);
});

test('odds and ln E are the same thing', () => {
  assert.ok(Math.abs(oddsOf(Math.log(20)) - 20) < 1e-9);
});

test('a ratio is shown around 1, and not without end', () => {
  assert.deepEqual(ratioRange([null]), [0.5, 2]);
  assert.deepEqual(ratioRange([1000, 0]), [1 / 64, 64]);
});
