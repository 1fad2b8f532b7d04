import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineLayout, type LineSpec, nearest } from './line-layout.ts';

const aSpec = (change: Partial<LineSpec> = {}): LineSpec => ({
  x: [0, 1, 2, 3],
  lines: [{ name: 'accuracy', ink: 'baseline', values: [0.8, null, 0.7, 0.75] }],
  ...change,
});

test('a gap is never joined', () => {
  const [line] = lineLayout(aSpec(), 600, 200).lines;
  assert.equal(line?.path.match(/M/g)?.length, 2);
});

test('a stepped line goes across before it goes up', () => {
  const [line] = lineLayout(aSpec({ lines: [{ name: 'share', ink: 'ok', values: [0, 1, 1, 2], isStepped: true }] }), 600, 200).lines;
  assert.match(line?.path ?? '', /^M[\d. ]+H[\d.]+V/);
});

test('a band is closed on each side of a gap', () => {
  const [band] = lineLayout(
    aSpec({ bands: [{ ink: 'baseline', low: [0.7, null, 0.6, 0.6], high: [0.9, null, 0.8, 0.8] }] }),
    600,
    200,
  ).bands;
  assert.equal(band?.path.match(/Z/g)?.length, 2);
});

test('thresholds are part of the picture, however far from the line', () => {
  const layout = lineLayout(aSpec({ thresholds: [{ value: 40, label: 'far', ink: 'quiet' }] }), 600, 200);
  assert.ok(layout.thresholds.every(({ at }) => at >= layout.plot.top && at <= layout.plot.bottom));
});

test('of two thresholds that lie near each other one has its word below', () => {
  const thresholds = [
    { value: 0.75, label: 'a', ink: 'quiet' as const },
    { value: 0.749, label: 'b', ink: 'quiet' as const },
  ];
  assert.deepEqual(
    lineLayout(aSpec({ thresholds }), 600, 200).thresholds.map(({ label, isBelow }) => [label, isBelow]),
    [
      ['a', false],
      ['b', true],
    ],
  );
});

test('nothing to draw has an empty picture, not a broken one', () => {
  const layout = lineLayout({ x: [], lines: [{ name: 'none', ink: 'ok', values: [] }] }, 600, 200);
  assert.equal(layout.lines[0]?.path, '');
  assert.doesNotMatch(JSON.stringify(layout), /null|NaN/);
});

test('the nearest point is found from either side', () => {
  assert.deepEqual(
    [-5, 14, 16, 99].map((x) => nearest([0, 10, 20, 30], x)),
    [0, 1, 2, 3],
  );
});
