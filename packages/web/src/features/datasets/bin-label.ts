import type { ColumnDistribution } from '@boucle/contract';
import type { Format } from '../../i18n/format.ts';

type Bin = ColumnDistribution['bins'][number];
type Of = ColumnDistribution['of'];

/** An edge of a bin: years and days for times, else three digits that count. */
export const edgeText = (value: number, of: Of, f: Format): string => {
  if (of === 'time') return new Date(value).toISOString().slice(0, 10);
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? f.number(value) : f.figure(value);
};

export const binText = ({ from, to }: Bin, of: Of, f: Format): string => {
  const [first, last] = [edgeText(from, of, f), edgeText(to, of, f)];
  return first === last ? first : `${first} – ${last}`;
};
