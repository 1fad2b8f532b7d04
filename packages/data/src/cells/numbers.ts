import { DuckDBDecimalValue } from '@duckdb/node-api';
import { type CellType, wholeCell } from './cell.ts';

export const boolCell: CellType<boolean> = {
  noun: 'true or false',
  parse: (text) => (/^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined),
  accept: (value) => (typeof value === 'boolean' ? value : undefined),
  present: (cell) => cell,
  json: (cell) => cell,
  store: (cell) => cell,
  load: (value) => (typeof value === 'boolean' ? value : undefined),
};

const parseInteger = (text: string): number | bigint | undefined => {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  if (text.length < 16) return Number(text) || 0;
  const whole = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, whole) === whole ? wholeCell(whole) : undefined;
};

export const intCell: CellType<number | bigint> = {
  noun: 'a whole number of 64 bits',
  parse: parseInteger,
  accept: (value) => {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value || 0 : undefined;
    if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? wholeCell(value) : undefined;
    // JSON carries what is beyond 2⁵³ as text; nothing else may come as one.
    const parsed = typeof value === 'string' ? parseInteger(value) : undefined;
    return typeof parsed === 'bigint' ? parsed : undefined;
  },
  present: (cell) => cell,
  json: (cell) => (typeof cell === 'bigint' ? String(cell) : cell),
  store: (cell) => BigInt(cell),
  load: (value) => (typeof value === 'bigint' ? wholeCell(value) : undefined),
};

const special: Readonly<Record<string, number>> = {
  nan: NaN,
  infinity: Infinity,
  inf: Infinity,
  '-infinity': -Infinity,
  '-inf': -Infinity,
};
const floatPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** NaN and infinities as files write them. */
export const specialFloat = (text: string): number | undefined => special[text.toLowerCase()];

export const floatCell: CellType<number> = {
  noun: 'a number',
  parse: (text) => (floatPattern.test(text) ? Number(text) : specialFloat(text)),
  accept: (value) => {
    if (typeof value === 'number') return value;
    return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined;
  },
  present: (cell) => cell,
  json: (cell) => (Number.isFinite(cell) ? cell || 0 : String(cell)),
  store: (cell) => cell,
  load: (value) => (typeof value === 'number' ? value : undefined),
};

const limit = 10n ** 38n;

/** The digits at a given scale; what would need rounding does not fit. */
const parseDecimal = (text: string, scale: number): bigint | undefined => {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  if (whole + fraction === '' || digits.length > scale || whole.length > 1000) return undefined;
  const value = BigInt(whole + digits.padEnd(scale, '0'));
  return value < limit ? (sign === '-' ? -value : value) : undefined;
};

const decimalText = (cell: bigint, scale: number): string => {
  const digits = String(cell < 0n ? -cell : cell).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return cell < 0n ? `-${text}` : text;
};

/** Exact numbers of 38 digits, `scale` of them after the point; programs see their text. */
export const decimalCell = (scale: number): CellType<bigint> => ({
  noun: `a decimal of at most 38 digits, ${scale} after the point`,
  parse: (text) => parseDecimal(text, scale),
  accept: (value) => {
    if (typeof value === 'string') return parseDecimal(value, scale);
    return typeof value === 'number' || typeof value === 'bigint' ? parseDecimal(String(value), scale) : undefined;
  },
  present: (cell) => decimalText(cell, scale),
  json: (cell) => decimalText(cell, scale),
  store: (cell) => new DuckDBDecimalValue(cell, 38, scale),
  load: (value) => (value instanceof DuckDBDecimalValue ? value.value : undefined),
});
