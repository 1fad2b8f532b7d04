import { DuckDBDateValue, DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBTimeValue } from '@duckdb/node-api';
import { formatClock, formatDays, formatMoment, parseClock, parseDays, parseMoment } from './calendar.ts';
import { type CellType, wholeCell } from './cell.ts';

const fromText =
  <C>(parse: (text: string) => C | undefined) =>
  (value: unknown): C | undefined =>
    typeof value === 'string' ? parse(value) : undefined;

export const dateCell: CellType<number> = {
  noun: 'a date such as 2026-01-31',
  parse: parseDays,
  accept: fromText(parseDays),
  present: formatDays,
  json: formatDays,
  store: (cell) => new DuckDBDateValue(cell),
  load: (value) => (value instanceof DuckDBDateValue && value.isFinite ? value.days : undefined),
};

export const timeCell: CellType<number> = {
  noun: 'a time of day such as 23:59:59.5',
  parse: parseClock,
  accept: fromText(parseClock),
  present: formatClock,
  json: formatClock,
  store: (cell) => new DuckDBTimeValue(BigInt(cell)),
  load: (value) => (value instanceof DuckDBTimeValue ? Number(value.micros) : undefined),
};

const parseMomentOf = (zoned: boolean) => (text: string) => {
  const moment = parseMoment(text);
  return moment?.zoned === zoned ? moment.micros : undefined;
};
const parseTimestamp = parseMomentOf(true);
const parseLocal = parseMomentOf(false);
const formatTimestamp = (cell: number | bigint): string => `${formatMoment(cell)}Z`;

export const timestampCell: CellType<number | bigint> = {
  noun: 'a time with its zone such as 2026-01-31T23:59:59Z',
  parse: parseTimestamp,
  accept: (value) =>
    value instanceof Date && Number.isFinite(value.getTime())
      ? wholeCell(BigInt(value.getTime()) * 1000n)
      : fromText(parseTimestamp)(value),
  present: formatTimestamp,
  json: formatTimestamp,
  store: (cell) => new DuckDBTimestampTZValue(BigInt(cell)),
  load: (value) => (value instanceof DuckDBTimestampTZValue && value.isFinite ? wholeCell(value.micros) : undefined),
};

export const localTimestampCell: CellType<number | bigint> = {
  noun: 'a time without a zone such as 2026-01-31T23:59:59',
  parse: parseLocal,
  accept: fromText(parseLocal),
  present: formatMoment,
  json: formatMoment,
  store: (cell) => new DuckDBTimestampValue(BigInt(cell)),
  load: (value) => (value instanceof DuckDBTimestampValue && value.isFinite ? wholeCell(value.micros) : undefined),
};
