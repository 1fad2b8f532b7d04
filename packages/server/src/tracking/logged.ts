import { type DatasetInput, invalid, isLogKey, type Metric } from '@boucle/contract';
import { type MetricPoint, pointOf } from './metric-point.ts';

export type Texts = Readonly<Record<string, string>>;
export interface RunLog {
  readonly metrics?: readonly Metric[];
  readonly params?: Texts;
  readonly tags?: Texts;
  readonly inputs?: readonly DatasetInput[];
}
/** A log that both databases can hold. */
export interface Logged {
  readonly points: readonly MetricPoint[];
  readonly params: Texts;
  readonly tags: Texts;
  readonly inputs: readonly DatasetInput[];
}

/** What a step logs comes past no schema, so all is checked here, before anything is written. */
export const logged = ({ metrics = [], params = {}, tags = {}, inputs = [] }: RunLog, now: number): Logged => {
  checkKeys([...metrics.map(({ key }) => key), ...Object.keys(params), ...Object.keys(tags)]);
  checkTexts(params);
  checkTexts(tags);
  return { points: metrics.map((metric) => pointOf(metric, now)), params, tags, inputs };
};

/** MLflow's rule: a key is a plain relative path, for clients store by it. */
const checkKeys = (keys: readonly string[]): void => {
  const bad = keys.find((key) => !isLogKey(key) || key.split('/').some((part) => part === '' || part === '.' || part === '..'));
  if (bad === undefined) return;
  const message = `The key ${JSON.stringify(bad.slice(0, 250))} cannot be used: take letters, digits, _ . - : blanks, and / between them, at most 250`;
  throw invalid(message, 'bad_key', { key: bad });
};

/** Postgres has no NUL in texts. */
const checkTexts = (texts: Texts): void => {
  const bad = Object.keys(texts).find((key) => texts[key]!.includes('\0'));
  if (bad !== undefined) throw invalid(`The value of "${bad}" has a NUL character in it: leave it out`, 'bad_value', { key: bad });
};
