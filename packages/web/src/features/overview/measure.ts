/** One measured value, with its name taken apart: `test.recall` is the recall on test rows. */
export interface Measure {
  readonly name: string;
  readonly rows: Rows | null;
  readonly value: number;
}
const sides = ['test', 'validation', 'train'] as const;
export type Rows = (typeof sides)[number];

/** What a reader asks for first. */
const order = ['f1', 'recall', 'precision', 'accuracy'];

export const measureName = (metric: string): Omit<Measure, 'value'> => {
  const [, side, name] = /^(test|validation|train)[._/-](.+)$/.exec(metric) ?? [];
  return { name: name ?? metric, rows: sides.find((known) => known === side) ?? null };
};

/** The few of many metrics that are told in one line: of test rows where there are any, the best known first. */
export const measures = (metrics: Readonly<Record<string, number | string>>, most = 3): Measure[] => {
  const all = Object.entries(metrics).flatMap(([metric, value]) => (typeof value === 'number' ? [{ ...measureName(metric), value }] : []));
  const tested = all.filter(({ rows }) => rows === 'test');
  const rank = ({ name }: Measure) => (order.includes(name) ? order.indexOf(name) : order.length);
  return (tested.length > 0 ? tested : all).toSorted((a, b) => rank(a) - rank(b)).slice(0, most);
};
