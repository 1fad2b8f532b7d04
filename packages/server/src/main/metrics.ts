import type { Alert, Monitor, MonitorWindowDetail, RolloutReport } from '@boucle/contract';
import { type Actor, type ProjectRef, systemActor } from '../governance/index.ts';
import type { Family, Histogram, Sample } from '../http/index.ts';
import { latencySum, latencyUpTo } from '../serving/index.ts';
import { version } from '../version.ts';
import type { Modules } from './create-modules.ts';

/** Upper bounds in seconds, as OpenTelemetry advises for request durations. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

interface Seen {
  readonly project: ProjectRef;
  readonly monitors: readonly { readonly monitor: Monitor; readonly window: MonitorWindowDetail | undefined }[];
  readonly firing: readonly Alert[];
  readonly rollouts: readonly RolloutReport[];
}
type Sources = Pick<Modules, 'projects' | 'serving' | 'windows' | 'alerts' | 'rollouts'>;

/** All that Prometheus is told: of the process, of each endpoint and variant, of what monitors saw, alerts and rollouts. */
export const createMetrics = (modules: Sources) => async (): Promise<readonly Family[]> => {
  const seen = await Promise.all((await modules.projects.all()).map((project) => look(modules, project)));
  return [
    ...ofProcess(),
    ...(await ofServing(modules.serving)),
    ...(seen.length === 0 ? [] : [...ofMonitors(seen), ...ofAlerts(seen), ...ofRollouts(seen)]),
  ];
};

const look = async ({ windows, alerts, rollouts }: Sources, project: ProjectRef): Promise<Seen> => {
  const actor: Actor = systemActor(project);
  const monitors = await Promise.all(
    (await windows.list(actor)).map(async (monitor) => ({
      monitor,
      window: monitor.latest ? await windows.window(actor, monitor.latest.id) : undefined,
    })),
  );
  const { items: firing } = await alerts.list(actor, { limit: 500, status: 'firing' });
  const { items } = await rollouts.list(actor, { limit: 50 });
  const running = items.filter(({ endedAt }) => endedAt === null);
  return { project, monitors, firing, rollouts: await Promise.all(running.map(({ id }) => rollouts.get(actor, id))) };
};

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'gauge', samples });
const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'counter', samples });
const one = (value: number, labels: Sample['labels'] = {}): Sample => ({ labels, value });

const ofProcess = (): Family[] => {
  const { rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge('boucle_info', 'The release that runs, and on what.', [one(1, { version, node: process.versions.node })]),
    counter('process_cpu_seconds_total', 'User and system CPU time of the server, in seconds.', [one((user + system) / 1e6)]),
    gauge('process_resident_memory_bytes', 'Resident memory of the server, in bytes.', [one(rss)]),
    gauge('process_start_time_seconds', 'When the server started, in seconds since the epoch.', [one(performance.timeOrigin / 1000)]),
  ];
};

const ofServing = async (serving: Modules['serving']): Promise<Family[]> => {
  const variants = await Promise.all(
    serving.served().map(async ({ id, name, project }) =>
      (await serving.traffic(id)).variants.map((variant) => ({
        ...variant,
        labels: {
          project: project.name,
          endpoint: name,
          variant: variant.name,
          mode: variant.mode,
          model_version: String(variant.version),
        },
      })),
    ),
  );
  const all = variants.flat();
  const histograms = all.map(({ labels, sinceStart: { latency, requests } }): Histogram => {
    const counts = latencyUpTo(
      latency,
      bounds.map((bound) => bound * 1000),
    );
    return {
      labels,
      buckets: bounds.map((atMost, i) => ({ atMost, count: counts[i]! })),
      sum: latencySum(latency) / 1000,
      count: requests,
    };
  });
  const hosts = all.flatMap(({ labels, host }) => (host ? [{ labels, host }] : []));
  return [
    counter(
      'boucle_requests_total',
      'Requests for predictions since the start.',
      all.map(({ labels, sinceStart }) => one(sinceStart.requests, labels)),
    ),
    counter(
      'boucle_request_errors_total',
      'Requests that failed by a fault of ours.',
      all.map(({ labels, sinceStart }) => one(sinceStart.errors, labels)),
    ),
    { name: 'boucle_request_duration_seconds', help: 'How long requests took.', type: 'histogram', histograms },
    gauge(
      'boucle_variant_share_ratio',
      'The share of units that a variant is given.',
      all.map(({ labels, share }) => one(share, labels)),
    ),
    counter(
      'boucle_shadow_dropped_total',
      'Requests that a shadow did not see.',
      all.map(({ labels, dropped }) => one(dropped, labels)),
    ),
    counter(
      'boucle_model_cpu_seconds_total',
      "CPU time of a model's host.",
      hosts.map(({ labels, host }) => one(host.cpuSeconds, labels)),
    ),
    gauge(
      'boucle_model_memory_bytes',
      "Memory of a model's host.",
      hosts.map(({ labels, host }) => one(host.memoryBytes, labels)),
    ),
    counter('boucle_predictions_lost_total', 'Predictions that could not be logged.', [one(await serving.lostPredictions())]),
  ];
};

