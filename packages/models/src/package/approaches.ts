import type { Approach, ApproachName, Task } from './approach.ts';

type Makers<Name extends string> = Readonly<Record<Name, () => Promise<Approach>>>;

const tabular: Makers<'boosted-trees' | 'linear'> = {
  'boosted-trees': async () => (await import('../tabular/tabular-package.ts')).boostedTreesPackage,
  linear: async () => (await import('../tabular/tabular-package.ts')).linearPackage,
};

/** By task and name, as MLmodel has them. Imported when a package needs it: some bring a native runtime along. */
const approaches: { readonly [T in Task]: Makers<ApproachName<T>> } = {
  'text-classification': {
    'logistic-regression': async () => (await import('../linear/logistic-package.ts')).logisticPackage,
    bilstm: async () => (await import('../lstm/bilstm-package.ts')).bilstmPackage,
    bert: async () => (await import('../bert/bert-package.ts')).bertPackage,
  },
  'tabular-classification': tabular,
  regression: tabular,
};

export const approachOf = ({ task, approach }: { task: Task; approach: string }): Promise<Approach> =>
  (approaches[task] as Makers<string>)[approach]!();
