import { medianOf } from './latencies.ts';
import { figure, printTable } from './table.ts';

/** What was measured once; the name says the unit. */
export type Figures = Readonly<Record<string, number>>;
export interface Contender {
  readonly name: string;
  readonly measure: () => Promise<Figures>;
}

/**
 * Contenders take turns (A, B, A, B …), so that whatever else the machine does meets all of them, and a table tells of each the median, the
 * range, and how many times the last one's it is.
 */
export const compare = async (contenders: readonly Contender[], rounds: number): Promise<void> => {
  const samples = new Map<string, Figures[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, measure } of contenders) {
      process.stderr.write(`round ${round} of ${rounds}: ${name}\n`);
      samples.get(name)!.push(await measure());
    }
  }
  const base = contenders.at(-1)!.name;
  /** Of rounds in which nothing was done there is no median time. */
  const valuesOf = (name: string, key: string): number[] =>
    samples.get(name)!.flatMap((figures) => (Number.isNaN(figures[key] ?? Number.NaN) ? [] : figures[key]!));
  const cell = (name: string, key: string): string => {
    const values = valuesOf(name, key);
    if (values.length === 0) return '–';
    const range = values.length > 1 ? ` (${figure(Math.min(...values))}–${figure(Math.max(...values))})` : '';
    return `${figure(medianOf(values))}${range}`;
  };
  const ratio = (name: string, key: string): string => {
    const [mine = Number.NaN, theirs = Number.NaN] = [name, base].map((one) => medianOf(valuesOf(one, key)));
    return figure(mine / theirs);
  };
  const keys = [...new Set([...samples.values()].flat().flatMap((figures) => Object.keys(figures)))];
  const others = contenders.filter(({ name }) => name !== base).map(({ name }) => name);
  printTable(
    ['', ...others.flatMap((name) => [name, `÷ ${base}`]), base],
    keys.map((key) => [key, ...others.flatMap((name) => [cell(name, key), ratio(name, key)]), cell(base, key)]),
  );
};
