import { type AppError, invalid } from '@boucle/contract';

/** Far deeper than what people write, far less deep than what a walk through it can bear. */
const levels = 100;

/** What JSON can say and no program can keep: numbers beyond all numbers, lists in lists without end. Undefined where all is well. */
export const oddityOf = (value: unknown, left = levels): AppError | undefined => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return invalid('The body holds a number beyond 1.8e308: send a smaller one, or a text', 'number_too_large');
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (left === 0) return invalid(`The body goes more than ${levels} levels deep: send it flatter`, 'too_deep', { levels });
  for (const part of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    const oddity = oddityOf(part, left - 1);
    if (oddity) return oddity;
  }
  return undefined;
};
