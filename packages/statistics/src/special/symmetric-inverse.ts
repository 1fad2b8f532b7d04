/** The pseudo-inverse of a symmetric matrix and how many directions it keeps. */
export interface SymmetricInverse {
  readonly inverse: readonly (readonly number[])[];
  readonly rank: number;
}

/**
 * The Moore-Penrose inverse of a symmetric matrix by Jacobi's rotations (Golub and Van Loan 2013, section 8.5);
 * directions whose eigenvalue is below 10⁻¹² of the largest are left out.
 */
export const symmetricInverse = (matrix: readonly (readonly number[])[]): SymmetricInverse => {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60 && offDiagonal(a) > 0; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, [p, q]);
  }
  const largest = Math.max(...a.map((row, i) => Math.abs(row[i]!)));
  const kept = a.map((row, i) => row[i]!).map((value) => (Math.abs(value) > 1e-12 * largest ? 1 / value : 0));
  const cell = (i: number, j: number): number => kept.reduce((sum, inverse, k) => sum + vectors[i]![k]! * inverse * vectors[j]![k]!, 0);
  return { inverse: a.map((_, i) => a.map((__, j) => cell(i, j))), rank: kept.filter((inverse) => inverse !== 0).length };
};

const offDiagonal = (a: readonly (readonly number[])[]): number =>
  a.reduce((sum, row, i) => sum + row.reduce((inner, value, j) => (i === j ? inner : inner + Math.abs(value)), 0), 0);

/** Turns the plane of `p` and `q` so that their common cell becomes zero. */
const rotate = (a: number[][], vectors: number[][], [p, q]: readonly [number, number]): void => {
  const shared = a[p]![q]!;
  if (shared === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * shared);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const turn = (row: number[]): void => {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = c * (x - t * y);
    row[q] = c * (t * x + y);
  };
  for (const row of a) turn(row);
  const [rowP, rowQ] = [a[p]!, a[q]!];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [rowP[i]!, rowQ[i]!];
    rowP[i] = c * (x - t * y);
    rowQ[i] = c * (t * x + y);
  }
  rowP[q] = 0;
  rowQ[p] = 0;
  for (const row of vectors) turn(row);
};
