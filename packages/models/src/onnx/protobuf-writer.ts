/** A message as the pieces it is made of: large ones are views of the caller's memory, never copied before they reach their file. */
export interface Message {
  readonly chunks: readonly Uint8Array[];
  readonly size: number;
}

const utf8 = new TextEncoder();

/** Writes the fields of one message (https://protobuf.dev/programming-guides/encoding). Small fields share one growing buffer. */
export const createMessage = () => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let small: number[] = [];

  const flush = (): void => {
    if (small.length > 0) chunks.push(Uint8Array.from(small));
    small = [];
  };
  const varint = (value: number): void => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an integer that can be written`);
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      small.push(rest > 0n ? low | 0x80 : low);
      size++;
    } while (rest > 0n);
  };
  const bytes = (field: number, ...parts: readonly Uint8Array[]): void => {
    varint(field * 8 + 2);
    varint(parts.reduce((sum, part) => sum + part.length, 0));
    for (const part of parts) {
      size += part.length;
      if (part.length > 64) {
        flush();
        chunks.push(part);
      } else small.push(...part);
    }
  };

  return {
    int: (field: number, value: number): void => {
      varint(field * 8);
      varint(value);
    },
    float: (field: number, value: number): void => {
      varint(field * 8 + 5);
      small.push(...new Uint8Array(Float32Array.of(value).buffer));
      size += 4;
    },
    bytes,
    text: (field: number, value: string): void => bytes(field, utf8.encode(value)),
    message: (field: number, { chunks: parts }: Message): void => bytes(field, ...parts),
    end: (): Message => {
      flush();
      return { chunks, size };
    },
  };
};
