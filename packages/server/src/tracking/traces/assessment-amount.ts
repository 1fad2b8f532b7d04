/** The number that a value means, if it means one: judges say yes and no too. */
export const amountOf = (value: unknown): number | null => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'yes') return 1;
  return word === 'no' ? 0 : null;
};
