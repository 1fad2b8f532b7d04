import type { BoucleEvent, EventData, EventType } from '@boucle/contract';

/** An event of a kind this page knows, so that its `data` has a type. */
export type News = { [T in EventType]: Omit<BoucleEvent, 'type' | 'data'> & { readonly type: T; readonly data: EventData[T] } }[EventType];

/** Written out, for types do not exist at run time; leave one out and it does not compile. */
const known: Record<EventType, true> = {
  'project.created': true,
  'manifest.applied': true,
  'dataset_version.created': true,
  'pipeline_run.started': true,
  'step_run.queued': true,
  'step_run.started': true,
  'step_run.progressed': true,
  'step_run.ended': true,
  'pipeline_run.ended': true,
  'run.started': true,
  'run.ended': true,
  'model_version.registered': true,
  'alias.moved': true,
  'deployment.created': true,
  'deployment.ready': true,
  'deployment.failed': true,
  'predictions.counted': true,
  'predictions.lost': true,
  'feedback.recorded': true,
};

/** A newer server may tell of things this page has no sentence for: they are passed over. */
export const newsOf = (events: readonly BoucleEvent[]): News[] =>
  events.filter((event) => Object.hasOwn(known, event.type)) as unknown as News[];
