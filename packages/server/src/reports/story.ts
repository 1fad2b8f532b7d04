import type { BoucleEvent, Chapter, EventType, Story } from '@boucle/contract';
import { capital, chapterOf, type News } from './chapters.ts';

/** What happened as an account: a sentence for each thing that matters, with what it can be checked against. */
export const tellStory = (correlationId: string, events: readonly BoucleEvent[]): Omit<Story, 'events'> => {
  const chapters = events.flatMap((event) => chapterOf(event) ?? []);
  return {
    correlationId,
    title: titleOf(events),
    state: stateOf(events, chapters),
    from: events[0]!.at,
    to: events.at(-1)!.at,
    chapters,
  };
};

/** The kinds of story, the one that says most first. */
const titles: readonly (readonly [type: EventType, title: (event: News<never>) => string])[] = [
  ['retraining.started', ({ data }: News<'retraining.started'>) => `Retraining because of ${data.because}`],
  [
    'rollout.started',
    ({ data }: News<'rollout.started'>) => `Version ${data.version} of ${data.model} on its way to endpoint ${data.endpoint}`,
  ],
  ['deployment.ready', ({ data }: News<'deployment.ready'>) => `Version ${data.version} of ${data.model} at endpoint ${data.endpoint}`],
  ['pipeline_run.started', ({ data }: News<'pipeline_run.started'>) => `Run ${data.number} of pipeline ${data.pipeline}`],
  ['dataset_version.created', ({ data }: News<'dataset_version.created'>) => `Version ${data.number} of dataset ${data.dataset}`],
  ['model_version.registered', ({ data }: News<'model_version.registered'>) => `Version ${data.number} of model ${data.model}`],
];
const titleOf = (events: readonly BoucleEvent[]): string => {
  for (const [type, title] of titles) {
    const event = events.find((one) => one.type === type);
    if (event) return title(event as never);
  }
  return capital(events[0]!.type.replaceAll(/[._]/g, ' '));
};

/** What began and has not ended is running; else the last chapter that was good or bad says how it came out. */
const stateOf = (events: readonly BoucleEvent[], chapters: readonly Chapter[]): Story['state'] => {
  const open = new Set<string>();
  for (const { type, subject } of events) {
    const kind = type.split('.')[0]!;
    if (!['pipeline_run', 'rollout'].includes(kind)) continue;
    if (type.endsWith('.started')) open.add(`${kind}/${subject.id}`);
    if (type.endsWith('.ended')) open.delete(`${kind}/${subject.id}`);
  }
  if (open.size > 0) return 'running';
  const last = chapters.findLast(({ tone }) => tone !== 'plain')?.tone;
  return last === undefined || last === 'plain' ? 'good' : last;
};
