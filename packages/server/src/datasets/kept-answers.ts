/** Answers that are worked out once for what they are about, the most recently asked of which stay; who asks meanwhile waits for the same. */
export const createKeptAnswers = (keep: number) => {
  const kept = new Map<string, Promise<unknown>>();
  return async <T>(about: string, work: () => Promise<T>): Promise<T> => {
    const answer = (kept.get(about) as Promise<T> | undefined) ?? work();
    kept.delete(about);
    kept.set(about, answer);
    if (kept.size > keep) kept.delete(kept.keys().next().value!);
    try {
      return await answer;
    } catch (error) {
      if (kept.get(about) === answer) kept.delete(about);
      throw error;
    }
  };
};
