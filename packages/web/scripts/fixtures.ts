/** Five projects, each in another state of its life, for the pictures and the audit. Never part of the page. */
import type { BoucleEvent, EventData, EventType, Overview, PipelineRun, StepRun, StepStatus } from '@boucle/contract';
import { anEmptyOverview, anOverview } from '../src/testing/an-overview.ts';

export interface Scenario {
  readonly overview: Overview;
  readonly run?: PipelineRun;
  readonly events: readonly BoucleEvent[];
}

const id = (n: number): string => `019c7f31${n.toString(16).padStart(20, 'a7b3')}c6d9`.slice(0, 32);
const digest = (kind: string, seed: string): string => `${kind}:${seed.repeat(64).slice(0, 64)}`;
const now = Date.now();
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
const runId = id(42);
export const correlationId = id(7);

const teller = (project: string) => {
  const events: BoucleEvent[] = [];
  const say = <T extends EventType>(secondsAgo: number, type: T, data: EventData[T]): void => {
    const seq = events.length + 1;
    const about = { project, type: type.split('.')[0] ?? type, id: type.startsWith('pipeline_run') ? runId : type };
    events.push({ seq, id: id(1000 + seq), type, subject: about, actor: 'owner', correlationId, at: ago(secondsAgo), data: { ...data } });
  };
  return { events, say };
};

const stepIds = ['validate', 'clean', 'split', 'train', 'evaluate', 'register'];
type Step = readonly [status: StepStatus, startedAgo: number | null, endedAgo: number | null, more?: Partial<StepRun>];

interface Told {
  readonly project: string;
  readonly status: PipelineRun['status'];
  readonly startedAgo: number;
  readonly endedAgo: number | null;
  readonly steps: readonly Step[];
}

const aRun = ({ project, status, startedAgo, endedAgo, steps }: Told): PipelineRun => ({
  id: runId,
  project,
  pipeline: 'training',
  number: 3,
  status,
  manifestId: id(2),
  plan: {
    format: 'boucle.plan/1',
    pipeline: 'training',
    params: {},
    inputs: { tweets: { dataset: 'tweets' } },
    outputs: {},
    on: [],
    steps: stepIds.map((step) => ({
      id: step,
      step,
      code: { module: `steps/${step}.ts` },
      codeDigest: digest('blob', 'ab'),
      ports: { inputs: {}, outputs: {} },
      inputs: {},
      params: {},
      secrets: [],
      options: {},
    })),
  },
  params: {},
  inputs: { tweets: { dataset: 'tweets', number: 1, digest: digest('rows', '4f5c21ab') } },
  runId: null,
  steps: steps.map(([state, started, ended, more], index) => ({
    id: id(100 + index),
    project,
    pipelineRunId: runId,
    step: stepIds[index] ?? '',
    status: state,
    attempt: started === null ? 0 : 1,
    cacheKey: null,
    cachedFrom: state === 'cached' ? id(3) : null,
    runId: null,
    outputs: {},
    failure: null,
    progress: null,
    queuedAt: null,
    startedAt: started === null ? null : ago(started),
    endedAt: ended === null ? null : ago(ended),
    ...more,
  })),
  outputs: {},
  startedAt: ago(startedAgo),
  endedAt: endedAgo === null ? null : ago(endedAgo),
  startedBy: 'owner',
  correlationId,
});

/** What every told project has behind it: its manifest and its rows. */
const beginnings = (project: string, secondsAgo: number) => {
  const told = teller(project);
  told.say(secondsAgo, 'manifest.applied', { manifestId: id(2), number: 1, changes: 4 });
  told.say(secondsAgo - 2, 'dataset_version.created', {
    dataset: 'tweets',
    number: 1,
    digest: digest('rows', '4f5c21ab'),
    rows: 11_970,
    repeatedKeys: 155,
  });
  told.say(secondsAgo - 3, 'pipeline_run.started', { pipeline: 'training', number: 3, steps: 6 });
  for (const step of ['validate', 'clean'])
    told.say(secondsAgo - 4, 'step_run.ended', { pipelineRunId: runId, step, status: 'cached', seconds: null });
  return told;
};

