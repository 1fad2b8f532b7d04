import type { Overview } from '@boucle/contract';
import type { Format } from '../../i18n/format.ts';
import type { Messages } from '../../i18n/i18n.tsx';
import type { Mark } from '../../ui/status.tsx';
import { measureName } from './measure.ts';

/** In the order of the loop. */
export const stationNames = ['framing', 'datasets', 'pipelines', 'tracking', 'registry', 'serving', 'monitoring'] as const;
export type StationName = (typeof stationNames)[number];

export interface StationFacts {
  readonly mark: Mark;
  /** The one number that matters there, and what it counts. */
  readonly number: string;
  readonly caption: string;
}

export const stationFacts = (overview: Overview, t: Messages, f: Format): Record<StationName, StationFacts> => {
  const { framing, datasets, pipelines, tracking, registry, serving, monitoring } = overview;
  const count = (n: number | null): string => (n === null ? '–' : f.number(n));
  const version = (n: number | null): string => (n === null ? '–' : t.loop.version(n));
  return {
    framing: {
      mark: framing.state,
      number: count(framing.kpis || null),
      caption: framing.kpis === 0 ? t.loop.nothing.framing : t.loop.framing(framing.kpis),
    },
    datasets: {
      mark: datasets.state,
      number: count(datasets.rows),
      caption: datasets.dataset === null ? t.loop.nothing.datasets : t.loop.datasets(datasets.dataset, version(datasets.version)),
    },
    pipelines: { mark: pipelines.state, ...pipelineFacts(pipelines, t, f) },
    tracking: { mark: tracking.state, ...trackingFacts(tracking, t, f) },
    registry: {
      mark: registry.state,
      number: version(registry.version),
      caption: registry.model === null ? t.loop.nothing.registry : [registry.model, registry.alias].filter(Boolean).join(', '),
    },
    serving: {
      mark: serving.state,
      number: count(serving.endpoint === null ? null : serving.requests),
      caption: serving.endpoint === null ? t.loop.nothing.serving : t.loop.serving(serving.requests, version(serving.version)),
    },
    monitoring: {
      mark: monitoring.state,
      number: monitoring.feedback === 0 ? '–' : f.percent(monitoring.agreed / monitoring.feedback),
      caption: monitoring.feedback === 0 ? t.loop.nothing.monitoring : t.loop.monitoring(f.number(monitoring.feedback)),
    },
  };
};

const trackingFacts = ({ runs, metric, value, interval }: Overview['tracking'], t: Messages, f: Format): Omit<StationFacts, 'mark'> => {
  if (runs === 0) return { number: '–', caption: t.loop.nothing.tracking };
  if (metric === null || typeof value !== 'number') return { number: f.number(runs), caption: t.loop.runs(runs) };
  const { name, of } = measureName(metric);
  const half = interval && f.number((interval[1] - interval[0]) / 2, 3);
  return { number: f.number(value, 3), caption: t.loop.tracking(t.metric(name, of), half) };
};

const pipelineFacts = (pipelines: Overview['pipelines'], t: Messages, f: Format): Omit<StationFacts, 'mark'> => {
  const { pipeline, steps, done, cached, seconds, running } = pipelines;
  if (pipeline === null) return { number: '–', caption: t.loop.nothing.pipelines };
  if (pipelines.state === 'running' || seconds === null)
    return { number: `${done} / ${steps}`, caption: t.loop.running(running[0]?.step ?? pipeline) };
  if (pipelines.state === 'broken') return { number: `${done} / ${steps}`, caption: t.loop.runFailed(pipeline) };
  return { number: f.duration(seconds), caption: t.loop.ran(pipeline, cached, steps) };
};

/** Nothing of this project is there but perhaps its framing. */
export const isUntouched = (overview: Overview): boolean =>
  overview.story === null && stationNames.every((name) => name === 'framing' || overview[name].state === 'idle');
