import { sha256 } from './sha256.ts';

/** Children of one node: a proof for one row among a million carries five times fifteen hashes. */
const fan = 16;
const size = 32;

/**
 * The root over row hashes in their order: nodes are SHA-256 of the byte 1 and up to sixteen children, level by level; a lone hash is its own root;
 * of nothing, SHA-256 of the byte 1.
 */
export const merkleRoot = (count: number, leaf: (index: number) => Uint8Array): Buffer => {
  const node = Buffer.alloc(1 + fan * size);
  node[0] = 1;
  if (count === 0) return sha256(node.subarray(0, 1));
  let level = Buffer.allocUnsafe(count * size);
  for (let i = 0; i < count; i++) level.set(leaf(i), i * size);
  while (level.length > size) {
    const parents = Buffer.allocUnsafe(Math.ceil(level.length / size / fan) * size);
    for (let from = 0, to = 0; from < level.length; from += fan * size, to += size) {
      const copied = level.copy(node, 1, from, from + fan * size);
      parents.set(sha256(node.subarray(0, 1 + copied)), to);
    }
    level = parents;
  }
  return level;
};
