import type { Fields } from '../call.ts';
import { orderOf, type Searched, values } from '../filters.ts';
import type { Random } from '../random.ts';

/** How many of each a sequence has made so far. */
export type Made = Record<'experiment' | 'run' | 'logged' | 'model', number>;
export type Drawn = ReturnType<typeof drawnFrom>;

/** Where times that clients say begin. */
export const epoch = 1_700_000_000_000;
const metricKeys = ['a', 'm b', 'm/c', 'acc.1'];
/** Texts too, as some clients send. */
const metricValues = [0, 1, -1.5, 0.5, 100, 3, 'NaN', 'Infinity', '-Infinity', 1e300, '2.5'];
const steps = [0, 1, 2, 3, -5, '9007199254740993'];
const keys = ['a', 'p b', 't b', 'c', 'ключ', 'deep/key'];
const stages = ['None', 'Staging', 'production', 'Archived'];
const files = ['a.txt', 'model/MLmodel', 'model/data/b.bin', 'x y.txt', 'model/ü.json'];

/** What calls are made of: mostly things that were made, few of each so that they meet again. */
export const drawnFrom = (random: Random, made: Made) => {
  const some = (kind: keyof Made): string => `«${kind} ${random.chance(0.03) ? 99 : random.integer(Math.max(1, made[kind]))}»`;
  const experiment = () => some('experiment');
  const run = () => some('run');
  const logged = () => some('logged');
  const key = () => random.pick(keys);
  const value = () => random.pick(values);
  const pair = () => ({ key: key(), value: value() });
  const sometimes = (share: number, fields: () => Fields): Fields => (random.chance(share) ? fields() : {});
  const metricKey = () => random.pick(metricKeys);
  const time = () => epoch + random.integer(5) * 1000;
  /** The experiment that each run and logged model is in: the one in an address of theirs. */
  const homes = new Map<string, string>();
  const filesOf = (id: string) => `${homes.get(id) ?? '«experiment 99»'}/${id.startsWith('«logged') ? 'models/' : ''}${id}/artifacts`;
  return {
    random,
    made,
    experiment,
    run,
    logged,
    model: () => `«p»m${random.chance(0.03) ? 99 : random.integer(Math.max(1, made.model))}`,
    version: () => String(1 + random.integer(3)),
    stage: () => random.pick(stages),
    key,
    value,
    pair,
    pairs: (most = 3) => uniqueByKey(random.some(pair, 0, most)),
    /** Some of them again, with another value or the same. */
    twice: (pairs: ReturnType<typeof pair>[]) =>
      random.chance(0.1) ? [...pairs, ...pairs.map(({ key: known }) => ({ key: known, value: value() }))] : pairs,
    sometimes,
    time,
    metricKey,
    point: () => ({
      key: metricKey(),
      value: random.pick(metricValues),
      timestamp: random.chance(0.2) ? String(time()) : time(),
      ...sometimes(0.8, () => ({ step: random.pick(steps) })),
    }),
    filesOf,
    fileAt: () => `${filesOf(random.chance(0.8) ? run() : logged())}/${random.pick(files)}`,
    inExperiment: (id: string): Fields => {
      const experiment_id = experiment();
      homes.set(id, experiment_id);
      return { experiment_id };
    },
    search: (searched: Searched, whole: Fields): Fields => ({
      ...whole,
      ...sometimes(0.3, () => ({ max_results: random.pick([1, 2, 3, 100]) })),
      ...sometimes(0.6, () => ({ order_by: random.some(() => orderOf(random, searched), 1, random.chance(0.2) ? 2 : 1) })),
    }),
    drawn: <T extends string>(...among: readonly T[]): T => random.pick(among),
  };
};

const uniqueByKey = <T extends { readonly key: string }>(pairs: readonly T[]): T[] => [
  ...new Map(pairs.map((one) => [one.key, one])).values(),
];
