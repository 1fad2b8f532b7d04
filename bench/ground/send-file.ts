import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const piece = Buffer.alloc(2 ** 20, 'every megabyte is the same');

/** Uploads so many bytes, a megabyte at a time. */
export const sendFile = async (url: string, bytes: number): Promise<void> => {
  const sent = request(url, { method: 'PUT', headers: { 'content-length': bytes, 'content-type': 'application/octet-stream' } });
  const answered = new Promise<number>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode!)));
  });
  await pipeline(
    Readable.from(
      (function* () {
        for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
      })(),
    ),
    sent,
  );
  const status = await answered;
  if (status !== 200) throw new Error(`The upload was answered with HTTP ${status}`);
};
