import { textFeatures } from '@boucle/models';

/** Traits that make a text complex, where it has them. */
const hardParts = ['with negation', 'with marks of irony'];

/**
 * Which texts are simple, and which are complex: among the longest, among those with most rare words, with a negation, or with a mark
 * of irony. One trait is enough.
 */
export const complexities = (texts: readonly string[]): ('simple' | 'complex')[] => {
  const hard = textFeatures('text', texts).flatMap(({ parts, codes }) => {
    const isCounted = parts.some((part) => part.endsWith(' words') && /^\d/.test(part));
    const part = isCounted ? parts.length - 1 : parts.findIndex((one) => hardParts.includes(one));
    // Where all texts are alike in something, it tells none of them apart.
    return part < 0 || parts.length < 2 ? [] : [{ codes, part }];
  });
  return texts.map((_, row) => (hard.some(({ codes, part }) => codes[row] === part) ? 'complex' : 'simple'));
};
