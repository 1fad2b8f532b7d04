import { createRandom } from '../random.ts';
import type { Draws } from '../tests/count-permutations.ts';
import type { Pool } from '../tests/pool.ts';
import { requireDraws } from '../tests/tested.ts';
import { pooledDeviation, type SampleDistanceName, sampleDistanceValue } from './sample-distance.ts';

/** A distance of two samples, in pooled standard deviations, under `draws` random exchanges of their values. The order is sorted only once. */
export const samplePermutations = (name: SampleDistanceName, both: Pool, { draws, seed }: Draws): Float64Array => {
  requireDraws(draws);
  const random = createRandom(seed);
  const { values, sizes } = both;
  const [a, b] = both.counts as [Int32Array, Int32Array];
  const unit = pooledDeviation(both);
  const tied = a.map((count, at) => count + b[at]!);
  // Each value stands for the place of its tied group; the smaller sample is drawn to the front.
  const places = new Uint32Array(sizes[0]! + sizes[1]!);
  for (let at = 0, next = 0; at < values.length; next += tied[at++]!) places.fill(at, next, next + tied[at]!);
  const size = Math.min(sizes[0]!, sizes[1]!);
  const drawn = new Int32Array(values.length);
  const rest = new Int32Array(values.length);
  const counts = sizes[0] === size ? [drawn, rest] : [rest, drawn];
  return Float64Array.from({ length: draws }, () => {
    drawn.fill(0);
    for (let i = 0; i < size; i++) {
      const j = i + random.integer(places.length - i);
      const place = places[j]!;
      places[j] = places[i]!;
      places[i] = place;
      drawn[place]!++;
    }
    for (let at = 0; at < rest.length; at++) rest[at] = tied[at]! - drawn[at]!;
    return sampleDistanceValue(name, { sizes, values, counts }, unit);
  });
};
