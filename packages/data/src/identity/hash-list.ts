/** Hashes of one width, side by side: no object per row, so that millions fit into memory. */
export class HashList {
  readonly width: number;
  #bytes: Buffer;
  #length = 0;
  constructor(width: number) {
    this.width = width;
    this.#bytes = Buffer.allocUnsafe(width * 4096);
  }
  get length(): number {
    return this.#length;
  }
  /** Takes the first `width` bytes. */
  push(hash: Uint8Array): void {
    const from = this.#length++ * this.width;
    if (from === this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes.set(hash.length === this.width ? hash : hash.subarray(0, this.width), from);
  }
  at(index: number): Buffer {
    return this.#bytes.subarray(index * this.width, (index + 1) * this.width);
  }
  hex(index: number, bytes = this.width): string {
    return this.#bytes.toString('hex', index * this.width, index * this.width + bytes);
  }
  /** The first 32 bits, for tables of hashes. */
  prefix(index: number): number {
    return this.#bytes.readUInt32BE(index * this.width);
  }
  compare(a: number, b: number): number {
    const difference = this.prefix(a) - this.prefix(b);
    const { width } = this;
    return difference === 0 ? this.#bytes.compare(this.#bytes, b * width, (b + 1) * width, a * width, (a + 1) * width) : difference;
  }
  equal(a: number, b: number): boolean {
    return this.compare(a, b) === 0;
  }
}

/** Where a hash of the list stood first: open addressing over positions, four bytes a row. */
export class HashIndex {
  readonly #list: HashList;
  #slots = new Int32Array(1 << 12).fill(-1);
  #used = 0;
  constructor(list: HashList) {
    this.#list = list;
  }
  /** The first position of the hash that stands at `position`; that itself if it is new. */
  first(position: number): number {
    if (this.#used * 2 >= this.#slots.length) this.#grow();
    const slot = this.#find(position);
    const held = this.#slots[slot] ?? -1;
    if (held >= 0) return held;
    this.#slots[slot] = position;
    this.#used++;
    return position;
  }
  #find(position: number): number {
    const mask = this.#slots.length - 1;
    // A prefix of SHA-256 is spread well enough as it is.
    let slot = this.#list.prefix(position) & mask;
    for (;;) {
      const held = this.#slots[slot] ?? -1;
      if (held < 0 || this.#list.equal(held, position)) return slot;
      slot = (slot + 1) & mask;
    }
  }
  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(-1);
    for (const position of old) if (position >= 0) this.#slots[this.#find(position)] = position;
  }
}
