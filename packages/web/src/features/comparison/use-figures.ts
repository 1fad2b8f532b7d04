import { useI18n } from '../../i18n/i18n.tsx';
import type { Format } from '../../i18n/format.ts';
import type { ComparisonWords } from './words-en.ts';
import { useComparisonWords } from './use-comparison-words.ts';

/** Numbers of each unit as they are read. */
export const useFigures = (currency: string) => figures(useI18n().f, useComparisonWords().units, currency);

const space = '\u00a0';
const figures = (f: Format, units: ComparisonWords['units'], currency: string) => ({
  seconds: (value: number): string => (value < 1e-3 ? `${f.figure(value * 1e6)}${space}${units.microseconds}` : f.duration(value)),
  bytes: (value: number): string => {
    const power = value < 1e6 ? 1 : value < 1e9 ? 2 : 3;
    return `${f.figure(value / 1000 ** power)}${space}${units.bytes[power - 1]!}`;
  },
  wattHours: (value: number): string => `${small(value, f)}${space}${units.wattHours}`,
  perSecond: (value: number): string => `${f.number(value)}${space}${units.perSecond}`,
  price: (value: number): string => `${small(value, f)}${space}${currency}`,
  share: (value: number): string => f.percent(value, 1),
});

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** What is far below what anybody pays is written by its power of ten. */
const small = (value: number, f: Format): string => {
  if (value === 0 || value >= 1e-4) return f.figure(value);
  const power = Math.floor(Math.log10(value));
  const digits = String(-power).replaceAll(/\d/g, (digit) => raised[Number(digit)]!);
  return `${f.figure(value / 10 ** power)}${space}×${space}10⁻${digits}`;
};
