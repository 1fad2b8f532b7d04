import type { Explanation } from '@boucle/contract';

export interface Piece {
  readonly text: string;
  /** What it adds; undefined between the parts that were told apart. */
  readonly value?: number;
}

/** A text cut where an explanation speaks of its parts, in their order. */
export const piecesOf = (text: string, contributions: Explanation['contributions']): Piece[] => {
  const spans = contributions
    .flatMap(({ span, value }) => (span ? [{ from: span[0], to: span[1], value }] : []))
    .sort((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to, value } of spans) {
    // Parts that overlap are told by the first of them.
    if (from < at || to > text.length) continue;
    if (from > at) pieces.push({ text: text.slice(at, from) });
    pieces.push({ text: text.slice(from, to), value });
    at = to;
  }
  return at < text.length ? [...pieces, { text: text.slice(at) }] : pieces;
};
