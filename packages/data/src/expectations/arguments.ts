import { invalid } from '@boucle/contract';

/** The arguments of an expectation, taken one by one; what is left at the end was misspelt. */
export class Arguments {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #taken = new Set<string>();
  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = given;
  }
  take(name: string): unknown {
    this.#taken.add(name);
    return Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
  }
  list(name: string): readonly unknown[] {
    const value = this.take(name);
    if (!Array.isArray(value)) throw bad(`"${name}" has to be a list`);
    return value;
  }
  text(name: string): string {
    const value = this.take(name);
    if (typeof value !== 'string') throw bad(`"${name}" has to be a text`);
    return value;
  }
  number(name: string): number | undefined {
    const value = this.take(name) ?? undefined;
    if (value !== undefined && !Number.isFinite(value)) throw bad(`"${name}" has to be a number`);
    return value as number | undefined;
  }
  /** The share of rows that has to be as expected; all of them unless said. */
  mostly(): number {
    const value = this.number('mostly') ?? 1;
    if (value < 0 || value > 1) throw bad('"mostly" has to be a share between 0 and 1');
    return value;
  }
  finish(): void {
    const left = Object.keys(this.#given).filter((name) => !this.#taken.has(name));
    if (left.length > 0) throw bad(`There is no argument "${left.join('", "')}"; there are ${[...this.#taken].join(', ')}`);
  }
}

const bad = (message: string) => invalid(message, 'bad_expectation');
