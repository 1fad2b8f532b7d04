import type { MonitorWindowDetail } from '@boucle/contract';
import { countInBins, proportion, referenceBins } from '@boucle/statistics';
import { askedOrders, labelledEvery, latencyOf, type Order, ordersOf, trainingOrders } from './orders.ts';

/** What a window said against a computation over all its rows: each line what was looked at, and the largest difference. */
export const compareExactly = (window: MonitorWindowDetail, count: number): string[][] => {
  const before = [...ordersOf(trainingOrders)];
  const lines: string[][] = [];
  const numbers: Readonly<Record<string, (order: Order) => number>> = {
    amount: ({ inputs }) => inputs.amount,
    items: ({ inputs }) => inputs.items,
    note: ({ inputs }) => inputs.note.split(' ').length,
    confidence: ({ score }) => score,
  };
  const categories: Readonly<Record<string, (order: Order) => string>> = {
    region: ({ inputs }) => inputs.region,
    prediction: ({ label }) => label,
  };
  const values = Object.fromEntries(Object.keys(numbers).map((name) => [name, new Float64Array(count)]));
  const counts = Object.fromEntries(Object.keys(categories).map((name) => [name, new Map<string, number>()]));
  let [i, right, labelled] = [0, 0, 0];
  for (const order of ordersOf(askedOrders(count))) {
    for (const [name, of] of Object.entries(numbers)) values[name]![i] = of(order);
    for (const [name, of] of Object.entries(categories)) counts[name]!.set(of(order), (counts[name]!.get(of(order)) ?? 0) + 1);
    if (i % labelledEvery === 0) [labelled, right] = [labelled + 1, right + Number(order.actual === order.label)];
    i++;
  }
  const found = (column: string) => window.columns.find((one) => one.column === column && (one.measure ?? 'length') === 'length')!;
  const line = (name: string, counted: readonly number[], exact: readonly number[]): void => {
    const most = Math.max(...exact.map((one, cell) => Math.abs(one - (counted[cell] ?? 0))), counted.length - exact.length);
    const sum = counted.reduce((a, b) => a + b, 0);
    lines.push([
      `${name}: ${exact.length} cells, ${sum} rows`,
      'exact',
      `largest difference ${most} rows`,
      most === 0 ? 'kept' : 'not kept',
    ]);
  };
  for (const [name, of] of Object.entries(numbers)) {
    const bins = referenceBins(before.map(of));
    const all = countInBins(bins, values[name]!).slice(0, -3);
    const exact = all.slice(1, -1);
    exact[0]! += all[0]!;
    exact[exact.length - 1]! += all.at(-1)!;
    line(
      name,
      found(name).cells.map(({ current }) => current),
      exact,
    );
  }
  for (const name of Object.keys(categories)) {
    const own = found(name).cells.filter(({ label }) => counts[name]!.has(label));
    line(
      name,
      own.map(({ current }) => current),
      own.map(({ label }) => counts[name]!.get(label)!),
    );
  }
  const accuracy = window.performance[0]!.metrics.find(({ metric }) => metric === 'accuracy')!;
  const exact = proportion(right, labelled);
  lines.push([
    `accuracy of ${window.performance[0]!.labelled} labels`,
    'exact',
    `${accuracy.value} and ${exact.value}`,
    accuracy.value === exact.value && window.performance[0]!.labelled === labelled ? 'kept' : 'not kept',
  ]);
  const latencies = Float64Array.from({ length: count }, (_, number) => latencyOf(number)).sort();
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    const value = window.traffic[0]!.latencyMs![name];
    const off = Math.abs(latencies.findLastIndex((one) => one <= value) / count - share);
    lines.push([`latency ${name}`, 'rank within 0.0068', `rank off by ${off.toFixed(5)}`, off <= 0.0068 ? 'kept' : 'not kept']);
  }
  return lines;
};
