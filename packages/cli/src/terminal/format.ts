const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
/** 14,640 */
export const count = (n: number): string => numbers.format(n);

/** One or many: `plural(1, 'row')` is `1 row`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

export const bytes = (n: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = n < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${units[power]}`;
};

export const seconds = (s: number): string => {
  if (s < 0.0995) return `${Math.round(s * 1000)} ms`;
  if (s < 60) return `${s.toFixed(1)} s`;
  const minutes = Math.floor(s / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(s % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** `2026-11-21 10:04:05Z`, of a time as the API gives it. */
export const time = (iso: string | null): string => (iso === null ? '' : iso.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z'));

export const between = (start: string | null, end: string | null): number | null =>
  start === null || end === null ? null : (Date.parse(end) - Date.parse(start)) / 1000;

/** `rows:1a2b3c4d5e6f…`: enough to compare by eye; `--json` has it whole. */
export const short = (digest: string): string => digest.replace(/^(\w+:[0-9a-f]{12})[0-9a-f]+$/, '$1…');

/** A metric: enough digits to tell two models apart. */
export const measure = (value: number | string): string =>
  typeof value === 'string' || Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));

/** A cell of a table or a value of an answer, on one line. */
export const value = (given: unknown): string =>
  typeof given === 'string' ? given.replaceAll(/\s+/g, ' ') : given === null || given === undefined ? '' : JSON.stringify(given);

/** What an endpoint answered: `label negative, score 0.86194`. */
export const answer = (outputs: unknown): string =>
  typeof outputs === 'object' && outputs !== null && !Array.isArray(outputs)
    ? Object.entries(outputs)
        .map(([name, output]) => `${name} ${part(output)}`)
        .join(', ')
    : part(outputs);
const part = (output: unknown): string => {
  if (typeof output === 'number') return measure(output);
  return Array.isArray(output) ? output.map(part).join(' ') : value(output);
};

export const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
