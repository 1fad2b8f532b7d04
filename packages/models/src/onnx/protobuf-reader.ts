import { createCursor, type Cursor, unreadable } from './protobuf-cursor.ts';

/** What the objects made of one file may take, counted roughly: so that a short file cannot fill the memory. */
export interface Budget {
  readonly spend: (bytes: number) => void;
}
export const createBudget = (limit: number): Budget => {
  let left = limit;
  return {
    spend: (bytes) => {
      left -= bytes;
      if (left < 0) throw unreadable(`what it is made of takes more than ${limit} bytes`);
    },
  };
};

/** How a field is read: into what was there before, `empty` at first. Made by the functions below, of the number it has in the `.proto`. */
export interface Field<T> {
  readonly number: number;
  readonly empty: () => T;
  take(value: FieldValue, before: T): T;
}
type Fields = Readonly<Record<string, Field<unknown>>>;
export type Message<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

/** Reads a message of these fields, https://protobuf.dev/programming-guides/encoding; others are passed over. */
export const readMessage = <F extends Fields>(bytes: Uint8Array, fields: F, budget: Budget): Message<F> => {
  const entries = Object.entries(fields);
  const message = Object.fromEntries(entries.map(([name, { empty }]) => [name, empty()]));
  const value = createFieldValue(createCursor(bytes), budget);
  for (let number = value.next(); number !== 0; number = value.next()) {
    const found = entries.find(([, field]) => field.number === number);
    if (!found) value.skip();
    else message[found[0]] = found[1].take(value, message[found[0]]);
  }
  return message as Message<F>;
};

const one =
  <T>(empty: T, take: (value: FieldValue) => T) =>
  (number: number): Field<T> => ({ number, empty: () => empty, take });
const many =
  <T>(take: (value: FieldValue) => T) =>
  (number: number): Field<T[]> => ({
    number,
    empty: () => [],
    take: (value, list) => {
      list.push(take(value));
      return list;
    },
  });
const numbers =
  <N>(wire: number, take: (from: Cursor) => N) =>
  (number: number): Field<N[]> => ({
    number,
    empty: () => [],
    take: (value, list) => {
      value.numbers(wire, take, list);
      return list;
    },
  });

const wires = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
export const int = one(0, (value) => value.number(wires.varint, (from) => from.varint()));
/** Tells whether it is there. */
export const maybeInt = one<number | undefined>(undefined, (value) => value.number(wires.varint, (from) => from.varint()));
export const float = one(0, (value) => value.number(wires.fixed32, (from) => from.float()));
export const text = one('', (value) => value.text());
/** The bytes of a message, or of whatever it is. */
export const bytes = one<Uint8Array | undefined>(undefined, (value) => value.bytes());
export const texts = many((value) => value.text());
export const messages = many((value) => value.bytes());
export const ints = numbers(wires.varint, (from) => from.varint());
export const bigints = numbers(wires.varint, (from) => from.varint64());
export const floats = numbers(wires.fixed32, (from) => from.float());
export const doubles = numbers(wires.fixed64, (from) => from.double());

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
type FieldValue = ReturnType<typeof createFieldValue>;

/** Goes from field to field; after `next`, one of the others takes the value. */
const createFieldValue = (cursor: Cursor, budget: Budget) => {
  let [number, wire] = [0, 0];
  const want = (wanted: number): void => {
    if (wire !== wanted) throw unreadable(`field ${number} is of another type`);
  };
  const takeBytes = (): Uint8Array => {
    want(wires.bytes);
    return cursor.slice(cursor.varint());
  };
  return {
    /** The number of the next field; 0 at the end. */
    next: (): number => {
      if (cursor.isAtEnd()) return 0;
      const key = cursor.varint();
      [number, wire] = [Math.floor(key / 8), key & 7];
      if (number < 1) throw unreadable('a field has no number');
      // Its entry in a list, its object, its view.
      budget.spend(128);
      return number;
    },
    bytes: takeBytes,
    text: (): string => {
      const encoded = takeBytes();
      budget.spend(2 * encoded.length);
      try {
        return utf8.decode(encoded);
      } catch (cause) {
        throw unreadable(`field ${number} is not UTF-8`, cause);
      }
    },
    number: <N>(wanted: number, take: (from: Cursor) => N): N => {
      want(wanted);
      return take(cursor);
    },
    /** Of a repeated number: many in one field, or each in its own. */
    numbers: <N>(wanted: number, take: (from: Cursor) => N, into: N[]): void => {
      if (wire !== wires.bytes) {
        want(wanted);
        into.push(take(cursor));
        return;
      }
      for (const packed = createCursor(takeBytes()); !packed.isAtEnd(); budget.spend(16)) into.push(take(packed));
    },
    skip: (): void => {
      if (wire === wires.varint) cursor.varint64();
      else if (wire === wires.fixed64) cursor.slice(8);
      else if (wire === wires.fixed32) cursor.slice(4);
      else takeBytes();
    },
  };
};
