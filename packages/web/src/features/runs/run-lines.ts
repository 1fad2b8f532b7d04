import type { Run } from '@boucle/contract';
import { parseKey } from './run-key.ts';

/** What a line of the table is: a run, or the head of those that have the same of what is grouped by. */
export type RunLine =
  | { readonly kind: 'run'; readonly run: Run; readonly isNested: boolean }
  | { readonly kind: 'group'; readonly value: string | undefined; readonly loaded: number; readonly isOpen: boolean };

export const parentTag = 'mlflow.parentRunId';
export const parentOf = ({ parentRunId, tags }: Pick<Run, 'parentRunId' | 'tags'>): string | undefined => parentRunId ?? tags[parentTag];

/** Runs come in the order of their groups, so a group begins where the value changes. */
export const linesOf = (runs: readonly Run[], group: string | undefined, isClosed: (value: string | undefined) => boolean): RunLine[] => {
  const lines: RunLine[] = [];
  const line = (run: Run): RunLine => ({ kind: 'run', run, isNested: parentOf(run) !== undefined });
  const key = group === undefined ? undefined : parseKey(group);
  if (!key || key.group === 'attributes') return runs.map(line);
  const valueOf = (run: Run): string | undefined => {
    const value = run[key.group as 'metrics' | 'params' | 'tags'][key.name];
    return value === undefined ? undefined : String(value);
  };
  for (let from = 0; from < runs.length;) {
    const value = valueOf(runs[from]!);
    let to = from;
    while (to < runs.length && valueOf(runs[to]!) === value) to++;
    const isOpen = !isClosed(value);
    lines.push({ kind: 'group', value, loaded: to - from, isOpen });
    if (isOpen) lines.push(...runs.slice(from, to).map(line));
    from = to;
  }
  return lines;
};
