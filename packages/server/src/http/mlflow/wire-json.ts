import { MlflowError } from './mlflow-error.ts';

/** Whole numbers beyond 2^53 stay exact, as bigints; Python's bare NaN and Infinity are taken at their meaning, as texts. */
export const parseWire = (text: string): unknown => {
  try {
    const parsed = parse(text);
    // Old clients send a JSON text that holds JSON.
    const given = typeof parsed === 'string' ? parse(parsed) : parsed;
    if (!isWithin(given, deepest)) throw new Error(`it is nested more than ${deepest} levels deep`);
    return given;
  } catch (cause) {
    throw new MlflowError('BAD_REQUEST', `The body is not JSON: ${(cause as Error).message}`);
  }
};

/** What is nested without an end cannot be written again, and is never meant. */
const deepest = 100;
const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' || value === null || (levels > 0 && Object.values(value).every((part) => isWithin(part, levels - 1)));

const parse = (text: string): unknown => {
  // Looking first is cheap, and nearly all bodies need no more: a callback for each value takes ten times as long as reading it.
  const plain = text.includes('NaN') || text.includes('Infinity') ? quoteBareNumbers(text) : text;
  if (!/[^.\d]\d{16}/.test(plain)) return JSON.parse(plain);
  return JSON.parse(plain, (_, value: unknown, { source } = {} as { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d{1,20}$/.test(source)
      ? BigInt(source)
      : value,
  );
};

/** The first number of a body that means this one, in the digits it came in: 9.0 is 9 once it is read. */
export const asWritten = (body: string, value: number): unknown => {
  let written: unknown = value;
  JSON.parse(quoteBareNumbers(body), (_, read: unknown, { source } = {} as { source?: string }) => {
    if (read === value && written === value && source !== undefined) written = JSON.rawJSON(source);
    return read;
  });
  return written;
};

/** Outside of texts only. Each character is looked at once: a pattern for texts would begin anew at each quote of one that has no end. */
const quoteBareNumbers = (text: string): string => {
  let quoted = '';
  for (let at = 0; at < text.length;) {
    const start = indexOr(text.indexOf('"', at), text.length);
    const end = endOfText(text, start);
    quoted += text.slice(at, start).replace(/-?Infinity|NaN/g, '"$&"') + text.slice(start, end);
    at = end;
  }
  return quoted;
};
/** Behind the quote that is not escaped. */
const endOfText = (text: string, start: number): number => {
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let escapes = 0;
    while (quote - escapes > at && text[quote - escapes - 1] === '\\') escapes += 1;
    at = quote + 1;
    if (escapes % 2 === 0) return at;
  }
};
const indexOr = (index: number, otherwise: number): number => (index === -1 ? otherwise : index);

declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}
/** A value that is somebody else's: nothing is left out of it. */
export class Verbatim {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
/** Nothing is sent for what is unset, and no empty lists. */
export const writeWire = (answer: unknown): string => {
  let verbatim: WeakSet<object> | undefined;
  const kept = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) (verbatim ??= new WeakSet()).add(value);
    return value;
  };
  return JSON.stringify(answer, function (this: object, _, value: unknown) {
    if (verbatim?.has(this)) return kept(value);
    if (value instanceof Verbatim) return kept(value.value);
    if (value === null || (Array.isArray(value) && value.length === 0)) return undefined;
    return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
  });
};
