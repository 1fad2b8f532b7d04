import type { Evidence, ModelVersion } from '@boucle/contract';

/** What a version is known by, the better known first. */
const known = ['f1_macro', 'accuracy', 'roc_auc', 'brier', 'r2', 'rmse', 'mae', 'log_loss'];
const columns = 3;

/** The few metrics that stand in a table of versions: the well known, then those that most of the versions have, with intervals. */
export const headlineKeys = (versions: readonly Pick<ModelVersion, 'evidence'>[]): string[] => {
  const weights = new Map<string, number>();
  for (const { evidence } of versions)
    for (const { metric, interval } of evidence) weights.set(metric, (weights.get(metric) ?? 0) + (interval === null ? 1 : 2));
  const rank = (metric: string): number => (known.includes(metric) ? known.indexOf(metric) : known.length);
  return [...weights]
    .sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x || (a < b ? -1 : 1))
    .slice(0, columns)
    .map(([metric]) => metric);
};

export const evidenceOf = ({ evidence }: Pick<ModelVersion, 'evidence'>, metric: string): Evidence | undefined =>
  evidence.find((one) => one.metric === metric);
