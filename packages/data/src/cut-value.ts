/** A value for JSON, no longer than that; of a longer list or struct the beginning of its text. */
export const cutValue = (value: unknown, characters: number): unknown => {
  if (value === null || (typeof value !== 'string' && typeof value !== 'object')) return value ?? null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= characters) return value;
  const cut = text.slice(0, characters);
  // Not in the middle of a character of two units.
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
};
