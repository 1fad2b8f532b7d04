import { invalid, isLogKey } from '@boucle/contract';

/** MLflow's rule: a key is a plain relative path, for clients store by it. What a step logs comes past no schema, so all is checked here. */
export const checkKeys = (keys: Iterable<string>): void => {
  for (const key of keys) {
    if (isLogKey(key) && key.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) continue;
    const message = `The key ${JSON.stringify(key.slice(0, 250))} cannot be used: take letters, digits, _ . - : blanks, and / between them, at most 250`;
    throw invalid(message, 'bad_key', { key });
  }
};

/** Postgres has no NUL in texts. */
export const checkTexts = (texts: Readonly<Record<string, string>>): void => {
  for (const [key, value] of Object.entries(texts)) {
    if (value.includes('\0')) throw invalid(`The value of "${key}" has a NUL character in it: leave it out`, 'bad_value', { key });
  }
};
