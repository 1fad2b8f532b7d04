import { Readable, Transform } from 'node:stream';
import type { Bytes } from '@boucle/sdk';

/** The same bytes; says of each piece how long it is once it is wanted. */
export const counted = (bytes: Readable, onBytes: (count: number) => void): Readable =>
  bytes.compose(
    new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        onBytes(chunk.length);
        done(null, chunk);
      },
    }),
  ) as Readable;

/** Node's streams and those of fetch are one thing with two types. */
export const toBody = (bytes: Readable): Bytes => Readable.toWeb(bytes) as unknown as Bytes;
