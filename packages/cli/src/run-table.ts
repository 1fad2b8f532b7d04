import type { Run } from '@boucle/contract';
import { csvLine } from './csv.ts';

const plain = ['id', 'name', 'experimentId', 'status', 'startedAt', 'endedAt', 'userId', 'parentRunId'] as const;
const groups = ['params', 'metrics', 'tags'] as const;

/** The columns of a table of runs: each param, metric and tag that any of them has is one. */
export const createRunColumns = () => {
  const keys = { params: new Set<string>(), metrics: new Set<string>(), tags: new Set<string>() };
  return {
    add: (run: Run): void => {
      for (const group of groups) for (const key of Object.keys(run[group])) keys[group].add(key);
    },
    end: () => {
      const columns = groups.flatMap((group) => [...keys[group]].sort().map((key) => ({ group, key })));
      return {
        head: csvLine([...plain, ...columns.map(({ group, key }) => `${group}.${key}`)]),
        line: (run: Run): string =>
          csvLine([
            ...plain.map((name) => run[name] ?? ''),
            ...columns.map(({ group, key }) => (Object.hasOwn(run[group], key) ? String(run[group][key]) : '')),
          ]),
      };
    },
  };
};
