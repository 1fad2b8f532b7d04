/** Words as far as statistics of texts need them: runs of letters and numbers, in lower case. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_']+/gu) ?? [];

/** Longer texts are measured by their beginning. */
export const measuredLetters = 20_000;
