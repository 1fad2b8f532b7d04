import {
  type DatasetVersion,
  type ModelVersion,
  notFound,
  type Overview,
  type PipelineRun,
  type Story,
  type StorySummary,
} from '@boucle/contract';
import type { Interval } from '@boucle/statistics';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Clock, Events } from '../platform/index.ts';
import type { EndpointFacts } from '../serving/index.ts';
import {
  datasetsStation,
  framingStation,
  monitoringStation,
  pipelinesStation,
  registryStation,
  servingStation,
  trackingStation,
} from './stations.ts';
import { toldTypes } from './chapters.ts';
import { tellStory } from './story.ts';
import { createTrace, type TraceSources } from './trace.ts';

/** Where each station's facts are read. */
export interface OverviewSources {
  framing(actor: Actor): Promise<{ problem: string; kpis: number }>;
  /** The newest version of any dataset. */
  latestDatasetVersion(actor: Actor): Promise<DatasetVersion | undefined>;
  latestPipelineRun(actor: Actor): Promise<PipelineRun | undefined>;
  countRuns(project: ProjectRef): Promise<number>;
  /** The newest version of any model. */
  latestModelVersion(project: ProjectRef): Promise<ModelVersion | undefined>;
  endpoints(project: ProjectRef): readonly EndpointFacts[];
  agreement(project: ProjectRef): Promise<{ feedback: number; agreed: number; interval: Interval | null }>;
}
export interface ReportParts {
  clock: Clock;
  events: Pick<Events, 'byCorrelation' | 'latestCorrelation' | 'ofKinds' | 'correlations'>;
  sources: TraceSources & OverviewSources;
}

/** Reads all, owns nothing. */
export const createReports = ({ clock, events, sources }: ReportParts) => ({
  trace: createTrace(sources),
  overview: async (actor: Actor): Promise<Overview> => {
    const { project } = actor;
    const [framing, version, pipelineRun, runs, newest, agreement, story] = await Promise.all([
      sources.framing(actor),
      sources.latestDatasetVersion(actor),
      sources.latestPipelineRun(actor),
      sources.countRuns(project),
      sources.latestModelVersion(project),
      sources.agreement(project),
      events.latestCorrelation(project.id),
    ]);
    return {
      project: project.name,
      at: clock.now().toISOString(),
      framing: framingStation(framing),
      datasets: datasetsStation(version),
      pipelines: pipelinesStation(pipelineRun),
      tracking: trackingStation(runs, newest),
      registry: registryStation(newest),
      serving: servingStation(sources.endpoints(project)),
      monitoring: monitoringStation(agreement),
      story,
    };
  },
  /** All that happened under one correlation id, in commit order, and as an account. */
  story: async ({ project }: Actor, correlationId: string, limit: number): Promise<Story> => {
    const [found, telling] = await Promise.all([
      events.byCorrelation(project.id, correlationId, limit),
      events.ofKinds(project.id, correlationId, { types: toldTypes, limit }),
    ]);
    if (found.length === 0) throw notFound('story', correlationId);
    return { ...tellStory(correlationId, telling.length > 0 ? telling : found), events: found };
  },
  stories: async ({ project }: Actor, limit: number): Promise<{ items: StorySummary[] }> => {
    const ids = await events.correlations(project.id, { types: toldTypes, limit });
    const items = await Promise.all(
      ids.map(async (id): Promise<StorySummary> => {
        const telling = await events.ofKinds(project.id, id, { types: toldTypes, limit: 500 });
        const { correlationId, title, state, from, to, chapters } = tellStory(id, telling);
        return { correlationId, title, state, from, to, events: chapters.length };
      }),
    );
    return { items };
  },
});
export type Reports = ReturnType<typeof createReports>;
