import type { DatasetVersion, ModelVersion, Overview, PipelineRun } from '@boucle/contract';
import type { Interval } from '@boucle/statistics';
import type { EndpointFacts } from '../serving/index.ts';

/** What each station of the loop says of itself: facts, and a state that follows from them. */

export const framingStation = ({ problem, kpis }: { problem: string; kpis: number }): Overview['framing'] => ({
  state: problem === '' && kpis === 0 ? 'idle' : 'ok',
  problem,
  kpis,
});

export const datasetsStation = (latest: DatasetVersion | undefined): Overview['datasets'] => ({
  state: latest ? 'ok' : 'idle',
  dataset: latest?.dataset ?? null,
  version: latest?.number ?? null,
  rows: latest?.rows ?? null,
  repeatedKeys: latest?.repeatedKeys ?? null,
});

const runStates = { running: 'running', succeeded: 'ok', failed: 'broken', cancelled: 'attention' } as const;
export const pipelinesStation = (latest: PipelineRun | undefined): Overview['pipelines'] => {
  if (!latest) return { state: 'idle', pipeline: null, runId: null, done: 0, cached: 0, steps: 0, seconds: null, running: [] };
  const count = (...statuses: string[]): number => latest.steps.filter(({ status }) => statuses.includes(status)).length;
  return {
    state: runStates[latest.status],
    pipeline: latest.pipeline,
    runId: latest.id,
    done: count('succeeded', 'cached'),
    cached: count('cached'),
    steps: latest.steps.length,
    seconds: latest.endedAt === null ? null : (Date.parse(latest.endedAt) - Date.parse(latest.startedAt)) / 1000,
    running: latest.steps
      .filter(({ status }) => status === 'running')
      .map(({ step, progress }) => ({ step, done: progress?.done ?? null, total: progress?.total ?? null })),
  };
};

/** The quality of the newest model version stands for what the runs were for. */
export const trackingStation = (runs: number, newest: ModelVersion | undefined): Overview['tracking'] => {
  const [evidence] = newest?.evidence ?? [];
  return {
    state: runs === 0 ? 'idle' : 'ok',
    runs,
    metric: evidence?.metric ?? null,
    value: evidence?.value ?? null,
    interval: evidence?.interval ?? null,
  };
};

export const registryStation = (newest: ModelVersion | undefined): Overview['registry'] => ({
  state: newest ? 'ok' : 'idle',
  model: newest?.model ?? null,
  version: newest?.number ?? null,
  alias: newest?.aliases[0] ?? null,
});

const urgency = { failed: 2, starting: 1, ready: 0 };
/** The endpoint that most needs to be seen: one that does not answer, else the busiest. */
export const servingStation = (endpoints: readonly EndpointFacts[]): Overview['serving'] => {
  const [shown] = endpoints.toSorted((a, b) => urgency[b.status] - urgency[a.status] || b.requests - a.requests);
  if (!shown) return { state: 'idle', endpoint: null, version: null, requests: 0, errors: 0, p95Ms: null };
  const { status, ...facts } = shown;
  const state = status === 'failed' ? 'broken' : status === 'starting' ? 'running' : facts.errors > 0 ? 'attention' : 'ok';
  return { state, ...facts };
};

export const monitoringStation = ({
  feedback,
  agreed,
  interval,
}: {
  feedback: number;
  agreed: number;
  interval: Interval | null;
}): Overview['monitoring'] => ({
  state: feedback === 0 ? 'idle' : 'ok',
  feedback,
  agreed,
  interval: interval && [interval.low, interval.high],
});
