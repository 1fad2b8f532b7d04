/** Longer ones are no words, and would make a package grow without bound. */
export const longestWord = 100;

/**
 * The words and signs of a text in lower case, at most so many: letters and digits with apostrophes among them, and every other sign by
 * itself. Signs count here, unlike in bags of words: a sequence tells `good !` from `good ?`.
 */
export const readWords = (text: string, most: number): string[] => {
  const words: string[] = [];
  for (const [word] of text
    .slice(0, most * charactersPerWord)
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{N}\p{M}_]+)*|[^\s\p{Cs}]/gu)) {
    if (words.length === most) break;
    words.push(word);
  }
  return words;
};

/** Of a text of megabytes only the beginning is looked at: more than enough, since blanks that long are rare. */
const charactersPerWord = 200;
