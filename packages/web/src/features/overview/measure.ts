/** One measured value, with its name taken apart: `validation_recall_negative` is the recall of `negative` on validation rows. */
export interface Measure {
  readonly name: string;
  /** The label that it is about, or the kind of average over all of them. */
  readonly of: string | null;
  readonly rows: Rows | null;
  readonly value: number;
}
const sides = ['test', 'validation', 'train'] as const;
export type Rows = (typeof sides)[number];

/** What a reader asks for first. */
const order = ['f1', 'f1 macro', 'recall', 'accuracy', 'average_precision', 'roc_auc'];

export const measureName = (metric: string): Omit<Measure, 'value'> => {
  const [, side, rest = metric] = /^(test|validation|train)[._/-](.+)$/.exec(metric) ?? [];
  const [, name = rest, of = null] = /^(f1|recall|precision)_(.+)$/.exec(rest) ?? [];
  return { name, of, rows: sides.find((known) => known === side) ?? null };
};

/** The few of many metrics that are told in one line: of test rows where there are any, the best known first. */
export const measures = (metrics: Readonly<Record<string, number | string>>, most = 3): Measure[] => {
  const all = Object.entries(metrics).flatMap(([metric, value]) => (typeof value === 'number' ? [{ ...measureName(metric), value }] : []));
  const tested = all.filter(({ rows }) => rows === 'test');
  const rank = ({ name, of }: Measure) => {
    const found = order.indexOf(of === null ? name : `${name} ${of}`);
    return found < 0 ? order.length : found;
  };
  return (tested.length > 0 ? tested : all).toSorted((a, b) => rank(a) - rank(b)).slice(0, most);
};
