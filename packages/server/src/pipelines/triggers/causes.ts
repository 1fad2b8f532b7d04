import { AppError, invalid, type Plan } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { newId } from '../../platform/index.ts';
import { triggersOf, zoneOf } from './declared.ts';
import { dueTimes } from './due-times.ts';
import type { FiringRow } from './trigger-store.ts';

/** Why a pipeline is run; it runs once for each. */
export type Cause = Pick<FiringRow, 'pipeline' | 'trigger_name' | 'cause' | 'due' | 'params' | 'inputs'>;

export const dueCause = (due: Date): string => `due:${due.toISOString()}`;

export const atDueTime = ({ plan, name, due }: { plan: Plan; name: string; due: Date }): Cause => ({
  pipeline: plan.pipeline,
  trigger_name: name,
  cause: dueCause(due),
  due: due.toISOString(),
  // The run speaks of the time that it was due at, whenever it is carried out.
  params: JSON.stringify(declaresAsOf(plan) ? { asOf: due.toISOString() } : {}),
  inputs: '{}',
});
const declaresAsOf = ({ params }: Plan): boolean => Object.hasOwn((params as { properties?: object }).properties ?? {}, 'asOf');

/** The run is on that version, even where a newer one has come meanwhile. */
export const onVersion = ({ plan, name, dataset, number }: { plan: Plan; name: string; dataset: string; number: number }): Cause => {
  const inputs = Object.entries(plan.inputs).flatMap(([input, from]) => (from.dataset === dataset ? [[input, number]] : []));
  const pinned = JSON.stringify(Object.fromEntries(inputs));
  return { pipeline: plan.pipeline, trigger_name: name, cause: `version:${dataset}/${number}`, due: null, params: '{}', inputs: pinned };
};

export const firingOf = (project: ProjectRef, cause: Cause, at: Date): FiringRow => ({
  id: newId(),
  project_id: project.id,
  ...cause,
  status: 'waiting',
  pipeline_run_id: null,
  message: null,
  created_at: at.toISOString(),
});

const mostBackfilled = 500;

/** What was due from one time to another, both included: each time once, under the first schedule that has it. */
export const dueBetween = (plan: Plan, { from, to }: { from: string; to: string }): { due: Date; name: string }[] => {
  const schedules = triggersOf(plan).flatMap(({ trigger, name }) =>
    'schedule' in trigger ? [{ name, schedule: { schedule: trigger.schedule, zone: zoneOf(trigger) } }] : [],
  );
  if (schedules.length === 0) {
    throw new AppError('failed_precondition', `Pipeline ${plan.pipeline} has no schedule, so nothing was due: give it one in \`on\``, {
      reason: 'no_schedule',
    });
  }
  const [start, end] = [new Date(from), new Date(to)];
  if (start > end) throw invalid(`From ${from} to ${to} is no period: say the earlier first`, 'bad_period');
  const found = new Map<number, { due: Date; name: string }>();
  for (const { name, schedule } of schedules) {
    for (const due of dueTimes(schedule, { from: start, to: end, limit: mostBackfilled + 1 })) {
      if (!found.has(due.getTime())) found.set(due.getTime(), { due, name });
    }
  }
  if (found.size > mostBackfilled) {
    throw invalid(`More than ${mostBackfilled} runs were due in this period: ask for a shorter one`, 'too_many_due_times', {
      limit: mostBackfilled,
    });
  }
  return [...found.values()].sort((a, b) => a.due.getTime() - b.due.getTime());
};
