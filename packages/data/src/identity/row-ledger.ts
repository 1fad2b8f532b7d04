import type { Column, RowsDigest } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { createRowEncoder, type RowEncoder } from './canonical-row.ts';
import { HashIndex, HashList } from './hash-list.ts';
import { merkleRoot } from './merkle-root.ts';
import { rowHasher } from './row-hasher.ts';
import { sha256 } from './sha256.ts';
import { sortByHash } from './sort-by-hash.ts';
import { tableDigest } from './table-digest.ts';

/** Digits of a hash that stand in `_row`, and the bytes they come from. */
const idBytes = 16;

/** Hashes rows as they pass, names each, and knows the digest of the table at the end. Keeps hashes only. */
export class RowLedger {
  readonly #columns: readonly Column[];
  readonly #encoder: RowEncoder;
  readonly #hashKey: ((cells: readonly Cell[]) => Buffer) | undefined;
  readonly #rows = new HashList(32);
  readonly #keys: HashList;
  readonly #index: HashIndex;
  /** Positions of equal ones, by the first of them; only where there is more than one. */
  readonly #equal = new Map<number, number[]>();
  #repeated = 0;

  constructor(columns: readonly Column[], key: readonly string[] = []) {
    this.#columns = columns;
    this.#encoder = createRowEncoder(columns.map(({ type }) => type));
    if (key.length > 0) this.#hashKey = rowHasher(columns, key);
    this.#keys = this.#hashKey ? new HashList(idBytes) : this.#rows;
    this.#index = new HashIndex(this.#keys);
  }

  get length(): number {
    return this.#rows.length;
  }
  /** Rows whose key, or without one whose content, was there before. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Takes the next row, and says how many bytes it has. */
  add(cells: readonly Cell[]): number {
    const position = this.#rows.length;
    const encoded = this.#encoder.encode(cells);
    const { length } = encoded;
    this.#rows.push(sha256(encoded));
    if (this.#hashKey) this.#keys.push(this.#hashKey(cells));
    const first = this.#index.first(position);
    if (first !== position) this.#repeat(first, position);
    return length;
  }

  /** `_row` of every row. Equal keys are counted in the order of their rows' hashes, so that the order in the file does not matter. */
  *ids(): Generator<string> {
    const nth = new Map<number, number>();
    for (const equal of this.#equal.values()) {
      const counted = this.#hashKey ? equal.toSorted((a, b) => this.#rows.compare(a, b) || a - b) : equal;
      counted.forEach((position, n) => nth.set(position, n));
    }
    for (let position = 0; position < this.length; position++) {
      const n = nth.get(position) ?? 0;
      const digits = this.#keys.hex(position, idBytes);
      yield n === 0 ? digits : `${digits}.${n}`;
    }
  }

  /** In row order; under a key in the order of its hashes, and ties in that of the rows'. */
  digest(): RowsDigest {
    const order = this.#hashKey && sortByHash(this.#keys, this.#rows);
    return tableDigest(
      this.#columns,
      merkleRoot(this.length, (i) => this.#rows.at(order?.[i] ?? i)),
    );
  }

  #repeat(first: number, position: number): void {
    this.#repeated++;
    const equal = this.#equal.get(first);
    if (equal) equal.push(position);
    else this.#equal.set(first, [first, position]);
  }
}
