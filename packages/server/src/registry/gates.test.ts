import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence, Gate } from '@boucle/contract';
import { createRandom } from '@boucle/statistics';
import fc from 'fast-check';
import type { JudgedRow } from './gate-metric.ts';
import { type Judged, judgeGates } from './index.ts';
import { shareDifference } from './paired-difference.ts';

const digest = `rows:${'0'.repeat(64)}`;
const evidence = (metric: string, value: number | 'NaN', interval: [number, number] | null = null): Evidence => ({
  metric,
  value,
  interval,
  digest,
});
const row = (i: number, actual: string, label: string): JudgedRow => ({ row: `row-${i}`, actual, label, score: 0.9 });
/** Every `wrongEvery`th answer is wrong. */
const rows = (count: number, wrongEvery: number, from = 0): JudgedRow[] =>
  Array.from({ length: count }, (_, i) => {
    const actual = i % 3 === 0 ? 'bad' : 'good';
    return row(from + i, actual, i % wrongEvery === 0 ? (actual === 'bad' ? 'good' : 'bad') : actual);
  });
const verdictOf = (gate: Gate, candidate: Judged, champion: Judged | null = null) => {
  const { passed, gates } = judgeGates([gate], { candidate, champion });
  assert.equal(
    passed,
    gates.every(({ verdict }) => verdict === 'passed'),
  );
  return gates[0]!;
};
const only = (predictions: JudgedRow[]): Judged => ({ evidence: [], predictions });

test('a bound is kept by the whole interval of the evidence, broken by the whole, and else left open', () => {
  const gate = { metric: 'recall', of: 'late again', atLeast: 0.8 };
  const verdict = (interval: [number, number]) => verdictOf(gate, { evidence: [evidence('recall_late again', 0.85, interval)] }).verdict;
  assert.equal(verdict([0.8, 0.9]), 'passed');
  assert.equal(verdict([0.79, 0.9]), 'undecided');
  assert.equal(verdict([0.6, 0.7]), 'failed');
  const most = { metric: 'log_loss', atMost: 0.5 };
  const loss = (interval: [number, number]) => verdictOf(most, { evidence: [evidence('log_loss', 0.4, interval)] }).verdict;
  assert.deepEqual([loss([0.3, 0.5]), loss([0.3, 0.6]), loss([0.51, 0.6])], ['passed', 'undecided', 'failed']);
});

test('what has no interval and no predictions is undecided, and says what is missing', () => {
  const gate = { metric: 'f1_macro', atLeast: 0.5 };
  assert.match(verdictOf(gate, { evidence: [] }).message, /registered without an evaluation/);
  assert.match(verdictOf(gate, { evidence: [evidence('accuracy', 0.9, [0.8, 1])] }).message, /its evaluation reports accuracy/);
  const alone = verdictOf(gate, { evidence: [evidence('f1_macro', 0.99)] });
  assert.deepEqual([alone.verdict, alone.value, alone.interval], ['undecided', 0.99, null]);
  assert.equal(verdictOf({ metric: 'accuracy', atLeast: 0.1 }, { evidence: [evidence('accuracy', 'NaN', [0.5, 1])] }).verdict, 'undecided');
  assert.equal(verdictOf({ metric: 'accuracy' }, { evidence: [evidence('accuracy', 1, [1, 1])] }).verdict, 'undecided');
});

test('without gates everything passes, and one that is undecided holds all up', () => {
  assert.deepEqual(judgeGates([], { candidate: { evidence: [] }, champion: null }), { passed: true, gates: [] });
  const candidate = { evidence: [evidence('accuracy', 0.9, [0.85, 0.95])] };
  const gates = [
    { metric: 'accuracy', atLeast: 0.8 },
    { metric: 'f1_macro', atLeast: 0.1 },
  ];
  assert.equal(judgeGates(gates, { candidate, champion: null }).passed, false);
});

test('where the evidence has no interval, the predictions give one; where the gate asks to be surer, too', () => {
  const candidate = only(rows(600, 10));
  const gates = ['accuracy', 'f1_macro'].map((metric) => verdictOf({ metric, atLeast: 0.8 }, candidate));
  gates.push(...['recall', 'precision', 'f1'].map((metric) => verdictOf({ metric, of: 'good', atLeast: 0.8 }, candidate)));
  gates.push(verdictOf({ metric: 'log_loss', atMost: 0.5 }, candidate));
  for (const { verdict, value, interval, message } of gates) {
    assert.equal(verdict, 'passed', message);
    assert.ok(interval![0] < value! && value! < interval![1], message);
  }
  const reported = { ...candidate, evidence: [evidence('accuracy', 0.9, [0.88, 0.92])] };
  const [sure, surer] = [0.05, 0.001].map((alpha) => verdictOf({ metric: 'accuracy', atLeast: 0.88, alpha }, reported));
  assert.deepEqual([sure!.verdict, surer!.verdict], ['passed', 'undecided']);
});

