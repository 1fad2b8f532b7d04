import type { ModelComparison } from '@boucle/contract';

type Approach = ModelComparison['approaches'][number];
type Measured = Approach['test'];

/** The comparison as a page in Markdown: the same cells as in the UI. */
export const comparisonPage = (comparison: ModelComparison): string => {
  const { approaches, metric, of, chosen, rows, assumed, machine, slices, pairs } = comparison;
  const what = of ? `${metric} of "${of}"` : metric;
  const names = approaches.map(({ name }) => name);
  const rowOf = (label: string, cell: (approach: Approach) => string): string[] => [label, ...approaches.map(cell)];
  const last = ({ curve }: Approach) => curve.at(-1)!;
  return [
    '# Approaches compared',
    `**${chosen}** is best by ${what} on ${count(rows.validation)} validation rows. Everything below comes from ${count(rows.test)} test rows that played no part in the choice; the approaches learned from ${count(rows.train)} rows.`,
    table(
      ['', ...names],
      [
        rowOf(`${what}, validation`, ({ validation }) => share(validation)),
        rowOf(`${what}, test`, ({ test }) => share(test)),
        rowOf('Settings', ({ settings }) => settingsIn(settings)),
        rowOf('Training, wall clock', (one) => time(last(one).seconds)),
        rowOf('Training, CPU', (one) => time(last(one).cpuSeconds)),
        rowOf('Training, energy', ({ training }) => `${figure(training.wattHours)} Wh`),
        rowOf('Training, peak memory', (one) => bytes(last(one).peakMemoryBytes)),
        rowOf('Package', ({ serving }) => `${bytes(serving.package.bytes)} in ${serving.package.files} files`),
        rowOf('Memory that the model adds', ({ serving }) => bytes(serving.memoryBytes)),
        rowOf('Memory of the process, peak', ({ serving }) => bytes(serving.peakMemoryBytes)),
        rowOf('Until the first answer', ({ serving }) => time(serving.loadSeconds)),
        rowOf('Latency, p50 / p95 / p99', ({ serving: { latencySeconds: l } }) => [l.p50, l.p95, l.p99].map(time).join(' / ')),
        rowOf('Texts a second, batches of 32', ({ serving }) => count(serving.textsPerSecond)),
        rowOf('1,000 predictions', ({ pricePerThousand }) => `${figure(pricePerThousand)} ${assumed.currency}`),
        rowOf('Explained share of an output, mean / least', ({ serving: { explanation } }) =>
          explanation ? `${percent(explanation.explained)} / ${percent(explanation.leastExplained)}` : 'it cannot explain itself',
        ),
        rowOf('Time for an explanation', ({ serving: { explanation } }) => (explanation ? time(explanation.secondsEach) : '–')),
        rowOf('Compiled libraries to run', ({ serving }) => serving.nativeLibraries.join(', ') || 'none'),
      ],
    ),
    '## Simple and complex texts',
    'Accuracy on test rows. A text is complex that is among the longest, among those with most rare words, or has a negation or a mark of irony.',
    table(
      ['texts', 'rows', ...names],
      slices.map(({ is, rows: some }, i) => [is, count(some), ...approaches.map(({ accuracy }) => share(accuracy[i]!))]),
    ),
    '## Data needed',
    `${what} on test rows, after learning from so many rows.`,
    table(
      ['rows', ...names],
      [...new Set(approaches.flatMap(({ curve }) => curve.map((point) => point.rows)))]
        .sort((a, b) => a - b)
        .map((some) => [count(some), ...approaches.map(({ curve }) => share(curve.find((point) => point.rows === some)?.quality))]),
    ),
    '## In pairs',
    "Accuracy of the first minus that of the second, on the same rows; McNemar's exact test, p values for all pairs together.",
    table(
      ['first', 'second', 'difference', 'p'],
      pairs.map(({ first, second, difference, pValue }) => [
        first,
        second,
        points(difference),
        pValue === null ? '–' : pValue < 0.001 ? '< 0.001' : figure(pValue),
      ]),
    ),
    `Measured on ${machine.cpus} × ${machine.cpu}, ${machine.platform}, Node ${machine.node}. Stated, not measured: ${assumed.wattsPerCpu} W for a busy CPU, ${assumed.pricePerCpuHour} ${assumed.currency} for an hour of it. Latency and throughput are those of one thread; intervals hold 95 %.`,
    '',
  ].join('\n\n');
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`).join('\n');
const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

const count = (n: number): string => Math.round(n).toLocaleString('en');
/** Three digits that count; what is far below what anybody pays or waits for, by its power of ten. */
const figure = (n: number): string => (n > 0 && n < 1e-4 ? n.toExponential(1) : n.toLocaleString('en', { maximumSignificantDigits: 3 }));
const percent = (n: number): string => `${(n * 100).toFixed(1)} %`;
const share = (measured: Measured | undefined): string => {
  if (!measured || measured.value === null) return '–';
  const { value, interval } = measured;
  return interval ? `${percent(value)} (${(interval[0] * 100).toFixed(1)} to ${(interval[1] * 100).toFixed(1)})` : percent(value);
};
const points = ({ value, interval }: Measured): string => {
  if (value === null) return '–';
  const [low, high] = (interval ?? [value, value]).map((end) => (end * 100).toFixed(1));
  return `${(value * 100).toFixed(1)} points (${low} to ${high})`;
};
const time = (seconds: number): string => {
  if (seconds < 0.001) return `${figure(seconds * 1e6)} µs`;
  if (seconds < 1) return `${figure(seconds * 1000)} ms`;
  return seconds < 120 ? `${figure(seconds)} s` : `${figure(seconds / 60)} min`;
};
const bytes = (n: number): string => (n < 1e6 ? `${figure(n / 1e3)} kB` : `${figure(n / 1e6)} MB`);
const settingsIn = (settings: Approach['settings']): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? figure(value) : value}`)
    .join(', ') || 'defaults';
