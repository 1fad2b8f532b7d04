import { invalid, isLogKey } from '@boucle/contract';

export type Texts = Readonly<Record<string, string>>;
const longestValue = 100_000;

/** Tags come over several wires, so what both databases can hold is checked here. */
export const checkTags = (tags: Texts): void => {
  for (const [key, value] of Object.entries(tags)) {
    if (!isLogKey(key))
      throw invalid(
        `The tag ${JSON.stringify(key.slice(0, 250))} cannot be used: take letters, digits, _ . - : / and blanks, at most 250`,
        'bad_key',
        { key },
      );
    if (value.length > longestValue || value.includes('\0'))
      throw invalid(`The value of tag "${key}" is longer than ${longestValue} characters, or has a NUL character in it`, 'bad_value', {
        key,
      });
  }
};
