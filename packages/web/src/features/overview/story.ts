import type { EventData } from '@boucle/contract';
import type { News } from '../../live/news.ts';
import type { Mark } from '../../ui/status.tsx';
import { isDecision, tellDecision } from './decisions.ts';
import { measures } from './measure.ts';
import { stepStatusOf } from './step-status.ts';
import type { PipelineFact, StepHeard, StoryEntry, StoryFact } from './story-fact.ts';

type Told = Omit<StoryEntry, 'at'>;
type Entries = Map<string, StoryEntry>;

/** A story as it is read: what began and ended is one line, what counts up is one line, quiet successes are none. */
export const tellStory = (news: readonly News[]): StoryEntry[] => {
  const entries: Entries = new Map();
  for (const event of news) hear(event, entries);
  return withoutEchoes([...entries.values()]);
};

/** What each event said, by its number, as its line stood right after it. */
export const tellEach = (news: readonly News[]): ReadonlyMap<number, StoryFact> => {
  const entries: Entries = new Map();
  return new Map(
    news.flatMap((event) => {
      const said = hear(event, entries).at(-1);
      return said ? [[event.seq, said.fact] as const] : [];
    }),
  );
};

const hear = (event: News, entries: Entries): Told[] => {
  const told = tell(event, entries);
  for (const one of told) entries.set(one.key, { ...one, at: Date.parse(event.at) });
  return told;
};

/** A pipeline run has a Run of its own name, and so has each of its steps: where they measured nothing, they only repeat its news. */
const withoutEchoes = (entries: readonly StoryEntry[]): StoryEntry[] => {
  const told = new Set(
    entries.flatMap(({ fact }) =>
      fact.kind === 'pipeline' ? [fact.pipeline, ...Object.keys(fact.heard)].map((name) => `${name} #${fact.number}`) : [],
    ),
  );
  return entries.filter(({ fact }) => fact.kind !== 'run' || fact.measures.length > 0 || !told.has(fact.name.replace(/\.\d+$/, '')));
};

const tell = (news: News, entries: Entries): Told[] => {
  if (isDecision(news)) return tellDecision(news, entries);
  const key = `${news.subject.type}:${news.subject.id}`;
  switch (news.type) {
    case 'project.created':
      return [{ key, mark: 'ok', fact: { kind: 'project', ...news.data } }];
    case 'manifest.applied':
      return [{ key: `${key}:${news.data.number}`, mark: 'ok', fact: { kind: 'manifest', ...news.data } }];
    case 'dataset_version.created':
      return [{ key, mark: news.data.repeatedKeys > 0 ? 'attention' : 'ok', fact: { kind: 'dataset', ...news.data } }];
    case 'pipeline_run.started':
      return [pipeline(news.subject.id, { ...news.data, status: 'running', seconds: null }, entries)];
    case 'pipeline_run.ended':
      return [pipeline(news.subject.id, news.data, entries)];
    case 'step_run.queued':
      return step(news.data, { status: 'queued' }, entries);
    case 'step_run.started':
      return step(news.data, { status: 'running' }, entries);
    case 'step_run.progressed':
      return step(news.data, { status: 'running', done: news.data.done, total: news.data.total }, entries);
    case 'step_run.ended':
      return step(news.data, { status: stepStatusOf(news.data.status) }, entries);
    case 'run.started':
    case 'run.reopened':
    case 'run.deleted':
    case 'run.restored':
    case 'run.purged':
    case 'experiment.deleted':
    case 'experiment.restored':
    case 'experiment.purged':
    case 'model.created':
    case 'model.renamed':
    case 'model.removed':
    case 'model_tag.set':
    case 'model_tag.removed':
    case 'model_version.staged':
    case 'model_version.removed':
    case 'model_version_tag.set':
    case 'model_version_tag.removed':
    case 'alias.removed':
      return [];
    case 'run.ended':
      return run(key, news.data);
    case 'model_version.registered':
      return [{ key, mark: 'ok', fact: { kind: 'model', ...news.data } }];
    case 'alias.moved':
      return [
        { key: `alias:${news.data.model}:${news.data.alias}:${news.data.number}`, mark: 'ok', fact: { kind: 'alias', ...news.data } },
      ];
    case 'deployment.created':
    case 'deployment.ready':
    case 'deployment.failed':
      return [deployment(news, entries)];
    case 'predictions.counted':
      return [
        { key: `traffic:${news.data.endpoint}`, mark: news.data.errors > 0 ? 'attention' : 'ok', fact: { kind: 'traffic', ...news.data } },
      ];
    case 'predictions.lost':
      return [{ key: `${key}:${news.id}`, mark: 'broken', fact: { kind: 'unlogged', ...news.data } }];
    case 'feedback.recorded':
      return [feedback(news.data, entries)];
  }
};

