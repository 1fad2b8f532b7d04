/** Finds many words in one pass over a text (Aho and Corasick, 1975). */
export interface State {
  /** So many characters read last may be the beginning of a word. */
  readonly depth: number;
  readonly next: Map<number, State>;
  /** Where to go on when no `next` fits: the longest other beginning that the text ends with. */
  otherwise: State | undefined;
  /** The longest word that ends here. */
  found: { readonly length: number; readonly name: string } | undefined;
}

const newState = (depth: number): State => ({ depth, next: new Map(), otherwise: undefined, found: undefined });

/** From words to their names; of two names for one word the first counts. */
export const automatonOf = (words: Iterable<readonly [word: string, name: string]>): State => {
  const start = newState(0);
  for (const [word, name] of words) {
    let state = start;
    for (let i = 0; i < word.length; i += 1) {
      const next = state.next.get(word.charCodeAt(i)) ?? newState(i + 1);
      state.next.set(word.charCodeAt(i), next);
      state = next;
    }
    state.found ??= { length: word.length, name };
  }
  // In order of depth, so that a state's `otherwise` is finished before it is needed.
  const queue = [...start.next.values()];
  for (const first of queue) first.otherwise = start;
  for (const state of queue) {
    for (const [char, next] of state.next) {
      next.otherwise = follow(state.otherwise, char, start);
      next.found ??= next.otherwise.found;
      queue.push(next);
    }
  }
  return start;
};

export const follow = (state: State | undefined, char: number, start: State): State => {
  for (let at = state; at; at = at.otherwise) {
    const next = at.next.get(char);
    if (next) return next;
  }
  return start;
};