const ofMonitors = (seen: readonly Seen[]): Family[] => {
  const all = seen.flatMap(({ project, monitors }) =>
    monitors.flatMap(({ monitor, window }) =>
      window ? [{ monitor, window, labels: { project: project.name, monitor: monitor.name, endpoint: monitor.endpoint } }] : [],
    ),
  );
  const each = <T>(pick: (window: MonitorWindowDetail) => readonly T[], sample: (found: T) => Sample | undefined): Sample[] =>
    all.flatMap(({ window, labels }) =>
      pick(window).flatMap((found) => {
        const made = sample(found);
        return made ? [one(made.value, { ...labels, ...made.labels })] : [];
      }),
    );
  const known = (value: number | null | undefined, labels: Sample['labels']): Sample | undefined =>
    value === null || value === undefined ? undefined : { value, labels };
  const ofWindow = (value: (window: MonitorWindowDetail) => number): Sample[] =>
    all.map(({ window, labels }) => one(value(window), labels));
  const whole = <T extends { readonly slice: unknown }>(found: readonly T[]): T[] => found.filter(({ slice }) => slice === null);
  return [
    gauge(
      'boucle_window_end_seconds',
      'Where the newest closed window ends, in seconds since the epoch.',
      ofWindow(({ to }) => Date.parse(to) / 1000),
    ),
    gauge(
      'boucle_window_rows',
      'Rows of the newest closed window.',
      ofWindow(({ rows }) => rows),
    ),
    gauge(
      'boucle_window_labelled_rows',
      'Of these, rows with a label.',
      ofWindow(({ labelled }) => labelled),
    ),
    gauge(
      'boucle_window_faults',
      'Faults of data quality in it.',
      ofWindow(({ faults }) => faults),
    ),
    gauge(
      'boucle_window_drifted_columns',
      'Columns of it that drifted.',
      ofWindow(({ drifted }) => drifted.length),
    ),
    gauge(
      'boucle_drift_p_value',
      'Of the comparison with the reference, by column.',
      each(
        ({ columns }) => whole(columns),
        ({ column, variant, measure, pValue }) => known(pValue, { column, variant, measure: measure ?? '' }),
      ),
    ),
    gauge(
      'boucle_drift_total_variation_ratio',
      'The share of rows that would have to move to make both alike, by column.',
      each(
        ({ columns }) => whole(columns),
        ({ column, variant, measure, totalVariation }) => known(totalVariation, { column, variant, measure: measure ?? '' }),
      ),
    ),
    gauge(
      'boucle_performance',
      'Measured from labels.',
      each(
        ({ performance }) => whole(performance).flatMap(({ variant, metrics }) => metrics.map((metric) => ({ variant, ...metric }))),
        ({ variant, metric, of, value }) => known(value, { variant, metric, of: of ?? '' }),
      ),
    ),
    gauge(
      'boucle_performance_estimate',
      'Estimated without labels.',
      each(
        ({ estimates }) => whole(estimates),
        ({ variant, metric, of, value }) => known(value, { variant, metric, of: of ?? '' }),
      ),
    ),
    gauge(
      'boucle_kpi',
      'A KPI of the project.',
      each(
        ({ kpis }) => kpis,
        ({ kpi, value }) => known(value, { kpi }),
      ),
    ),
    gauge(
      'boucle_kpi_target',
      'Its target.',
      each(
        ({ kpis }) => kpis,
        ({ kpi, target }) => known(target.atLeast ?? target.atMost, { kpi, bound: target.atLeast === undefined ? 'at_most' : 'at_least' }),
      ),
    ),
  ];
};

const ofAlerts = (seen: readonly Seen[]): Family[] => [
  gauge(
    'boucle_alerts_firing',
    'Alerts that fire now.',
    seen.flatMap(({ project, firing }) =>
      firing.map(({ monitor, endpoint, rule, severity, group }) =>
        one(1, {
          project: project.name,
          monitor,
          endpoint,
          rule,
          severity,
          group: Object.entries(group)
            .map((pair) => pair.join('='))
            .join(','),
        }),
      ),
    ),
  ),
];

const ofRollouts = (seen: readonly Seen[]): Family[] => {
  const all = seen.flatMap(({ project, rollouts }) =>
    rollouts.map((report) => ({
      report,
      labels: { project: project.name, endpoint: report.rollout.endpoint, rollout: String(report.rollout.number) },
    })),
  );
  const last = all.flatMap(({ report, labels }) => {
    const point = report.series.at(-1);
    return point ? [{ point, labels }] : [];
  });
  return [
    gauge(
      'boucle_rollout_share_ratio',
      "The candidate's share of live requests.",
      all.map(({ report, labels }) => one(report.rollout.share, labels)),
    ),
    gauge(
      'boucle_rollout_evidence',
      'Pieces of evidence so far.',
      all.map(({ report, labels }) => one(report.rollout.evidence, labels)),
    ),
    gauge(
      'boucle_rollout_log_e',
      'ln of the e-values: for a worse candidate, and for one that is good enough.',
      last.flatMap(({ point, labels }) => [
        one(point.rollback, { ...labels, against: 'candidate' }),
        one(point.promote, { ...labels, against: 'hesitation' }),
      ]),
    ),
  ];
};