const done = (project: string): Scenario => {
  const { events, say } = beginnings(project, 75);
  const ended = (secondsAgo: number, step: string, seconds: number) =>
    say(secondsAgo, 'step_run.ended', { pipelineRunId: runId, step, status: 'succeeded', seconds });
  ended(70, 'split', 0.6);
  ended(61, 'train', 8.1);
  ended(59, 'evaluate', 1.4);
  say(59, 'run.ended', {
    name: 'bold-heron-412',
    status: 'finished',
    metrics: { 'test.f1': 0.873, 'test.recall': 0.881, 'test.accuracy': 0.912, 'validation.f1': 0.879 },
  });
  ended(58, 'register', 0.3);
  say(58, 'model_version.registered', {
    model: 'sentiment',
    number: 3,
    digest: digest('tree', '9f1c4b7a'),
    evidence: [{ metric: 'test.f1', value: 0.873 }],
  });
  say(58, 'alias.moved', { model: 'sentiment', alias: 'champion', number: 3, before: 2 });
  say(57, 'pipeline_run.ended', { pipeline: 'training', number: 3, status: 'succeeded', cached: 2, steps: 6, seconds: 14.2 });
  say(52, 'deployment.created', { endpoint: 'sentiment', number: 4, model: 'sentiment', version: 3 });
  say(51, 'deployment.ready', { endpoint: 'sentiment', number: 4, model: 'sentiment', version: 3, warmUpMs: 420 });
  say(21, 'predictions.counted', { endpoint: 'sentiment', requests: 240, errors: 1, p95Ms: 3.4 });
  say(12, 'feedback.recorded', { endpoint: 'sentiment', recorded: 60, agreed: 53 });
  const run = aRun({
    project,
    status: 'succeeded',
    startedAgo: 72,
    endedAgo: 57.8,
    steps: [
      ['cached', 71.9, 71.9],
      ['cached', 71.8, 71.8],
      ['succeeded', 71.1, 70.5],
      ['succeeded', 69.4, 61.3],
      ['succeeded', 60.4, 59],
      ['succeeded', 58.3, 58],
    ],
  });
  return {
    overview: {
      ...anOverview({ story: correlationId }),
      project,
      at: ago(1),
      pipelines: { ...anOverview().pipelines, runId, steps: 6, done: 6 },
    },
    run,
    events,
  };
};

const running = (project: string): Scenario => {
  const { events, say } = beginnings(project, 17);
  say(12, 'step_run.ended', { pipelineRunId: runId, step: 'split', status: 'succeeded', seconds: 0.6 });
  say(12, 'step_run.started', { pipelineRunId: runId, step: 'train', attempt: 1 });
  say(0, 'step_run.progressed', { pipelineRunId: runId, step: 'train', done: 34, total: 100 });
  const run = aRun({
    project,
    status: 'running',
    startedAgo: 14,
    endedAgo: null,
    steps: [
      ['cached', 13.9, 13.9],
      ['cached', 13.8, 13.8],
      ['succeeded', 13.1, 12.5],
      ['running', 11.9, null, { progress: { done: 34, total: 100 } }],
      ['waiting', null, null],
      ['waiting', null, null],
    ],
  });
  const empty = anEmptyOverview();
  const { framing, datasets } = anOverview();
  const pipelines = {
    ...anOverview().pipelines,
    state: 'running' as const,
    runId,
    done: 3,
    cached: 2,
    steps: 6,
    seconds: null,
    running: [{ step: 'train', done: 34, total: 100 }],
  };
  const tracking = { ...empty.tracking, state: 'running' as const, runs: 2 };
  return { overview: { ...empty, project, at: ago(0), story: correlationId, framing, datasets, pipelines, tracking }, run, events };
};

const failed = (project: string): Scenario => {
  const { events, say } = beginnings(project, 300);
  const message = "TypeError: Cannot read properties of undefined (reading 'trim')\nColumn text is missing in 3 of 11,970 rows";
  say(290, 'step_run.ended', { pipelineRunId: runId, step: 'split', status: 'failed', seconds: 1.7, message });
  say(289, 'pipeline_run.ended', { pipeline: 'training', number: 3, status: 'failed', cached: 2, steps: 6, seconds: 5 });
  say(200, 'deployment.created', { endpoint: 'sentiment', number: 5, model: 'sentiment', version: 3 });
  say(199, 'deployment.failed', {
    endpoint: 'sentiment',
    number: 5,
    message: 'Warm-up on the input example gave 0.41, the package says 0.87',
  });
  const run = aRun({
    project,
    status: 'failed',
    startedAgo: 297,
    endedAgo: 292,
    steps: [
      ['cached', 296.9, 296.9],
      ['cached', 296.8, 296.8],
      ['failed', 294, 292.3, { failure: { kind: 'user', retryable: false, message, where: 'steps/split.ts:14' }, attempt: 2 }],
      ['cancelled', null, null],
      ['cancelled', null, null],
      ['cancelled', null, null],
    ],
  });
  const { serving, pipelines, datasets } = anOverview();
  return {
    overview: {
      ...anOverview({ story: correlationId }),
      project,
      at: ago(0),
      datasets: { ...datasets, state: 'attention', repeatedKeys: 155 },
      pipelines: { ...pipelines, state: 'broken', runId, done: 2, cached: 2, steps: 6, seconds: 5 },
      serving: { ...serving, state: 'attention', errors: 31 },
    },
    run,
    events,
  };
};

/** Names as long as they may be: nothing may overflow. */
const long = (project: string): Scenario => {
  const name = 'a-name-that-somebody-made-far-longer-than-anyone-expected-it-to-be';
  const { overview, run, events } = done(project);
  const stretch = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(/"(sentiment|training|tweets|train|evaluate|champion)"/g, `"${name}"`)) as T;
  return { overview: { ...stretch(overview), project }, ...(run && { run: stretch(run) }), events: stretch(events) };
};

export const scenarios: Record<string, Scenario> = {
  airline: done('airline'),
  'in-progress': running('in-progress'),
  'gone-wrong': failed('gone-wrong'),
  fresh: { overview: { ...anEmptyOverview(), project: 'fresh', at: ago(0) }, events: [] },
  long: long('long'),
};
