import { MlflowError } from './mlflow-error.ts';

/** Reads one value as it came; `at` is its place, for the message. */
export type Reader<T> = (given: unknown, at: string) => T;
/** One field of a message. */
export interface Field<T> {
  readonly isList: boolean;
  /** Older names that mean the same. */
  readonly also: readonly string[];
  /** Undefined stands for what is absent, null or `''` (the three are one on this wire). */
  readonly take: Reader<T>;
}
export type Message = Readonly<Record<string, Field<unknown>>>;
export type InputOf<M extends Message> = { readonly [K in keyof M]: M[K] extends Field<infer T> ? T : never };

const isMissing = (given: unknown): boolean => given === undefined || given === null || given === '';
const field = <T>(take: Reader<T>, { isList = false, also = [] as readonly string[] } = {}): Field<T> => ({ take, isList, also });

export const optional = <T>(read: Reader<T>, { also = [] as readonly string[] } = {}): Field<T | undefined> =>
  field((given, at) => (given === undefined || given === null ? undefined : read(given, at)), { also });
export const required = <T>(read: Reader<T>, { also = [] as readonly string[] } = {}): Field<T> =>
  field(
    (given, at) => {
      if (isMissing(given)) throw missing(at);
      return read(given, at);
    },
    { also },
  );
/** Absent is the empty list. */
export const list = <T>(read: Reader<T>): Field<T[]> => field((given, at) => readList(read, given ?? [], at), { isList: true });
export const requiredList = <T>(read: Reader<T>): Field<T[]> =>
  field(
    (given, at) => {
      if (isMissing(given) || (Array.isArray(given) && given.length === 0)) throw missing(at);
      return readList(read, given, at);
    },
    { isList: true },
  );

const readList = <T>(read: Reader<T>, given: unknown, at: string): T[] => {
  if (!Array.isArray(given)) throw wrong(at, given);
  return given.map((item, i) => read(item, `${at}[${i}]`));
};

