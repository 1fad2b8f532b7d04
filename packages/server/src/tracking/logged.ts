import { AppError, type DatasetInput, invalid, type LoggedDataset, isLogKey, type Metric } from '@boucle/contract';
import { type MetricPoint, pointOf } from './metrics/metric-point.ts';
import type { ModelPoint } from './metrics/model-point.ts';

export type Texts = Readonly<Record<string, string>>;
/** One that was measured of a logged model stands with the model too. */
export interface LoggedMetric extends Metric, Partial<Pick<ModelPoint, 'modelId' | 'dataset'>> {}
export interface RunLog {
  readonly metrics?: readonly LoggedMetric[];
  readonly params?: Texts;
  readonly tags?: Texts;
  readonly inputs?: readonly DatasetInput[];
}
/** What a client says that a run used: tables that are no versions of ours, and logged models. */
export interface LoggedInputs {
  readonly datasets?: readonly LoggedDataset[];
  readonly models?: readonly string[];
}
/** A log that both databases can hold. */
export interface Logged {
  readonly points: readonly MetricPoint[];
  readonly measured: readonly Omit<ModelPoint, 'runId'>[];
  readonly params: Texts;
  readonly tags: Texts;
  readonly inputs: readonly DatasetInput[];
}

/** What a step logs comes past no schema, so all is checked here, before anything is written. */
export const logged = ({ metrics = [], params = {}, tags = {}, inputs = [] }: RunLog, now: number): Logged => {
  checkKeys([...metrics.map(({ key }) => key), ...Object.keys(params)]);
  checkTexts(params);
  checkTags(tags);
  const points = metrics.map((metric) => pointOf(metric, now));
  const measured = metrics.flatMap(({ modelId, dataset = null }, i) => (modelId ? [{ ...points[i]!, modelId, dataset }] : []));
  return { points, measured, params, tags, inputs };
};

export const checkTags = (tags: Texts): void => {
  checkKeys(Object.keys(tags));
  checkTexts(tags);
};

/** Params say how something came about, so they stay; a client that says them again is not refused. */
export const refuseChanged = (
  given: Texts,
  changed: readonly { readonly key: string; readonly value: string }[],
  advice: 'start another run' | 'log another model',
): void => {
  const [first] = changed;
  if (!first) return;
  const { key, value } = first;
  throw new AppError('conflict', `Param "${key}" is "${value}" already, and cannot become "${given[key]}": ${advice}`, {
    reason: 'param_changed',
    details: { params: changed.map((one) => ({ key: one.key, value: one.value, given: given[one.key] })) },
  });
};

/** MLflow's rule: a key is a plain relative path, for clients store by it. */
const checkKeys = (keys: readonly string[]): void => {
  const bad = keys.find((key) => !isLogKey(key));
  if (bad === undefined) return;
  const message = `The key ${JSON.stringify(bad.slice(0, 250))} cannot be used: take letters, digits, _ . - : blanks, and / between them, at most 250`;
  throw invalid(message, 'bad_key', { key: bad });
};

/** Postgres has no NUL in texts. */
const checkTexts = (texts: Texts): void => {
  const bad = Object.keys(texts).find((key) => texts[key]!.includes('\0'));
  if (bad !== undefined) throw invalid(`The value of "${bad}" has a NUL character in it: leave it out`, 'bad_value', { key: bad });
};
