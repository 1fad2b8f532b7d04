/** A value of a table as one line of text. What cannot be seen is said otherwise: null is a dash of its own, see `cell.tsx`. */
export const cellText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Long ones are cut here too: most of a page has no room for what the server lets through. */
export const shortCell = (value: unknown, characters: number): string => {
  const text = cellText(value);
  if (text.length <= characters) return text;
  const cut = text.slice(0, characters);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
};
