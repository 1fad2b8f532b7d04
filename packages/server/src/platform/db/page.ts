import { invalid } from '@boucle/contract';

/** A cursor says where the last page ended. It is opaque to callers, and checked when it comes back. */
const encodeCursor = (position: readonly (string | number)[]): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** `number` is a version's or the like, `point` one that a metric may have, `wide` a whole number of 64 bits, as text. */
type Part = 'string' | 'number' | 'point' | 'wide';
type Position<Shape extends readonly Part[]> = { -readonly [K in keyof Shape]: Shape[K] extends 'string' | 'wide' ? string : number };
const fits = (part: unknown, kind: Part): boolean => {
  if (kind === 'wide') return typeof part === 'string' && /^-?\d{1,19}$/.test(part);
  if (kind === 'string') return typeof part === 'string' && !part.includes('\0');
  return typeof part === 'number' && Number.isSafeInteger(part) && (kind === 'point' || Math.abs(part) < 2 ** 31);
};

export const decodeCursor = <const Shape extends readonly Part[]>(cursor: string, shape: Shape): Position<Shape> => {
  try {
    const position = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (Array.isArray(position) && position.length === shape.length && position.every((part, i) => fits(part, shape[i]!))) {
      return position as unknown as Position<Shape>;
    }
  } catch {
    // Not one of ours: said below.
  }
  throw invalid('This cursor is not one that a list gave; ask for the first page', 'unknown_cursor');
};

/** Cuts the one row too many that was asked for, and tells from the last one kept where to go on. */
export const pageOf = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  { item, at }: { item: (row: Row) => Item; at: (row: Row) => readonly (string | number)[] },
) => {
  const kept = rows.slice(0, limit);
  return { items: kept.map(item), nextCursor: rows.length > limit ? encodeCursor(at(kept.at(-1)!)) : null };
};