const bad = new Set(['failed', 'lost', 'killed']);
export const markOf = (status: string): Mark => {
  if (bad.has(status)) return 'broken';
  return status === 'cancelled' ? 'stopped' : status === 'running' ? 'running' : 'ok';
};

const pipelineKey = (pipelineRunId: string): string => `pipeline:${pipelineRunId}`;

/** An end that came without its beginning, which another story may hold, is told all the same. */
const pipeline = (id: string, news: Omit<PipelineFact, 'kind' | 'heard'>, entries: Entries): Told => {
  const before = entries.get(pipelineKey(id))?.fact;
  const heard = before?.kind === 'pipeline' ? before.heard : {};
  const { pipeline: name, number, status, steps, seconds } = news;
  return { key: pipelineKey(id), mark: markOf(status), fact: { kind: 'pipeline', pipeline: name, number, status, steps, seconds, heard } };
};

/** Steps show in the line of their pipeline run; one that went wrong gets a line of its own, in red only where it is not tried again. */
const step = (data: EventData['step_run.queued'] & { message?: string }, heard: StepHeard, entries: Entries): Told[] => {
  const told: Told[] = [];
  const run = entries.get(pipelineKey(data.pipelineRunId));
  if (run?.fact.kind === 'pipeline') told.push({ ...run, fact: { ...run.fact, heard: { ...run.fact.heard, [data.step]: heard } } });
  const { message = '' } = data;
  const isRetried = heard.status === 'waiting';
  if (!isRetried && !bad.has(heard.status)) return told;
  const fact = { kind: 'step', step: data.step, isRetried, isLost: heard.status === 'lost', message } as const;
  return [...told, { key: `step:${data.pipelineRunId}:${data.step}`, mark: isRetried ? 'attention' : 'broken', fact }];
};

/** A run that measured nothing and ended well, as the parent run of a pipeline run does, is no news. */
const run = (key: string, { name, status, metrics }: EventData['run.ended']): Told[] => {
  const told = measures(metrics);
  const isQuiet = status === 'finished' && told.length === 0;
  return isQuiet ? [] : [{ key, mark: markOf(status), fact: { kind: 'run', name, status, measures: told } }];
};

type DeploymentNews = Extract<News, { type: `deployment.${string}` }>;
const deploymentStates = {
  'deployment.created': { status: 'starting', mark: 'running' },
  'deployment.ready': { status: 'ready', mark: 'ok' },
  'deployment.failed': { status: 'failed', mark: 'broken' },
} as const;

const deployment = (news: DeploymentNews, entries: Entries): Told => {
  const key = `deployment:${news.data.endpoint}:${news.data.number}`;
  const before = entries.get(key)?.fact;
  const unsaid = { model: null, version: null, warmUpMs: null, message: null };
  const { status, mark } = deploymentStates[news.type];
  return { key, mark, fact: { ...unsaid, ...(before?.kind === 'deployment' && before), ...news.data, kind: 'deployment', status } };
};

/** Each event counts what one call brought. */
const feedback = ({ endpoint, recorded, agreed }: EventData['feedback.recorded'], entries: Entries): Told => {
  const key = `feedback:${endpoint}`;
  const fact = entries.get(key)?.fact;
  const before = fact?.kind === 'feedback' ? fact : { recorded: 0, agreed: 0 };
  return { key, mark: 'ok', fact: { kind: 'feedback', endpoint, recorded: before.recorded + recorded, agreed: before.agreed + agreed } };
};

export interface PipelineCount {
  readonly done: number;
  readonly cached: number;
  readonly now: { readonly step: string; readonly done?: number | undefined; readonly total?: number | undefined } | undefined;
}
export const countSteps = ({ heard }: PipelineFact): PipelineCount => {
  const steps = Object.entries(heard).map(([name, state]) => ({ step: name, ...state }));
  const cached = steps.filter(({ status }) => status === 'cached').length;
  return {
    done: cached + steps.filter(({ status }) => status === 'succeeded').length,
    cached,
    now: steps.find(({ status }) => status === 'running'),
  };
};
