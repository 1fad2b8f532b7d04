import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { byteRangeOf, type ByteRange } from './byte-range.ts';

/** What a download hands over: bytes that can be opened at any place. */
export interface Download {
  readonly size: number;
  readonly name: string;
  readonly etag: string;
  readonly media?: string;
  open(range?: ByteRange): Promise<Readable>;
}

/** The whole or the range that was asked for; always to be kept as a file, whatever is in it. */
export const sendDownload = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { media, download }: { media: string; download: Download },
): Promise<FastifyReply> => {
  const { size, name, etag } = download;
  void reply
    .type(download.media ?? media)
    .header('etag', `"${etag}"`)
    .header('accept-ranges', 'bytes')
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; ${fileName(name)}`);
  const range = size > 0 ? byteRangeOf(request.headers.range, size) : undefined;
  if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  void reply.header('content-length', range ? range.end - range.start + 1 : size);
  // Sent without anything, Fastify would say that there is nothing.
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  return reply.send(await download.open(range));
};

/** RFC 6266: a plain name, in quotes where it is more than one word, and beside it the whole one where the plain one cannot say it. */
const fileName = (name: string): string => {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const quoted = isToken.test(plain) ? `filename=${plain}` : `filename="${plain}"`;
  return plain === name ? quoted : `${quoted}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escaped)}`;
};
const isToken = /^[\w!#$&'*+.^`|~-]+$/;
const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
