/** Rows that belong together, by union: each row has a parent, and a group is known by the row that is its own. */
export class RowGroups {
  readonly #parent: Int32Array;
  constructor(rows: number) {
    this.#parent = Int32Array.from({ length: rows }, (_, i) => i);
  }
  find(row: number): number {
    let at = row;
    for (;;) {
      const up = this.#parent[at] ?? at;
      if (up === at) return at;
      // Halves the way for whoever comes next.
      const above = this.#parent[up] ?? up;
      this.#parent[at] = above;
      at = above;
    }
  }
  join(a: number, b: number): void {
    this.#parent[this.find(a)] = this.find(b);
  }
}
