import { invalid } from '@boucle/contract';

export type Setting = number | string | boolean;
/** One value for each dimension that is active. */
export type Settings = Readonly<Record<string, Setting>>;

interface Conditional {
  /** Only where the dimensions named here have one of these values; without it, always. */
  readonly when?: Readonly<Record<string, readonly Setting[]>>;
}
export type Dimension = Conditional &
  (
    | { readonly kind: 'real'; readonly low: number; readonly high: number }
    /** Its logarithm is spread evenly: for what is known by its order of magnitude, as a learning rate is. */
    | { readonly kind: 'log-real'; readonly low: number; readonly high: number }
    /** Both ends included. */
    | { readonly kind: 'integer'; readonly low: number; readonly high: number }
    | { readonly kind: 'choice'; readonly values: readonly Setting[] }
  );
/** Plain data, so that it can stand in a plan. The order of its names means nothing. */
export type Space = Readonly<Record<string, Dimension>>;

export type Named = readonly [name: string, dimension: Dimension];

/** The dimensions, each after those that its condition names, else by name. invalid_request (`bad_space`) for what cannot be searched. */
export const orderedSpace = (space: Space): readonly Named[] => {
  const names = Object.keys(space).sort();
  if (names.length === 0) throw refused('The space has no dimension; name at least one option to search');
  const order: Named[] = [];
  const visited = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    if (visited.get(name) === 'done') return;
    if (visited.get(name) === 'open') throw refused(`The conditions of "${name}" lead back to itself`);
    visited.set(name, 'open');
    const dimension = space[name]!;
    refuseEmpty(name, dimension);
    const { when = {} } = dimension;
    for (const other of Object.keys(when).sort()) {
      if (!space[other]) throw refused(`"${name}" depends on "${other}", which is not in the space`);
      if (when[other]!.length === 0) throw refused(`"${name}" is for no value of "${other}"`);
      visit(other);
    }
    visited.set(name, 'done');
    order.push([name, dimension]);
  };
  names.forEach(visit);
  return order;
};

/** Whether a dimension counts beside the settings of those before it. */
export const isActive = ({ when = {} }: Dimension, settings: Settings): boolean =>
  Object.entries(when).every(([name, values]) => Object.hasOwn(settings, name) && values.includes(settings[name]!));

/** Whether these settings could have been suggested: every active dimension has a value of its range, and nothing else is there. */
export const isWithin = (space: Space, settings: Settings): boolean => {
  const active = orderedSpace(space).filter(([, dimension]) => isActive(dimension, settings));
  return (
    active.length === Object.keys(settings).length &&
    active.every(([name, dimension]) => Object.hasOwn(settings, name) && holds(dimension, settings[name]!))
  );
};

const holds = (dimension: Dimension, value: Setting): boolean => {
  if (dimension.kind === 'choice') return dimension.values.includes(value);
  if (typeof value !== 'number' || !(value >= dimension.low && value <= dimension.high)) return false;
  return dimension.kind !== 'integer' || Number.isInteger(value);
};

const refused = (message: string) => invalid(message, 'bad_space');

const refuseEmpty = (name: string, dimension: Dimension): void => {
  if (dimension.kind === 'choice') {
    if (dimension.values.length === 0) throw refused(`"${name}" has no value to choose from`);
    if (new Set(dimension.values).size < dimension.values.length) throw refused(`"${name}" lists a value twice`);
    return;
  }
  const { kind, low, high } = dimension;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
    throw refused(`"${name}" goes from ${low} to ${high}; it needs two numbers, the lower one first`);
  if (kind === 'log-real' && low <= 0) throw refused(`"${name}" goes from ${low} by orders of magnitude, which needs a number above 0`);
  if (kind === 'integer' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    throw refused(`"${name}" goes from ${low} to ${high}; it needs whole numbers`);
};