export const missing = (at: string): MlflowError =>
  new MlflowError('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${at}'. ${seeDocs}`);
export const wrong = (at: string, given: unknown, hint = ''): WrongValue => new WrongValue(at, given, hint);
/** A value that a field does not take. */
export class WrongValue extends MlflowError {
  readonly at: string;
  readonly given: unknown;
  readonly hint: string;
  constructor(at: string, given: unknown, hint: string) {
    super(
      'INVALID_PARAMETER_VALUE',
      `Invalid value ${shown(given)} for parameter '${at}' supplied: ${hint || 'it has another type'}. ${seeDocs}`,
    );
    this.at = at;
    this.given = given;
    this.hint = hint;
  }
}
const seeDocs = 'See the API docs for more information about request parameters.';
const shown = (given: unknown): string => {
  const text = JSON.stringify(given, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

export const text: Reader<string> = (given, at) => {
  if (typeof given !== 'string') throw wrong(at, given, 'it must be a string');
  if (given.includes('\0')) throw wrong(at, given, 'it has a NUL character in it');
  return given;
};
export const textWithin =
  (longest: number): Reader<string> =>
  (given, at) => {
    const whole = text(given, at);
    if (whole.length > longest) throw wrong(at, given, `it exceeds the maximum length of ${longest} characters`);
    return whole;
  };
/** What is too long is cut, as clients do by themselves and expect of a server. */
export const textCutAt =
  (longest: number): Reader<string> =>
  (given, at) => {
    const whole = text(given, at);
    return whole.length <= longest
      ? whole
      : Array.from(whole.slice(0, 2 * longest))
          .slice(0, longest)
          .join('');
  };
export const bool: Reader<boolean> = (given, at) => {
  if (typeof given === 'boolean') return given;
  if (typeof given === 'string' && /^(true|false)$/i.test(given)) return given.toLowerCase() === 'true';
  throw wrong(at, given, 'it must be true or false');
};

/** A whole number of 64 bits: a bigint where a number would not be exact. Clients of Java and R send texts. */
export const wideInteger: Reader<number | bigint> = (given, at) => {
  const exact = typeof given === 'string' && /^-?\d{1,19}$/.test(given.trim()) ? BigInt(given.trim()) : given;
  if (typeof exact === 'number' && Number.isInteger(exact) && Math.abs(exact) < 2 ** 63) return exact;
  if (typeof exact !== 'bigint' || BigInt.asIntN(64, exact) !== exact) throw wrong(at, given, 'it must be a whole number of 64 bits');
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
};
/** One that a number holds exactly. */
export const integer: Reader<number> = (given, at) => {
  const exact = wideInteger(given, at);
  if (typeof exact === 'bigint' || !Number.isSafeInteger(exact)) throw wrong(at, given, 'it must be below 2^53');
  return exact;
};
export const integerIn =
  (least: number, most: number): Reader<number> =>
  (given, at) => {
    const number = integer(given, at);
    if (number < least || number > most) throw wrong(at, given, `it must be from ${least} to ${most}`);
    return number;
  };
/** The largest finite number stands for what is beyond, as MLflow's stores hold it; NaN stays. */
export const real: Reader<number> = (given, at) => {
  const number = realOf(given);
  if (number === undefined) throw wrong(at, given, 'it must be a number');
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number));
};
const realOf = (given: unknown): number | undefined => {
  if (typeof given === 'number') return given;
  if (typeof given === 'bigint' || typeof given === 'boolean') return Number(given);
  if (typeof given !== 'string' || given.trim() === '') return undefined;
  const number = given === 'NaN' ? Number.NaN : Number(given);
  return Number.isNaN(number) && given !== 'NaN' ? undefined : number;
};

/** A name out of a numbered list; clients send the name or the number. */
export const oneOf =
  <const N extends string>(numbers: Readonly<Record<N, number>>): Reader<N> =>
  (given, at) => {
    const names = Object.keys(numbers) as N[];
    const found = names.find((name) => name === given || numbers[name] === given || String(numbers[name]) === given);
    if (found === undefined) throw wrong(at, given, `it must be one of ${names.join(', ')}`);
    return found;
  };

export const message =
  <M extends Message>(fields: M): Reader<InputOf<M>> =>
  (given, at) => {
    if (!isRecord(given)) throw wrong(at, given, 'it must be an object');
    return readMessage(fields, given, at);
  };
/** Whatever JSON there is; its numbers are those of 64 bits, as in protobuf's values. */
export const anything: Reader<unknown> = (given, at) => {
  if (typeof given === 'bigint') return Number(given);
  if (Array.isArray(given)) return given.map((part) => anything(part, at));
  return isRecord(given) ? Object.fromEntries(Object.entries(given).map(([key, part]) => [key, anything(part, at)])) : given;
};
/** Text by text. */
export const texts: Reader<Readonly<Record<string, string>>> = (given, at) => {
  if (!isRecord(given)) throw wrong(at, given, 'it must be an object');
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, text(value, `${at}.${key}`)]));
};

/** What is not a field of the message is passed over, as clients newer than us expect. */
export const readMessage = <M extends Message>(fields: M, given: Readonly<Record<string, unknown>>, at = ''): InputOf<M> => {
  const read: Record<string, unknown> = {};
  for (const { name, names, take } of sentFieldsOf(fields)) {
    let value: unknown;
    for (const one of names) if (isMissing(value) && Object.hasOwn(given, one)) value = given[one];
    read[name] = take(value, at === '' ? name : `${at}.${name}`);
  }
  return read as InputOf<M>;
};

interface SentField {
  readonly name: string;
  /** What a client may call it. */
  readonly names: readonly string[];
  readonly take: Reader<unknown>;
}
/** Worked out once for each message: a batch has a thousand of one. */
const sentFields = new WeakMap<Message, readonly SentField[]>();
const sentFieldsOf = (fields: Message): readonly SentField[] => {
  const known = sentFields.get(fields);
  if (known) return known;
  const found = Object.entries(fields).map(([name, { take, also }]) => ({ name, names: [...new Set([name, camel(name), ...also])], take }));
  sentFields.set(fields, found);
  return found;
};
const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
