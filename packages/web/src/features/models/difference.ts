export interface Pair<T> {
  readonly name: string;
  /** Undefined where it has none. */
  readonly here: T | undefined;
  readonly there: T | undefined;
}

/** What two things have under the same name, and how many of it is alike. */
export const differenceOf = <T>(
  here: ReadonlyMap<string, T>,
  there: ReadonlyMap<string, T>,
  isSame: (a: T, b: T) => boolean = Object.is,
): { readonly differing: readonly Pair<T>[]; readonly same: number } => {
  const names = [...new Set([...here.keys(), ...there.keys()])].sort();
  const pairs = names.map((name) => ({ name, here: here.get(name), there: there.get(name) }));
  const differing = pairs.filter(({ here: a, there: b }) => a === undefined || b === undefined || !isSame(a, b));
  return { differing, same: pairs.length - differing.length };
};
