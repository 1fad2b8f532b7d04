/** The value below which the share `p` of a sorted sample lies, linear between neighbours (Hyndman and Fan 1996, definition 7). Not for empty samples. */
export const quantileOfSorted = (values: Float64Array, p: number): number => {
  const at = p * (values.length - 1);
  const low = Math.floor(at);
  const below = values[low]!;
  const above = values[Math.min(low + 1, values.length - 1)]!;
  return below + (at - low) * (above - below);
};