test('on a handful of rows nothing is decided, not even where all of them are right', () => {
  const few = only(rows(20, 1000).slice(1));
  for (const metric of ['f1_macro', 'log_loss']) assert.equal(verdictOf({ metric, atLeast: 0.5, atMost: 9 }, few).verdict, 'undecided');
  for (const metric of ['accuracy', 'f1_macro', 'log_loss'])
    assert.equal(verdictOf({ metric, noWorseThan: 'champion', margin: 0.02 }, few, few).verdict, 'undecided');
});

test('no worse than the champion is judged in pairs, on rows that both were evaluated on', () => {
  const gate = { metric: 'accuracy', noWorseThan: 'champion', margin: 0.02 } as const;
  const champion = only(rows(2000, 10));
  const worse = only(rows(2000, 5));
  assert.equal(verdictOf(gate, champion, champion).verdict, 'passed');
  assert.equal(verdictOf(gate, only(rows(2000, 20)), champion).verdict, 'passed');
  const failed = verdictOf(gate, worse, champion);
  assert.deepEqual([failed.verdict, Number(failed.value!.toFixed(3))], ['failed', -0.1]);
  assert.match(failed.message, /certainly more/);
  for (const metric of ['recall', 'precision', 'f1']) {
    assert.equal(verdictOf({ ...gate, metric, of: 'good' }, champion, champion).verdict, 'passed', metric);
    assert.equal(verdictOf({ ...gate, metric, of: 'good' }, worse, champion).verdict, 'failed', metric);
  }
  for (const metric of ['f1_macro', 'log_loss']) {
    assert.equal(verdictOf({ ...gate, metric, margin: 0.05 }, champion, champion).verdict, 'passed', metric);
    assert.equal(verdictOf({ ...gate, metric }, worse, champion).verdict, 'failed', metric);
  }
});

test('without common rows, or under another label, there is nothing to compare', () => {
  const gate = { metric: 'accuracy', noWorseThan: 'champion', margin: 0.1 } as const;
  assert.match(verdictOf(gate, only(rows(500, 9)), only(rows(500, 9, 1000))).message, /not evaluated on the same rows/);
  assert.equal(verdictOf(gate, only(rows(500, 9)), { evidence: [] }).verdict, 'undecided');
  const renamed = rows(500, 9).map((one) => ({ ...one, actual: `new ${one.actual}` }));
  assert.equal(verdictOf(gate, only(renamed), only(rows(500, 9))).verdict, 'undecided');
  assert.equal(verdictOf(gate, only(rows(500, 9)), null).verdict, 'passed');
  assert.equal(verdictOf({ ...gate, metric: 'roc_auc' }, only(rows(500, 9)), only(rows(500, 9))).verdict, 'undecided');
});

test('of three labels a wrong row does not tell its loss, so log loss stays open', () => {
  const three = [...rows(100, 1000), row(200, 'neutral', 'good')];
  assert.equal(verdictOf({ metric: 'log_loss', atMost: 5 }, only(three)).verdict, 'undecided');
});

test('a share difference agrees with Tango’s interval computed by brute force', () => {
  // The likelihood under each difference was maximised by search, and the score test inverted by bisection, in another language.
  const golden = [
    [50, 12, 2, 0.0611124, 0.3447087],
    [30, 3, 9, -0.4117293, 0.0287591],
    [50, 0, 0, -0.0713476, 0.0713476],
  ] as const;
  for (const [rows, gained, lost, low, high] of golden) {
    const found = shareDifference({ rows, gained, lost }, 0.025);
    assert.ok(Math.abs(found.low - low) < 1e-6 && Math.abs(found.high - high) < 1e-6, `${rows}: ${found.low} to ${found.high}`);
  }
});

test('better for the candidate is worse for the champion, whatever the pairs', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(2000), (gained, lost, rest) => {
      const total = gained + lost + rest + 1;
      const one = shareDifference({ rows: total, gained, lost }, 0.05);
      const other = shareDifference({ rows: total, gained: lost, lost: gained }, 0.05);
      assert.ok(Math.abs(one.low + other.high) < 1e-9 && Math.abs(one.high + other.low) < 1e-9);
      assert.ok(one.low <= one.value && one.value <= one.high);
    }),
    { numRuns: 100 },
  );
});

test('a candidate that is worse by the margin passes about as often as alpha says', () => {
  const random = createRandom(11);
  const gates = [
    { metric: 'accuracy', noWorseThan: 'champion', margin: 0.05 },
    { metric: 'f1_macro', noWorseThan: 'champion', margin: 0.05 },
  ] as const;
  const passed = [0, 0];
  const rounds = 300;
  for (let round = 0; round < rounds; round++) {
    const [candidate, champion]: [JudgedRow[], JudgedRow[]] = [[], []];
    for (let i = 0; i < 400; i++) {
      const actual = i % 2 === 0 ? 'bad' : 'good';
      const other = actual === 'bad' ? 'good' : 'bad';
      const u = random.uniform();
      candidate.push(row(i, actual, u < 0.15 ? other : actual));
      champion.push(row(i, actual, u > 0.05 && u < 0.15 ? other : actual));
    }
    for (const [i, { verdict }] of judgeGates([...gates], { candidate: only(candidate), champion: only(champion) }).gates.entries())
      if (verdict === 'passed') passed[i]! += 1;
  }
  for (const count of passed) assert.ok(count / rounds < 0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds), `${count} of ${rounds}`);
});
