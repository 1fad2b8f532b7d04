import type { LearningPoint, ModelComparison, ServingMeasure } from '@boucle/contract';

type Approach = ModelComparison['approaches'][number];
type Measured = Approach['test'];

/** A share with an interval as wide as that of so many rows. */
const share = (value: number, rows: number): Measured => {
  const half = 1.96 * Math.sqrt((value * (1 - value)) / rows);
  return { value, interval: [Math.max(0, value - half), Math.min(1, value + half)] };
};
const point = (rows: number, value: number, seconds: number): LearningPoint => ({
  rows,
  quality: share(value, 1800),
  seconds,
  cpuSeconds: seconds * 1.1,
  peakMemoryBytes: 1.1e8 + rows * 9000,
});

export const slices: ModelComparison['slices'] = [
  { is: 'all', rows: 2928 },
  { is: 'complex', rows: 1710 },
  { is: 'simple', rows: 1218 },
  { is: '3 to 11 words', rows: 744 },
  { is: '12 to 18 words', rows: 812 },
  { is: '19 to 31 words', rows: 1372 },
  { is: '4 to 9 rare words', rows: 318 },
  { is: 'with negation', rows: 1011 },
  { is: 'with marks of irony', rows: 402 },
];

interface About {
  readonly name: string;
  readonly settings: Approach['settings'];
  readonly quality: readonly [validation: number, test: number];
  readonly accuracy: number;
  readonly curve: readonly LearningPoint[];
  readonly serving: ServingMeasure;
}
const anApproach = ({ name, settings, quality, accuracy, curve, serving }: About): Approach => ({
  name,
  settings,
  validation: share(quality[0], 1400),
  test: share(quality[1], 1900),
  accuracy: slices.map(({ rows }, i) => share(accuracy - [0, 0.02, -0.03, -0.02, 0, 0.01, 0.04, 0.03, 0.05][i]!, rows)),
  curve: [...curve],
  training: { wattHours: (curve.at(-1)!.cpuSeconds / 3600) * 10 },
  serving,
  pricePerThousand: (serving.cpuSecondsPerThousand / 3600) * 0.04,
});

const serving = (change: Partial<ServingMeasure>): ServingMeasure => ({
  package: { bytes: 1_620_000, files: 9 },
  loadSeconds: 0.08,
  memoryBytes: 3.1e7,
  peakMemoryBytes: 1.4e8,
  latencySeconds: { p50: 1.4e-5, p95: 3.2e-5, p99: 9e-5, requests: 90_000 },
  textsPerSecond: 61_000,
  cpuSecondsPerThousand: 0.017,
  nativeLibraries: [],
  explanation: { texts: 50, explained: 1, leastExplained: 1, secondsEach: 2.4e-4 },
  ...change,
});
const native = ['libonnxruntime.so.1', 'onnxruntime_binding.node'];

/** Three approaches to tweets; the third was too slow for a curve of many points. */
export const aComparison = (): ModelComparison => ({
  format: 'boucle.comparison/1',
  metric: 'f1',
  of: 'negative',
  chosen: 'logistic-regression',
  rows: { train: 9516, validation: 2196, test: 2928 },
  assumed: { wattsPerCpu: 10, pricePerCpuHour: 0.04, currency: 'EUR' },
  machine: { cpu: 'AMD EPYC', cpus: 2, platform: 'linux x64', node: '24.21.0' },
  slices,
  approaches: [
    anApproach({
      name: 'logistic-regression',
      settings: { C: 2.318, sublinearTf: true, classWeight: 'balanced' },
      quality: [0.884, 0.877],
      accuracy: 0.846,
      curve: [point(951, 0.831, 0.08), point(2379, 0.852, 0.2), point(4758, 0.868, 0.5), point(9516, 0.877, 1.1)],
      serving: serving({}),
    }),
    anApproach({
      name: 'bilstm',
      settings: { hiddenSize: 64, dropout: 0.4, learningRate: 0.0021 },
      quality: [0.869, 0.864],
      accuracy: 0.829,
      curve: [point(951, 0.78, 4), point(2379, 0.824, 11), point(4758, 0.849, 21), point(9516, 0.864, 43)],
      serving: serving({
        package: { bytes: 3_400_000, files: 10 },
        memoryBytes: 7e7,
        peakMemoryBytes: 2.4e8,
        latencySeconds: { p50: 0.0011, p95: 0.0019, p99: 0.0031, requests: 2500 },
        textsPerSecond: 2100,
        cpuSecondsPerThousand: 0.49,
        nativeLibraries: native,
        explanation: { texts: 50, explained: 0.994, leastExplained: 0.962, secondsEach: 0.09 },
      }),
    }),
    anApproach({
      name: 'bert',
      settings: { learningRate: 0.00005, maxLength: 64 },
      quality: [0.882, 0.886],
      accuracy: 0.859,
      curve: [point(9516, 0.886, 640)],
      serving: serving({
        package: { bytes: 9.1e7, files: 11 },
        loadSeconds: 0.9,
        memoryBytes: 2.2e8,
        peakMemoryBytes: 4.4e8,
        latencySeconds: { p50: 0.0124, p95: 0.021, p99: 0.034, requests: 240 },
        textsPerSecond: 96,
        cpuSecondsPerThousand: 10.5,
        nativeLibraries: native,
        explanation: null,
      }),
    }),
  ],
  pairs: [
    { first: 'logistic-regression', second: 'bilstm', difference: { value: 0.017, interval: [0.004, 0.03] }, pValue: 0.021 },
    { first: 'logistic-regression', second: 'bert', difference: { value: -0.013, interval: [-0.026, 0.001] }, pValue: 0.063 },
    { first: 'bilstm', second: 'bert', difference: { value: -0.03, interval: [-0.043, -0.016] }, pValue: 0.00004 },
  ],
});
