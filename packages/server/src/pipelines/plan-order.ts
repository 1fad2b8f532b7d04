import { type Plan, type PlannedStep, refsOf, type StepStatus } from '@boucle/contract';
import { isDone, isTerminal } from './step.ts';

type Statuses = ReadonlyMap<string, StepStatus>;

/** Steps whose outputs this one takes. */
export const dependenciesOf = (step: PlannedStep): string[] => [
  ...new Set(refsOf(step).flatMap((ref) => (ref.from === 'step' ? [ref.id] : []))),
];

/** Steps that wait, and need wait for nothing more. */
export const readySteps = (plan: Plan, statuses: Statuses): PlannedStep[] =>
  plan.steps.filter((step) => statuses.get(step.id) === 'waiting' && dependenciesOf(step).every((id) => isDone(statuses.get(id)!)));

/** Steps that wait for something that will never come. */
export const hopelessSteps = (plan: Plan, statuses: Statuses): PlannedStep[] => {
  const failed = (id: string): boolean => isTerminal(statuses.get(id)!) && !isDone(statuses.get(id)!);
  return plan.steps.filter((step) => statuses.get(step.id) === 'waiting' && dependenciesOf(step).some(failed));
};

/** What a run has come to, once no step can change any more. */
export const endOf = (statuses: Statuses): 'succeeded' | 'failed' | 'cancelled' | undefined => {
  const all = [...statuses.values()];
  if (!all.every(isTerminal)) return undefined;
  if (all.every(isDone)) return 'succeeded';
  return all.some((status) => status === 'failed' || status === 'lost') ? 'failed' : 'cancelled';
};
