import { wholeCell } from './cell.ts';

/** Days and microseconds since 1970 in the proleptic Gregorian calendar, from ISO 8601 and back; years 0001 to 9999. */
const dayMs = 86_400_000;
const dayMicros = 86_400_000_000;

export const parseDays = (text: string): number | undefined => {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // Date rolls 31 April over to May.
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / dayMs : undefined;
};

export const formatDays = (days: number): string => {
  const date = new Date(days * dayMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
};

/** Microseconds since midnight. */
export const parseClock = (text: string): number | undefined => {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text);
  if (!match) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const fraction = (match[4] ?? '').padEnd(9, '0');
  // Finer than a microsecond would have to be cut off.
  if (hour > 23 || minute > 59 || second > 59 || !fraction.endsWith('000')) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1e6 + Number(fraction.slice(0, 6));
};

export const formatClock = (micros: number): string => {
  const seconds = Math.floor(micros / 1e6);
  const two = (value: number): string => String(value).padStart(2, '0');
  const fraction = String(micros % 1e6)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction ? `${clock}.${fraction}` : clock;
};

/** Date and clock; `zone` is `Z`, an offset, or absent. */
export const parseMoment = (text: string): { micros: number | bigint; zoned: boolean } | undefined => {
  const match = /^(\d{4}-\d\d-\d\d)[T ]([\d:.]+)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text);
  if (!match) return undefined;
  const days = parseDays(match[1] ?? '');
  const clock = parseClock(match[2] ?? '');
  if (days === undefined || clock === undefined) return undefined;
  const zone = match[3];
  const offset = zone === undefined || zone === 'Z' ? 0 : offsetMicros(zone);
  return offset === undefined
    ? undefined
    : { micros: wholeCell(BigInt(days) * BigInt(dayMicros) + BigInt(clock - offset)), zoned: zone !== undefined };
};

const offsetMicros = (zone: string): number | undefined => {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  return hours > 18 || minutes > 59 ? undefined : (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60e6;
};

export const formatMoment = (micros: number | bigint): string => {
  const whole = BigInt(micros);
  const rest = ((whole % BigInt(dayMicros)) + BigInt(dayMicros)) % BigInt(dayMicros);
  return `${formatDays(Number((whole - rest) / BigInt(dayMicros)))}T${formatClock(Number(rest))}`;
};
