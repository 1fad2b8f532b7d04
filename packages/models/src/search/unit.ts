import type { Dimension, Setting } from './space.ts';

/** A dimension laid out on the line from 0 to 1. A whole number owns a cell of its own width, both ends included. */
export type Numeric = Exclude<Dimension, { readonly kind: 'choice' }>;

export const toUnit = ({ kind, low, high }: Numeric, value: number): number => {
  if (kind === 'integer') return (value - low + 0.5) / (high - low + 1);
  if (low === high) return 0.5;
  return kind === 'log-real' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
};

/** The value at a place of the line; rounding never leads out of the range. */
export const fromUnit = ({ kind, low, high }: Numeric, place: number): number => {
  if (kind === 'integer') return clamp(low + Math.floor(place * (high - low + 1)), low, high);
  return clamp(kind === 'log-real' ? low * (high / low) ** place : low + (high - low) * place, low, high);
};

/** Half the width of a value's cell on the line; 0 where values lie dense. */
export const halfCell = ({ kind, low, high }: Numeric): number => (kind === 'integer' ? 0.5 / (high - low + 1) : 0);

export const isNumeric = (dimension: Dimension): dimension is Numeric => dimension.kind !== 'choice';

/** Values of a dimension that are spread evenly: all of a choice, all whole numbers of a short range, else so many. */
export const spreadOf = (dimension: Dimension, points: number): readonly Setting[] => {
  if (dimension.kind === 'choice') return dimension.values;
  const count =
    dimension.low === dimension.high ? 1 : dimension.kind === 'integer' ? Math.min(points, dimension.high - dimension.low + 1) : points;
  const places = Array.from({ length: count }, (_, i) => (count === 1 ? 0.5 : i / (count - 1)));
  return [...new Set(places.map((place) => fromUnit(dimension, place)))];
};

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
