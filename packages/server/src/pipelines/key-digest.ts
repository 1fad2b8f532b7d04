import { createHash } from 'node:crypto';
import { type CacheKeyParts, canonicalJson } from '@boucle/contract';

/** SHA-256 of the parts, in hexadecimal digits. */
export const cacheKeyOf = (parts: CacheKeyParts): string => createHash('sha256').update(canonicalJson(parts)).digest('hex');

/** What a step's `random` starts from: the same key, the same numbers. */
export const seedOf = (key: string): string => createHash('sha256').update(`seed:${key}`).digest('hex');
