import { type CacheKeyParts, canonicalJson } from '@boucle/contract';
import { sha256 } from '../folder-tree.ts';

/** What a step's outputs are found by: equal keys, equal outputs. 64 hexadecimal digits. */
export const cacheKeyOf = (parts: CacheKeyParts): string => sha256(canonicalJson({ format: 'boucle.key/1', ...parts }));

/** What a step's `random` starts from. It follows from the key, so that the same step gives the same numbers. */
export const seedOf = (key: string): string => sha256(`boucle.seed/1 ${key}`);
