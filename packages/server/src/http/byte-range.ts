import { AppError } from '@boucle/contract';

export interface ByteRange {
  readonly start: number;
  /** The last byte, inclusive. */
  readonly end: number;
}

/** One range of RFC 9110, section 14; several at once are answered whole, as the RFC allows. */
export const byteRangeOf = (header: string | undefined, size: number): ByteRange | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  // No range at all, says the RFC, and what is none is passed over.
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end || start >= size) {
    throw new AppError('invalid_request', `Bytes ${header} are not there: it has ${size}`, {
      reason: 'range_not_satisfiable',
      details: { size },
    });
  }
  return { start, end };
};
