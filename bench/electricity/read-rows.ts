import { readFileSync } from 'node:fs';

/** Half an hour of the market: what is known, and whether the price is above the mean of the last day. */
export interface MarketRow {
  readonly number: number;
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
  readonly label: string;
}
const ignored = new Set(['Date', 'class']);
const halfHourMs = 1_800_000;
const begin = Date.parse('1996-05-07T00:00:00.000Z');
export const rowsADay = 48;

/** The rows of the file in the order of time. */
export const readRows = (file: string): MarketRow[] => {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = head!.split(',');
  return lines.map((line, number) => {
    const cells = line.split(',');
    const named = names.map((name, i) => [name, cells[i]!] as const);
    return {
      number,
      time: begin + number * halfHourMs,
      values: Object.fromEntries(named.filter(([name]) => !ignored.has(name)).map(([name, cell]) => [name, Number(cell)])),
      label: cells[names.indexOf('class')]!,
    };
  });
};
