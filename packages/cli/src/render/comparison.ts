import type { Run } from '@boucle/contract';

/** One line of a comparison: what each run says, in the order of the runs. */
interface Line {
  readonly key: string;
  readonly values: readonly (string | number | null)[];
  readonly differs: boolean;
}
export interface Comparison {
  readonly runs: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly params: readonly Line[];
  readonly metrics: readonly Line[];
}

export const compareRuns = (runs: readonly Run[]): Comparison => ({
  runs: runs.map(({ id, name, status }) => ({ id, name, status })),
  params: linesOf(runs.map(({ params }) => params)),
  metrics: linesOf(runs.map(({ metrics }) => metrics)),
});

const linesOf = (records: readonly Readonly<Record<string, string | number>>[]): Line[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort().map((key) => {
    const values = records.map((record) => (Object.hasOwn(record, key) ? record[key]! : null));
    return { key, values, differs: values.some((value) => value !== values[0]) };
  });
