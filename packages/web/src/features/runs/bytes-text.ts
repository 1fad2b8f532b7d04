import type { Format } from '../../i18n/format.ts';

export const bytesText = (f: Format, bytes: number): string => {
  const space = '\u00a0';
  if (bytes < 1000) return `${f.number(bytes)}${space}B`;
  return bytes < 1e6 ? `${f.figure(bytes / 1e3)}${space}kB` : `${f.figure(bytes / 1e6)}${space}MB`;
};
