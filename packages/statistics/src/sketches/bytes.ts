/** The first byte of a sketch's compact form: which kind it is. The second is the version of that form. */
const kinds = { quantiles: 1, distinct: 2, frequent: 3, moments: 4 } as const;
export type SketchKind = keyof typeof kinds;
const version = 1;

export interface ByteWriter {
  readonly byte: (value: number) => void;
  /** A whole number from 0 to 2⁵³ - 1, seven bits a byte, the lowest first. */
  readonly whole: (value: number) => void;
  readonly float: (value: number) => void;
  readonly text: (value: string) => void;
  readonly bytes: (values: Uint8Array) => void;
  readonly done: () => Uint8Array;
}

export const createByteWriter = (kind: SketchKind): ByteWriter => {
  let buffer = new Uint8Array(256);
  let length = 0;
  const claim = (more: number): number => {
    if (length + more > buffer.length) {
      const larger = new Uint8Array(Math.max(2 * buffer.length, length + more));
      larger.set(buffer);
      buffer = larger;
    }
    length += more;
    return length - more;
  };
  const byte = (value: number): void => {
    const at = claim(1);
    buffer[at] = value;
  };
  const whole = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    byte(rest);
  };
  const bytes = (values: Uint8Array): void => {
    const at = claim(values.length);
    buffer.set(values, at);
  };
  byte(kinds[kind]);
  byte(version);
  return {
    byte,
    whole,
    bytes,
    float: (value) => {
      const at = claim(8);
      new DataView(buffer.buffer).setFloat64(at, value, true);
    },
    text: (value) => {
      const encoded = new TextEncoder().encode(value);
      whole(encoded.length);
      bytes(encoded);
    },
    done: () => buffer.slice(0, length),
  };
};

export interface ByteReader {
  readonly byte: () => number;
  readonly whole: () => number;
  readonly float: () => number;
  readonly text: () => string;
  readonly bytes: (length: number) => Uint8Array;
  /** Bytes that are left over mean that the form is not what it says. */
  readonly done: () => void;
}

/** RangeError for bytes that are no `kind`, or that end early or late. */
export const createByteReader = (kind: SketchKind, from: Uint8Array): ByteReader => {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  let at = 0;
  const claim = (more: number): number => {
    if (at + more > from.length) throw new RangeError(`The bytes of this ${kind} sketch end too early; store and read them whole`);
    at += more;
    return at - more;
  };
  const byte = (): number => view.getUint8(claim(1));
  const whole = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const part = byte();
      value += (part % 128) * scale;
      if (!Number.isSafeInteger(value)) throw new RangeError(`The bytes of this ${kind} sketch hold a number above 2^53`);
      if (part < 128) return value;
    }
  };
  const bytes = (length: number): Uint8Array => {
    const start = claim(length);
    return from.subarray(start, start + length);
  };
  if (byte() !== kinds[kind] || byte() !== version) throw new RangeError(`These bytes are no ${kind} sketch of version ${version}`);
  return {
    byte,
    whole,
    bytes,
    float: () => view.getFloat64(claim(8), true),
    text: () => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(whole())),
    done: () => {
      if (at !== from.length) throw new RangeError(`The bytes of this ${kind} sketch go on after its end`);
    },
  };
};
