import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { damaged } from './package-file.ts';

/** What `sha256sum --check` reads. */
export const digestsFile = 'SHA256SUMS';
/** Hexadecimal SHA-256 by file name. */
export type Digests = ReadonlyMap<string, string>;

export const digestOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const digestOfFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};

export const digestsText = (digests: Digests): string =>
  [...digests]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, digest]) => `${digest}  ${name}\n`)
    .join('');

export const parseDigests = (text: string): Digests => {
  const digests = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, digest, name] = /^([0-9a-f]{64}) {2}(\w[\w.-]*)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined) throw damaged(`a line of ${digestsFile} is not a digest and the name of a file`);
    if (digests.has(name)) throw damaged(`${digestsFile} names ${name} twice`);
    digests.set(name, digest);
  }
  if (digestsText(digests) !== text) throw damaged(`${digestsFile} ends in the middle, or is out of order`);
  return digests;
};
