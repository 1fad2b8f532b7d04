import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import fc from 'fast-check';
import type { Reference } from '../columns/column-reference.ts';
import { createPartCounts, mergeParts, type PartForm, type PartKey } from '../columns/part-counts.ts';
import { aPrediction } from '../../testing/a-prediction.ts';
import { categoryReference, numberReference } from '../reference/collect-column.ts';
import { judgeWindow } from './judge-window.ts';
import type { Policy, WindowFacts } from './window-facts.ts';

const known = { source: 'training', missing: 0 } as const;
const categories = ['a', 'b', 'c', 'd'];
const names = ['x', 'y', 'z', 'kind', 'route'];
type Draw = () => Record<string, unknown>;
const drawFrom =
  (random: ReturnType<typeof createRandom>): Draw =>
  () => ({
    x: random.uniform(),
    y: random.uniform() ** 3,
    z: random.integer(8),
    kind: categories[random.integer(4)],
    route: categories[Math.min(3, random.integer(8))],
  });
const referenceOf = (rows: readonly Record<string, unknown>[]): Reference => {
  const column = (name: string) => {
    const values = rows.map((row) => row[name]);
    if (typeof values[0] === 'number') return numberReference(Float64Array.from(values as number[]), known);
    return categoryReference(
      [...Map.groupBy(values as string[], (value) => value)].map(([value, all]) => [value, all.length] as const),
      known,
    );
  };
  return {
    columns: Object.fromEntries(names.map((name) => [name, column(name)])),
    lacking: {},
    errors: null,
    labels: [],
    calibration: null,
  };
};
const key: PartKey = { variant: 'main', mode: 'live', modelVersionId: 'm', slice: null };
const partOf = (reference: Reference, rows: readonly Record<string, unknown>[]): PartForm => {
  const columns = names.map((name) => ({ name, kind: reference.columns[name]!.kind }));
  const part = createPartCounts(key, { reference, columns, dictionaries: new Map() });
  for (const inputs of rows) part.add(aPrediction({ inputs }));
  return JSON.parse(JSON.stringify(part.form())) as PartForm;
};
const rowsOf = (draw: Draw, count: number): Record<string, unknown>[] => Array.from({ length: count }, draw);
const facts = (parts: readonly PartForm[], more: Partial<WindowFacts> = {}): WindowFacts => ({
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T01:00:00.000Z',
  version: 1,
  parts,
  carried: [],
  labels: [],
  before: null,
  ...more,
});
const policy = (falseAlarms: string, material = 0): Policy => ({
  drift: { falseAlarms, columns: names, material },
  quality: { missing: 0.05, unseen: 0.05, outOfRange: 0.05 },
  kpis: [],
});
const drifted = (judgement: ReturnType<typeof judgeWindow>): string[] =>
  judgement.result.columns.filter(({ verdict }) => verdict === 'drift').map(({ column }) => column);

test('while nothing changes, alarms come no more often than the budget allows, however many columns there are', () => {
  const draw = drawFrom(createRandom(3));
  const windows = 300;
  let alarms = 0;
  for (let i = 0; i < windows; i++) {
    // References differ too: what is promised holds over both.
    const reference = referenceOf(rowsOf(draw, 600));
    // Two windows an hour apart would allow 0.2; a first version spends nine tenths of it.
    alarms += drifted(judgeWindow(facts([partOf(reference, rowsOf(draw, 120))]), { m: reference }, policy('4.8 a day'))).length > 0 ? 1 : 0;
  }
  const [rate, error] = [alarms / windows, Math.sqrt((0.18 * 0.82) / windows)];
  assert.ok(rate < 0.18 + 3 * error && rate > 0.18 - 4 * error, `${rate}`);
});

test('what is significant and too small to matter is no drift, and what may matter and is not sure is none', () => {
  const random = createRandom(5);
  const draw = drawFrom(random);
  const reference = referenceOf(rowsOf(draw, 20_000));
  const shifted = partOf(
    reference,
    rowsOf(() => ({ ...draw(), x: random.uniform() ** 1.08 }), 20_000),
  );
  const judged = (material: number) => judgeWindow(facts([shifted]), { m: reference }, policy('1 a month', material)).result.columns[0]!;
  assert.deepEqual([judged(0).verdict, judged(0).significant, judged(0).material], ['drift', true, true]);
  assert.deepEqual([judged(0.1).verdict, judged(0.1).significant, judged(0.1).material], ['none', true, false]);
  const few = judgeWindow(facts([partOf(reference, rowsOf(draw, 60))]), { m: reference }, policy('1 a month', 0.01)).result.columns[0]!;
  assert.deepEqual([few.verdict, few.material], ['none', true]);
});

test('a reference of one row is not testable, and says why', () => {
  const draw = drawFrom(createRandom(6));
  const reference: Reference = {
    ...referenceOf(rowsOf(draw, 2)),
    columns: {},
    lacking: { x: 'the reference has one row, which nothing can be compared with' },
  };
  const full = referenceOf(rowsOf(draw, 100));
  const { columns } = judgeWindow(facts([partOf(full, rowsOf(draw, 100))]), { m: reference }, policy('1 a month')).result;
  assert.ok(columns.every(({ verdict }) => verdict === 'not testable'));
  assert.match(columns[0]!.why!, /one row/);
});

test('all versions of a window together spend no more than its share', () => {
  const spent = Array.from({ length: 1000 }, (_, i) => {
    const { budget } = judgeWindow(facts([], { version: i + 1 }), {}, policy('1 a month')).result;
    return budget!.alpha;
  }).reduce((sum, alpha) => sum + alpha, 0);
  assert.ok(spent < 1 / 730 && spent > 0.99 / 731, String(spent));
});

test('stretches of a window put together are the window, however it is cut', () => {
  const draw = drawFrom(createRandom(8));
  const reference = referenceOf(rowsOf(draw, 300));
  fc.assert(
    fc.property(fc.nat(80), fc.nat(80), (one, two) => {
      const rows = rowsOf(draw, one + two);
      const whole = partOf(reference, rows);
      const merged = mergeParts(partOf(reference, rows.slice(0, one)), partOf(reference, rows.slice(one)), reference);
      assert.deepEqual(merged.columns, whole.columns);
      assert.deepEqual(merged.rows, whole.rows);
    }),
    { numRuns: 30 },
  );
});

test('the same counts have the same verdict, to the last bit', () => {
  const draw = drawFrom(createRandom(9));
  const reference = referenceOf(rowsOf(draw, 200));
  const window = facts([partOf(reference, rowsOf(draw, 70))]);
  assert.deepEqual(judgeWindow(window, { m: reference }, policy('1 a week')), judgeWindow(window, { m: reference }, policy('1 a week')));
});
