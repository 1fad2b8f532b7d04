import type { Format } from '../../i18n/format.ts';

/** `1.62 MB`: bytes as a person reads them. */
export const sizeOf = (bytes: number, units: readonly string[], f: Format): string => {
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${f.figure(bytes / 1000 ** power)}\u00a0${units[power]}`;
};
