export { alignHistograms, type Histogram } from './align-histograms.ts';
export { type BinOptions, type Bins, binsAt, type Cell, countInBins, equalWidthBins, referenceBins } from './bins.ts';
export { type CountDistanceName, type Distance, distanceOfCounts, normalisedAbsoluteDifference, shares } from './count-distance.ts';
export { type CountDriftOptions, driftOfCounts } from './drift-of-counts.ts';
export { driftOfNumbers, type NumberDrift, type NumberDriftOptions } from './drift-of-numbers.ts';
export type { CalibratedDistance, Drift, DriftOptions } from './drift.ts';
export { distanceOfSamples, type SampleDistanceName, type SampleDistanceOptions } from './sample-distance.ts';
export { hellinger, jensenShannonDivergence, kullbackLeibler, lInfinity, psi, type Shares, totalVariation } from './share-distances.ts';
export { blockThreshold, nullThreshold, type NullThreshold, permutedThreshold } from './thresholds.ts';
