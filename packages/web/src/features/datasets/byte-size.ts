import type { Format } from '../../i18n/format.ts';

/** `1.2 MB`: the words of the unit are the catalogue's. */
export const byteSize = (bytes: number, f: Format, say: (n: string, unit: number) => string): string => {
  const unit = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const n = bytes / 1000 ** unit;
  return say(f.number(n, unit === 0 || n >= 100 ? 0 : 1), unit);
};
