export interface Cell {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}
export interface Pair extends Cell {
  /** Shares of their own rows. */
  readonly referenceShare: number;
  readonly currentShare: number;
  /** Of the picture's width. */
  readonly referenceWidth: number;
  readonly currentWidth: number;
}

/** Two distributions side by side, each as shares of its own rows: a larger window is not another world. */
export const pairedBars = (cells: readonly Cell[]): Pair[] => {
  const sum = (of: 'reference' | 'current') => cells.reduce((total, cell) => total + cell[of], 0);
  const [references, currents] = [sum('reference'), sum('current')];
  const share = (count: number, total: number) => (total === 0 ? 0 : count / total);
  const pairs = cells.map((cell) => ({
    ...cell,
    referenceShare: share(cell.reference, references),
    currentShare: share(cell.current, currents),
  }));
  const longest = Math.max(0, ...pairs.flatMap(({ referenceShare, currentShare }) => [referenceShare, currentShare])) || 1;
  return pairs.map((pair) => ({
    ...pair,
    referenceWidth: pair.referenceShare / longest,
    currentWidth: pair.currentShare / longest,
  }));
};
