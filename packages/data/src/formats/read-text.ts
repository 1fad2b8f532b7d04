import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { AppError } from '@boucle/contract';

export type Encoding = 'utf-8' | 'latin1';

/** A piece of text; `invalid` is the byte after it that is no UTF-8. */
export interface TextPiece {
  readonly text: string;
  readonly invalid?: number;
}

/** A file's text in pieces, without its byte order mark. Nothing is replaced silently: at the first bad byte it stops and says so. */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<TextPiece> {
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const chunk of createReadStream(path, { highWaterMark: 128 * 1024 }) as AsyncIterable<Buffer>) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (first) {
      refuseOtherEncodings(bytes);
      if (encoding === 'utf-8' && bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) bytes = bytes.subarray(3);
      first = false;
    }
    if (encoding === 'latin1') {
      yield { text: bytes.toString('latin1') };
      continue;
    }
    const end = bytes.length - unfinished(bytes);
    const whole = bytes.subarray(0, end);
    rest = bytes.subarray(end);
    if (isUtf8(whole)) yield { text: whole.toString('utf8') };
    else return yield upToFault(whole);
  }
  if (rest.length > 0) yield { text: '', invalid: rest[0] ?? 0 };
}

const refuseOtherEncodings = (bytes: Buffer): void => {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff')
    throw new AppError('invalid_request', 'The file is UTF-16; save it as UTF-8 and send it again', {
      reason: 'wrong_encoding',
      details: { line: 1 },
    });
};

/** Bytes at the end that begin a character which the next chunk ends. */
const unfinished = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
};

const upToFault = (bytes: Buffer): TextPiece => {
  let [good, bad] = [0, bytes.length];
  // The longest valid beginning, by halves; one that ends within a character counts as valid there.
  while (good < bad - 1) {
    const middle = (good + bad) >> 1;
    const head = bytes.subarray(0, middle);
    if (isUtf8(head.subarray(0, middle - unfinished(head)))) good = middle;
    else bad = middle;
  }
  const head = bytes.subarray(0, good);
  const end = good - unfinished(head);
  return { text: bytes.toString('utf8', 0, end), invalid: bytes[end] ?? 0 };
};
