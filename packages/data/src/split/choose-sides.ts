import { HashIndex, HashList } from '../identity/hash-list.ts';
import { sha256 } from '../identity/sha256.ts';
import { RowGroups } from './row-groups.ts';

export const sides = ['train', 'validation', 'test'] as const;
export type Side = (typeof sides)[number];

/** What decides over each row: the hash of its key, and the hash of what it says beside it. */
export interface RowHashes {
  readonly keys: HashList;
  readonly contents: HashList;
}

/** The side of each row, as its place in `sides`. */
export const chooseSides = (
  hashes: RowHashes,
  { seed, validation, test }: { seed: number; validation: number; test: number },
): Uint8Array => {
  const rows = hashes.keys.length;
  const groups = new RowGroups(rows);
  for (const list of [hashes.keys, hashes.contents]) {
    const index = new HashIndex(list);
    for (let row = 0; row < rows; row++) groups.join(row, index.first(row));
  }
  const smallest = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    const group = groups.find(row);
    const held = smallest[group] ?? -1;
    if (held < 0 || hashes.contents.compare(row, held) < 0) smallest[group] = row;
  }
  const draw = drawer(hashes.contents, seed);
  const chosen = new Map<number, number>();
  return Uint8Array.from({ length: rows }, (_, row) => {
    const group = groups.find(row);
    const known = chosen.get(group);
    if (known !== undefined) return known;
    const drawn = draw(smallest[group] ?? row);
    // The hold-out comes first, so that another share for validation leaves it as it is.
    const side = drawn < test ? 2 : drawn < test + validation ? 1 : 0;
    chosen.set(group, side);
    return side;
  });
};

/** A number in [0, 1) that belongs to a seed and a content. */
const drawer = (contents: HashList, seed: number) => {
  const prefix = Buffer.from(`boucle.split/1 ${seed}\n`);
  return (row: number): number => sha256(Buffer.concat([prefix, contents.at(row)])).readUIntBE(0, 6) / 2 ** 48;
};
