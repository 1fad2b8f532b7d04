import type { Random } from './random.ts';

/** What one search can ask about. */
interface Grammar {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  /** Of these it may also be asked whether they are there. */
  readonly keyed: readonly string[];
  /** What texts are compared with. */
  readonly values: readonly string[];
  /** Texts that also take IN. */
  readonly listed?: readonly string[];
  /** What numbers are compared with. */
  readonly amounts?: readonly string[];
}
const numberOperators = ['=', '!=', '>', '>=', '<', '<='];
const textOperators = ['=', '!=', 'LIKE', 'ILIKE'];
const patterns = ['%', 'a%', '%A%', '_', '%1', 'al_ha'];
export const values = ['alpha', 'beta', '1', 'Alpha', 'x y', ''];
const numbers = ['0', '1', '-1.5', '0.5', '100', '1e3'];

export const grammars = {
  runs: {
    numbers: ['metrics.a', 'metric.`m b`', 'metrics."m/c"', 'attributes.start_time', 'start_time', 'attribute.end_time', 'metrics.none'],
    texts: ['attributes.status', 'status', 'run_name', 'attributes.`run name`', 'user_id', 'attributes.artifact_uri', 'attribute.run_id'],
    keyed: ['params.a', 'param.`p b`', 'tags.a', 'tag."t b"', 'parameters.c', 'tags.none'],
    values: [...values, 'FINISHED', 'RUNNING', 'KILLED'],
    listed: ['attributes.run_id'],
  },
  experiments: {
    numbers: ['creation_time', 'attribute.last_update_time'],
    amounts: ['0', '1700000000000', '9000000000000'],
    texts: ['name', 'attribute.name'],
    keyed: ['tags.a', 'tag.`t b`'],
    values: ['«p»e0', '«p»e1', ...values],
  },
  'registered-models': { numbers: [], texts: ['name'], keyed: ['tags.a', 'tag.`t b`'], values: ['«p»m0', '«p»m1', ...values] },
  'model-versions': {
    numbers: ['version_number'],
    amounts: ['0', '1', '2', '100'],
    texts: ['name', 'source_path', 'run_id'],
    keyed: ['tags.a', 'tag.`t b`'],
    values: ['«p»m0', '«p»m1', '«run 0»', 's3://bucket/a', ...values],
    listed: ['run_id'],
  },
  'logged-models': {
    numbers: ['metrics.a', 'metrics.`m b`', 'creation_timestamp', 'attributes.last_updated_timestamp'],
    texts: ['name', 'attributes.model_type', 'source_run_id', 'attributes.model_id'],
    keyed: ['params.a', 'params.`p b`', 'tags.a'],
    values: ['«logged 0»', '«run 0»', ...values],
    listed: ['name', 'source_run_id'],
  },
} as const satisfies Record<string, Grammar>;
export type Searched = keyof typeof grammars;

export const filterOf = (random: Random, searched: Searched): string =>
  random.some(() => clauseOf(random, searched), 1, random.chance(0.3) ? 3 : 1).join(random.chance(0.2) ? ' and ' : ' AND ');

const clauseOf = (random: Random, searched: Searched): string => {
  const { numbers: numeric, texts, keyed, values: among, listed = [], amounts = numbers }: Grammar = grammars[searched];
  const quoted = (text: string): string => (random.chance(0.8) ? `'${text}'` : `"${text}"`);
  const kind = random.integer(10);
  if (kind < 4 && numeric.length > 0) return `${random.pick(numeric)} ${random.pick(numberOperators)} ${random.pick(amounts)}`;
  if (kind === 4 && listed.length > 0)
    return `${random.pick(listed)} ${random.pick(['IN', 'NOT IN', 'in'])} (${random.some(() => quoted(random.pick(['«run 0»', '«run 1»', '«run 2»', 'alpha'])), 1, 3).join(', ')})`;
  if (kind === 5 && searched !== 'logged-models') return `${random.pick(keyed)} ${random.pick(['IS NULL', 'IS NOT NULL'])}`;
  const operator = random.pick(textOperators);
  const field = random.pick(kind < 8 ? keyed : texts);
  return `${field} ${operator} ${quoted(operator.endsWith('LIKE') && random.chance(0.6) ? random.pick(patterns) : random.pick(among))}`;
};

/** Texts that no grammar has. */
export const badFilters = [
  'params.a',
  "params.a = 'x",
  'params.a = 1',
  "metrics.a = 'x'",
  "nothing.a = 'x'",
  'metrics.a LIKE 1',
  "params.a > 'x'",
  "= 'x'",
  "params.a == 'x'",
  "attributes.nothing = 'x'",
  "status IN ('RUNNING'",
  'AND',
  'metrics.a > ',
  'run_id IN ()',
  ';',
];

const orders: Readonly<Record<Searched, readonly string[]>> = {
  runs: ['metrics.a', 'metrics.`m b`', 'params.a', 'tags.a', 'attributes.status', 'start_time', 'attributes.end_time', 'run_name'],
  experiments: ['name', 'experiment_id'],
  'registered-models': ['name'],
  'model-versions': ['name', 'version_number'],
  'logged-models': ['metrics.a', 'name', 'metrics.none'],
};
export const orderOf = (random: Random, searched: Searched): string =>
  `${random.pick(orders[searched])}${random.pick(['', ' ASC', ' DESC', ' desc'])}`;
export const badOrders = ['nothing.a', 'metrics.a UP', 'a b c', 'attributes.nothing ASC', '', 'metrics.a DESC ASC'];
