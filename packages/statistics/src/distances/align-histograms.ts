/** Counts between neighbouring edges; one edge more than counts. */
export interface Histogram {
  /** Strictly increasing. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Two histograms over the edges of both: a bin that an edge of the other cuts is split as if its values lay evenly.
 * The counts are then no longer whole. RangeError where edges do not increase, or are not one more than the counts.
 */
export const alignHistograms = (first: Histogram, second: Histogram): { edges: number[]; first: number[]; second: number[] } => {
  for (const { edges, counts } of [first, second]) {
    if (edges.length !== counts.length + 1)
      throw new RangeError(`A histogram of ${counts.length} counts needs ${counts.length + 1} edges, not ${edges.length}`);
    if (edges.some((edge, i) => !Number.isFinite(edge) || (i > 0 && edge <= edges[i - 1]!)))
      throw new RangeError('The edges of a histogram are finite and increase');
  }
  const edges = [...new Set([...first.edges, ...second.edges])].sort((a, b) => a - b);
  return { edges, first: split(first, edges), second: split(second, edges) };
};

const split = (histogram: Histogram, edges: readonly number[]): number[] => {
  let bin = 0;
  return edges.slice(1).map((high, i) => {
    const low = edges[i]!;
    while (bin < histogram.counts.length && histogram.edges[bin + 1]! <= low) bin++;
    const start = histogram.edges[bin]!;
    if (bin >= histogram.counts.length || low < start) return 0;
    return histogram.counts[bin]! * ((high - low) / (histogram.edges[bin + 1]! - start));
  });
};
