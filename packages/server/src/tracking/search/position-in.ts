import { invalid } from '@boucle/contract';
import { type OrderKey, type Position, readToken } from '../../platform/index.ts';

/** Where a page goes on whose numbers are whole, as those of a token that a search gave are. */
export const positionIn = (cursor: string | undefined, query: unknown, keys: readonly OrderKey[]): Position | undefined => {
  const position = cursor === undefined ? undefined : readToken(cursor, query, keys);
  if (position?.some((part) => typeof part === 'number' && !Number.isSafeInteger(part)))
    throw invalid('Invalid page token: it is not one that a search gave; ask for the first page', 'unknown_cursor');
  return position;
};
