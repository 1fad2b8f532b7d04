import type { Command } from 'commander';
import { wholeNumber } from './arguments.ts';
import type { Listed } from './context.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export const withLimit = (command: Command, initial = 50): Command =>
  command.option('--limit <n>', 'How many to list at most', wholeNumber, initial);

/** Reads pages until there are as many as asked for. */
export const listUpTo = async <T>(
  limit: number,
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<Listed<T>> => {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: Math.min(500, limit - items.length), ...(cursor !== null && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { items, hasMore: cursor !== null };
};
