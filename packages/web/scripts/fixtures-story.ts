/** Two days from drift to a new version, as the server tells them. Never part of the page. */
import type { BoucleEvent, Chapter, EventData, EventType, Story, StorySummary } from '@boucle/contract';

export const storyId = 'c'.repeat(32);
const id = (n: number): string => n.toString(16).padStart(32, 'e0');
const base = (project: string) => `/api/v1/projects/${project}`;
type Told = Omit<Chapter, 'seq' | 'type' | 'evidence' | 'at'> & {
  readonly at: string;
  readonly evidence: readonly [what: string, path: string][];
};

const teller = (project: string) => {
  const events: BoucleEvent[] = [];
  const chapters: Chapter[] = [];
  const say = <T extends EventType>(type: T, data: EventData[T], { evidence, ...told }: Told): void => {
    const seq = 5000 + events.length;
    const subject = { project, type: type.split('.')[0]!, id: id(type.startsWith('rollout') ? 1 : 2) };
    events.push({ seq, id: id(seq), type, subject, actor: 'system', correlationId: storyId, at: told.at, data: { ...data } as never });
    chapters.push({ seq, type, evidence: evidence.map(([what, path]) => ({ what, href: base(project) + path })), ...told });
  };
  return { events, chapters, say };
};

export const storyOf = (project: string): Story => {
  const { events, chapters, say } = teller(project);
  const windowId = 'b0'.repeat(16).slice(0, 30) + '3a';
  say(
    'drift.found',
    {
      monitor: 'tweets',
      endpoint: 'sentiment',
      windowId,
      version: 1,
      columns: [{ column: 'airline', method: 'chi-square', pValue: 1e-6, effect: 0.31 }],
    },
    {
      at: '2026-03-03T10:05:00.000Z',
      station: 'monitoring',
      tone: 'attention',
      sentence: 'Drift in airline at endpoint sentiment: the largest difference is 31 %.',
      evidence: [['the window', `/monitors/tweets/windows/${windowId}`]],
    },
  );
  say(
    'alert.fired',
    {
      alertId: id(9),
      monitor: 'tweets',
      endpoint: 'sentiment',
      rule: 'Bad buzz',
      group: { airline: 'United' },
      severity: 'critical',
      message: 'More than 20 negative tweets within 1 hour: 118',
      windowId,
    },
    {
      at: '2026-03-03T10:05:01.000Z',
      station: 'monitoring',
      tone: 'bad',
      sentence: 'Alert "Bad buzz" (airline United) fired: More than 20 negative tweets within 1 hour: 118',
      evidence: [['the alert', `/alerts/${id(9)}`]],
    },
  );
  say(
    'retraining.started',
    { monitor: 'tweets', pipeline: 'training', because: 'drift', pipelineRunId: id(8), rows: 412 },
    {
      at: '2026-03-03T10:06:00.000Z',
      station: 'pipelines',
      tone: 'plain',
      sentence: 'Retraining began because of drift, with 412 newly labelled rows.',
      evidence: [['the pipeline run', `/pipeline-runs/${id(8)}`]],
    },
  );
  say(
    'model_version.registered',
    { model: 'sentiment', number: 4, digest: `tree:${'9f1c4b7a'.repeat(8)}`, evidence: [{ metric: 'test.f1', value: 0.871 }] },
    {
      at: '2026-03-03T10:09:00.000Z',
      station: 'registry',
      tone: 'plain',
      sentence: 'Version 4 of model sentiment was registered with test.f1 0.871 on test rows.',
      evidence: [['sentiment/4', '/models/sentiment/versions/4']],
    },
  );
  say(
    'rollout.started',
    { endpoint: 'sentiment', number: 9, model: 'sentiment', version: 4, baseline: 3 },
    {
      at: '2026-03-03T10:09:01.000Z',
      station: 'rollouts',
      tone: 'plain',
      sentence: 'Rollout 9 of endpoint sentiment began with version 4 of sentiment, against version 3.',
      evidence: [['the rollout', `/rollouts/${'1'.padStart(32, 'f0')}`]],
    },
  );
  say(
    'rollout.ended',
    { endpoint: 'sentiment', number: 9, status: 'promoted', message: "the candidate's risk is below 1.5 times the baseline's", version: 4 },
    {
      at: '2026-03-04T08:31:00.000Z',
      station: 'rollouts',
      tone: 'good',
      sentence: "Rollout 9 ended, promoted: the candidate's risk is below 1.5 times the baseline's",
      evidence: [['the rollout', `/rollouts/${'1'.padStart(32, 'f0')}`]],
    },
  );
  return {
    correlationId: storyId,
    title: 'Retraining because of drift',
    state: 'good',
    from: chapters[0]!.at,
    to: chapters.at(-1)!.at,
    chapters,
    events,
  };
};

export const storiesOf = (project: string): StorySummary[] => {
  const { chapters, events: _events, ...story } = storyOf(project);
  return [
    { ...story, events: chapters.length },
    {
      correlationId: id(31),
      title: 'Version 3 of sentiment at endpoint sentiment',
      state: 'running',
      from: '2026-03-02T09:00:00.000Z',
      to: '2026-03-02T09:20:00.000Z',
      events: 7,
    },
    {
      correlationId: id(32),
      title: 'Run 12 of pipeline training',
      state: 'bad',
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-01T09:02:00.000Z',
      events: 3,
    },
    {
      correlationId: id(33),
      title: 'Version 2 of dataset tweets',
      state: 'attention',
      from: '2026-02-28T09:00:00.000Z',
      to: '2026-02-28T09:00:00.000Z',
      events: 1,
    },
  ];
};
