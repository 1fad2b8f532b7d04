import { inputs } from './two-sample.ts';

const fraction = (x: number): number => x - Math.floor(x);
const { c0, c1, c2, c3 } = inputs;
const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Category 1 as often as the first count says, and so on. */
export const asNumbers = (counts: readonly number[]): number[] => counts.flatMap((count, c) => Array.from({ length: count }, () => c + 1));

/** The pairs of reference and current numbers, by the names of the golden scores. */
export const numberPairs = {
  aVsB: [inputs.A, inputs.B],
  diceAsNumbers: [asNumbers(inputs.diceReferenceCounts), asNumbers(inputs.diceCurrentCounts)],
  CShift: [indices(500).map((i) => 10 * fraction(i * c0)), indices(500).map((i) => 1 + 10 * fraction(i * c1))],
  CSame: [indices(500).map((i) => 10 * fraction(i * c0)), indices(500).map((i) => 10 * fraction(i * c1))],
  D: [
    indices(2000).map((j) => 5 * (fraction(j * c0) + fraction(j * c2))),
    indices(2000).map((j) => 6 * (fraction(j * c1) + fraction(j * c3))),
  ],
} as const satisfies Record<string, readonly [readonly number[], readonly number[]]>;

/** The pairs of reference and current counts, by the names of the golden scores. */
export const countPairs = {
  diceAsCategories: [inputs.diceReferenceCounts, inputs.diceCurrentCounts],
  newCategory: [inputs.newCategoryReferenceCounts, inputs.newCategoryCurrentCounts],
  lostCategory: [inputs.lostCategoryReferenceCounts, inputs.lostCategoryCurrentCounts],
  doubled: [inputs.doubledReferenceCounts, inputs.doubledCurrentCounts],
  binary: [inputs.binaryReferenceCounts, inputs.binaryCurrentCounts],
} as const satisfies Record<string, readonly [readonly number[], readonly number[]]>;

/** Two samples of 100 standard normal numbers (seeds 0 and 1 of the Mersenne twister), from the smallest on: which sample each belongs to. */
export const normalOrder =
  '01110000000101000011111000100011001011101101011110110100100010110011011010111101011001010101011010001110100000101111011110011001000001010000111111101001010110111011100001110101000101000101111000001100';

/** Fails unless `actual` is within a relative 10⁻⁹ of `expected`. */
export const near = (actual: number | undefined, expected: number, tolerance = 1e-9): void => {
  const off = Math.abs(actual! - expected);
  if (!(off <= tolerance * Math.abs(expected))) throw new Error(`${actual} is not ${expected}`);
};
