import { isSystemMetric } from '@boucle/contract';

/** One catalogue of keys names columns, filters, orders and addresses alike: `metrics.f1`, `params.C`, `tags.by`, `attributes.status`. */
export type KeyGroup = 'metrics' | 'params' | 'tags' | 'attributes';
export interface RunKey {
  readonly group: KeyGroup;
  readonly name: string;
}
export const keyGroups: readonly KeyGroup[] = ['metrics', 'params', 'tags', 'attributes'];
/** What is no key of ours is written as the server writes it. */
export const attributes = ['status', 'start_time', 'duration', 'end_time', 'experiment', 'user_id', 'run_id'] as const;
export type Attribute = (typeof attributes)[number];
/** What the server cannot order by. */
const unordered: ReadonlySet<string> = new Set(['attributes.duration', 'attributes.experiment']);

export const keyOf = ({ group, name }: RunKey): string => `${group}.${name}`;
export const parseKey = (text: string): RunKey | undefined => {
  const dot = text.indexOf('.');
  const group = keyGroups.find((one) => one === text.slice(0, dot));
  const name = text.slice(dot + 1);
  if (group === undefined || name === '') return undefined;
  return group === 'attributes' && name !== 'run_name' && !(attributes as readonly string[]).includes(name) ? undefined : { group, name };
};
export const isSortable = (key: string): boolean => !unordered.has(key);

export interface Sort {
  readonly key: string;
  readonly isDescending: boolean;
}
const newestFirst: Sort = { key: 'attributes.start_time', isDescending: true };
export const parseSort = (text: string | undefined): Sort => {
  const key = text?.replace(/^-/, '') ?? '';
  return parseKey(key) && isSortable(key) ? { key, isDescending: text!.startsWith('-') } : newestFirst;
};
/** Undefined for the order that stands without being said. */
export const writeSort = ({ key, isDescending }: Sort): string | undefined =>
  key === newestFirst.key && isDescending ? undefined : `${isDescending ? '-' : ''}${key}`;
/** The first click asks for the best or the newest, names from their beginning; the second turns it about. */
export const nextSort = (now: Sort, key: string): Sort => ({
  key,
  isDescending:
    now.key === key ? !now.isDescending : key !== 'attributes.run_name' && !key.startsWith('params.') && !key.startsWith('tags.'),
});

/** As the grammar writes a key: between backticks, so that any of its signs is one of a name. */
export const inGrammar = ({ group, name }: RunKey): string => `${group}.\`${name.replaceAll('`', '``')}\``;
/** What is grouped by comes first: then groups are whole, however many pages they are long. */
export const orderOf = (sort: Sort, group: string | undefined): string[] => {
  const by = group === undefined ? undefined : parseKey(group);
  const orders = by && group !== sort.key ? [inGrammar(by)] : [];
  return [...orders, `${inGrammar(parseKey(sort.key)!)} ${sort.isDescending ? 'DESC' : 'ASC'}`];
};

/** Without a choice: when it ran, and a few of what was measured and set. */
export const defaultColumns = (metrics: readonly string[], params: readonly string[]): string[] => [
  'attributes.start_time',
  'attributes.duration',
  ...metrics
    .filter((name) => !isSystemMetric(name))
    .slice(0, 4)
    .map((name) => `metrics.${name}`),
  ...params.slice(0, 3).map((name) => `params.${name}`),
];

/** Only what is shown travels. */
export const wantedOf = (columns: readonly string[], group: string | undefined) => {
  const shown = [...columns, ...(group === undefined ? [] : [group])].flatMap((column) => parseKey(column) ?? []);
  const names = (of: KeyGroup) => [...new Set(shown.filter((key) => key.group === of).map(({ name }) => name))].sort();
  return { metrics: names('metrics'), params: names('params'), tags: names('tags') };
};
