import { InvalidArgumentError } from 'commander';

/** Gathers `--param k=v` into one object; the last of a name counts. */
export const intoPairs = (text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};

/** `7`, `true` and `["a"]` are what JSON says; anything else is a text. */
export const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON, so it is meant as it stands.
    return text;
  }
};

export const valuesOf = (pairs: Readonly<Record<string, string>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(pairs).map(([name, text]) => [name, jsonOrText(text)]));
