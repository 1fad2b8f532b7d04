import type { Format } from '../../i18n/format.ts';

type Real = number | 'NaN' | 'Infinity' | '-Infinity';

/** A metric may be anything that a double is. */
export const metricText = (f: Format, value: Real | undefined): string => {
  if (value === undefined) return '–';
  const number = Number(value);
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞';
  const size = Math.abs(number);
  if (number !== 0 && (size >= 1e9 || size < 1e-4)) return number.toExponential(3).replace('-', '−').replace('e-', 'e−').replace('e+', 'e');
  if (Number.isInteger(number)) return f.number(number);
  return f.number(number, size >= 1000 ? 1 : size >= 10 ? 2 : 4);
};
