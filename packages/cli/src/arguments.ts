import { InvalidArgumentError } from 'commander';

const checked =
  (pattern: RegExp, advice: string) =>
  (text: string): string => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(advice);
  };

export const id = checked(/^[0-9a-f]{32}$/, 'An id has 32 hexadecimal digits, as lists print it.');
export const predictionId = checked(
  /^[0-9a-f]{32}\.\d{1,9}$/,
  'The id of a prediction has 32 hexadecimal digits, a point and the number of its row, as predict prints it.',
);

export const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number from 1 on.');
};

const pairOf = (text: string): [name: string, value: string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return [text.slice(0, at), text.slice(at + 1)];
};

/** Gathers `--param k=v` into one object; the last of a name counts. */
export const intoPairs = (text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const [name, value] = pairOf(text);
  return { ...before, [name]: value };
};

/** The same, where a name may be said more than once. */
export const intoLists = (text: string, before: Readonly<Record<string, readonly string[]>> = {}): Record<string, readonly string[]> => {
  const [name, value] = pairOf(text);
  return { ...before, [name]: [...(before[name] ?? []), value] };
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
