import type { Chapter, StorySummary } from '@boucle/contract';
import type { EvidenceAddress } from './evidence-address.ts';
import type { StoryTitle } from './story-title.ts';

const plural = (n: number, one: string, other: string): string => (n === 1 ? one : other);

export const en = {
  question: 'What caused this, and what followed?',
  list: 'Stories, the one with the latest news first',
  /** The server's own title. */
  title: (_told: StoryTitle): string | undefined => undefined,
  state: { running: 'Under way', good: 'Came out well', attention: 'Needs attention', bad: 'Went wrong' } satisfies Record<
    StorySummary['state'],
    string
  >,
  chapters: (count: string, n: number) => `${count} ${plural(n, 'chapter', 'chapters')}`,
  all: 'All stories',
  events: (count: string, n: number) => `from ${count} ${plural(n, 'event', 'events')}`,
  chaptersTitle: 'What happened',
  chaptersNote: 'Each sentence links to what it can be checked against',
  tone: { good: 'Good', attention: 'Needs attention', bad: 'Bad' },
  station: {
    framing: 'Framing',
    datasets: 'Datasets',
    pipelines: 'Pipelines',
    tracking: 'Tracking',
    registry: 'Registry',
    governance: 'Governance',
    serving: 'Serving',
    monitoring: 'Monitoring',
    rollouts: 'Rollouts',
  } satisfies Record<Chapter['station'], string>,
  evidence: (to: EvidenceAddress): string => {
    switch (to.kind) {
      case 'rollout':
        return 'the rollout';
      case 'window':
        return 'the window';
      case 'alert':
        return 'the alert';
      case 'story':
        return 'the story';
      case 'evidence':
        return 'its evidence';
      case 'approval':
        return 'the approval';
      case 'pipelineRun':
        return 'the pipeline run';
      case 'endpoint':
        return `endpoint ${to.name}`;
      default:
        return to.name;
    }
  },
  raw: 'as JSON',
  empty: {
    title: 'No story yet',
    body: 'A story begins with whatever sets the loop in motion: a pipeline run, new data, drift, an alert or a rollout. All that follows from it is told here.',
    next: 'Start one:',
  },
};
export type StoryWords = typeof en;
