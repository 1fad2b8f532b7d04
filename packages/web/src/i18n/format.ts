/** Numbers, shares and times as the reader writes them. UTC throughout: two people on a call read the same time. */
export const createFormat = (locale: string) => {
  const cache = new Map<string, Intl.NumberFormat>();
  const write = (value: number, options: Intl.NumberFormatOptions): string => {
    const key = JSON.stringify(options);
    const format = cache.get(key) ?? new Intl.NumberFormat(locale, options);
    cache.set(key, format);
    // Intl writes a hyphen, which is narrower than a digit.
    return format.format(value).replace('-', '\u2212');
  };
  const number = (value: number, digits = 0): string => write(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const longDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' });
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' });
  return {
    number,
    percent: (share: number, digits = 0): string =>
      write(share, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }),
    time: (at: number): string => clock.format(at),
    /** Three digits that count, however large or small it is. */
    figure: (value: number): string => write(value, { maximumSignificantDigits: 3 }),
    /** A p value below a thousandth is told by its bound: more digits would promise more than a test can know. */
    pValue: (value: number): string => (value < 0.001 ? `<\u00a0${number(0.001, 3)}` : write(value, { maximumSignificantDigits: 2 })),
    day: (at: number): string => longDay.format(at),
    shortDay: (at: number): string => day.format(at),
    hour: (at: number): string => hour.format(at),
    /** From one moment to another; the day is said once where it is the same. */
    span: (from: number, to: number): string => {
      const isSameDay = day.format(from) === day.format(to) && Math.abs(to - from) < 86_400_000;
      const [first, last] = [
        `${day.format(from)} ${hour.format(from)}`,
        isSameDay ? hour.format(to) : `${day.format(to)} ${hour.format(to)}`,
      ];
      return from === to ? first : `${first} – ${last}`;
    },
    /** Without the year and the seconds. */
    dayHour: (at: number): string => `${day.format(at)} ${hour.format(at)}`,
    moment: (at: number): string => `${day.format(at)} ${clock.format(at)} UTC`,
    duration: (seconds: number): string => duration(seconds, number),
    /** Undefined for what happened just now: the catalogue has a word for it. */
    ago: (at: number, now: number): string | undefined => {
      const seconds = Math.max(0, Math.round((now - at) / 1000));
      if (seconds < 3) return undefined;
      if (seconds < 60) return ago.format(-seconds, 'second');
      if (seconds < 3600) return ago.format(-Math.floor(seconds / 60), 'minute');
      if (seconds < 129_600) return ago.format(-Math.round(seconds / 3600), 'hour');
      return ago.format(-Math.round(seconds / 86_400), 'day');
    },
  };
};
export type Format = ReturnType<typeof createFormat>;

const duration = (seconds: number, number: (value: number, digits?: number) => string): string => {
  const space = '\u00a0';
  if (seconds < 0.00995) return `${number(seconds * 1000, 1)}${space}ms`;
  if (seconds < 0.9995) return `${number(seconds * 1000)}${space}ms`;
  if (seconds < 9.95) return `${number(seconds, 1)}${space}s`;
  if (seconds < 90) return `${number(seconds)}${space}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${number(minutes)}${space}min`;
  return `${number(Math.floor(minutes / 60))}${space}h${space}${String(minutes % 60).padStart(2, '0')}`;
};
