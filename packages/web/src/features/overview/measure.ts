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

/** The few of many metrics that are told in one line: the best known first, and all of the same rows as that one. */
export const measures = (metrics: Readonly<Record<string, number | string>>, most = 3): Measure[] => {
  const all = Object.entries(metrics).flatMap(([metric, value]) => (typeof value === 'number' ? [{ ...measureName(metric), value }] : []));
  const rank = ({ name, of, rows }: Measure) => {
    const found = order.indexOf(of === null ? name : `${name} ${of}`);
    return (rows === 'test' ? 0 : order.length + 1) + (found < 0 ? order.length : found);
  };
  const ranked = all.toSorted((a, b) => rank(a) - rank(b));
  return ranked.filter(({ rows }) => rows === ranked[0]?.rows).slice(0, most);
};
