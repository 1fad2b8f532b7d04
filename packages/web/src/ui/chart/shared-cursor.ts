import { useSyncExternalStore } from 'react';

/** The place that all charts of a page look at; undefined where nobody points. Kept outside of React: it moves with every move of a pointer. */
export const createCursor = () => {
  let at: number | undefined;
  const listeners = new Set<() => void>();
  return {
    get: (): number | undefined => at,
    set: (next: number | undefined): void => {
      if (next === at) return;
      at = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
export type SharedCursor = ReturnType<typeof createCursor>;

export const useCursor = (cursor: SharedCursor): number | undefined => useSyncExternalStore(cursor.subscribe, cursor.get);
