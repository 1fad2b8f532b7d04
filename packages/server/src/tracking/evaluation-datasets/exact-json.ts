import { invalid } from '@boucle/contract';

/**
 * JSON of somebody else's that comes back as it was written: 1.0 stays 1.0, and a whole number keeps all its digits, though what
 * is read here are numbers of 64 bits. Numbers that would change are `JSON.rawJSON`, which `JSON.stringify` writes as they stand.
 */
export const exactJson = (text: string): unknown => {
  const value = parsed(text);
  if (!isWithin(value, deepest)) throw notJson(`it is nested more than ${deepest} levels deep`);
  return value;
};
/** What is nested without an end cannot be written again, and is never meant. */
const deepest = 100;

const parsed = (text: string): unknown => {
  try {
    // Looking first is cheap: a callback for each value takes ten times as long as reading it.
    if (!/\d[.eE]|\d{16}|-0/.test(text)) return JSON.parse(text);
    return JSON.parse(text, (_, value: unknown, { source } = {} as { source?: string }) =>
      typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value,
    );
  } catch (cause) {
    throw notJson((cause as Error).message);
  }
};
const notJson = (why: string) => invalid(`This is not JSON that can be kept: ${why}`, 'not_json');

const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' || value === null || (levels > 0 && Object.values(value).every((part) => isWithin(part, levels - 1)));

/** The same text for the same value, in whatever order its keys came. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) && !JSON.isRawJSON(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

declare global {
  interface JSON {
    isRawJSON(value: unknown): boolean;
  }
}
