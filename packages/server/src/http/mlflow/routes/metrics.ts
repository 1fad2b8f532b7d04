import { Readable } from 'node:stream';
import type { Tracking } from '../../../tracking/index.ts';
import { type InputOf, integer, integerIn, list, message, optional, real, required, requiredList, text, wideInteger } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute, WireText } from '../route.ts';
import { param, runId, runTag, textsOf, wireReal } from '../shapes.ts';

const metricFields = {
  key: required(text),
  value: required(real),
  timestamp: required(integerIn(0, Number.MAX_SAFE_INTEGER)),
  step: optional(wideInteger),
  model_id: optional(text),
  dataset_name: optional(text),
  dataset_digest: optional(text),
};
const metric = message(metricFields);
/** So many points are an answer's page, and no answer holds more in memory. */
const longest = 25_000;
const mostRuns = 100;
const mostSampled = 2500;

export const metricRoutes = ({ runs, metrics }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'runs/log-metric',
    permission: 'runs:write',
    request: { run_id: runId, ...metricFields },
    handle: ({ run_id, ...sent }, { actor }) => runs.log(actor, run_id, { metrics: [metricOf(sent)] }, { amend: true }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/log-batch',
    permission: 'runs:write',
    request: { run_id: runId, metrics: list(metric), params: list(param), tags: list(runTag) },
    handle: async ({ run_id, ...sent }, { actor }) => {
      checkBatch(sent);
      const log = { metrics: sent.metrics.map(metricOf), params: textsOf(sent.params), tags: textsOf(sent.tags) };
      await runs.log(actor, run_id, log, { amend: true });
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'metrics/get-history',
    permission: 'runs:read',
    request: {
      run_id: runId,
      metric_key: required(text),
      max_results: optional(integerIn(1, 2 ** 31 - 1)),
      page_token: optional(text),
    },
    handle: async ({ run_id, metric_key: key, max_results, page_token }, { actor }) => {
      const limit = Math.min(max_results ?? longest, longest);
      const pageAt = (cursor: string | undefined) =>
        metrics.history(actor.project, run_id, { key, axis: 'time', limit, ...(cursor && { cursor }) });
      const textOf = rowText(key);
      const { items, nextCursor } = await pageAt(page_token);
      if (items.length === 0) return {};
      if (nextCursor === null) return new WireText(`{"metrics":[${items.map(textOf).join(',')}]}`);
      if (max_results !== undefined)
        return new WireText(`{"metrics":[${items.map(textOf).join(',')}],"next_page_token":${JSON.stringify(nextCursor)}}`);
      // Who names no number wants everything, however much that is.
      return new WireText(
        Readable.from(
          (async function* () {
            yield `{"metrics":[${items.map(textOf).join(',')}`;
            for (let cursor: string | null = nextCursor; cursor !== null;) {
              const page = await pageAt(cursor);
              yield `,${page.items.map(textOf).join(',')}`;
              cursor = page.nextCursor;
            }
            yield ']}';
          })(),
        ),
      );
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'metrics/get-history-bulk',
    permission: 'runs:read',
    request: { run_id: list(text), metric_key: optional(text), max_results: optional(integerIn(1, 2 ** 31 - 1)) },
    handle: async ({ run_id: ids, metric_key: key, max_results = longest }, { actor }) => {
      if (ids.length === 0) throw refused('GetMetricHistoryBulk request must specify at least one run_id.');
      if (ids.length > mostRuns)
        throw refused(`GetMetricHistoryBulk request cannot specify more than ${mostRuns} run_ids. Received ${ids.length} run_ids.`);
      if (!key) throw refused('GetMetricHistoryBulk request must specify a metric_key.');
      const found = await metrics.histories(actor.project, ids, { key, limit: Math.min(max_results, longest) });
      return textOfRuns(key, found);
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'metrics/get-history-bulk-interval',
    permission: 'runs:read',
    request: {
      run_ids: requiredList(text),
      metric_key: required(text),
      start_step: optional(integer),
      end_step: optional(integer),
      max_results: optional(integer),
    },
    handle: async ({ run_ids: ids, metric_key: key, start_step: first, end_step: last, max_results: count = mostSampled }, { actor }) => {
      if (ids.length > mostRuns)
        throw refused(`GetMetricHistoryBulkInterval request must specify at most ${mostRuns} run_ids. Received ${ids.length} run_ids.`);
      if (count < 1 || count > mostSampled) throw refused(`max_results must be between 1 and ${mostSampled}.`);
      if ((first === undefined) !== (last === undefined))
        throw refused('If either start step or end step are specified, both must be specified.');
      const range = first !== undefined && last !== undefined ? ([first, last] as const) : undefined;
      if (range && range[0] > range[1])
        throw refused(`end_step must be greater than start_step. Found start_step=${first} and end_step=${last}.`);
      const found = await metrics.sample(actor.project, ids, { key, count, ...(range && { range }) });
      return found.some(({ points }) => points.length > 0) ? textOfRuns(key, found) : {};
    },
  }),
];

type SentMetric = InputOf<typeof metricFields>;
const metricOf = ({ key, value, timestamp, step = 0, model_id, dataset_name: name, dataset_digest: digest }: SentMetric) => {
  if (!name !== !digest) throw refused('Both dataset_name and dataset_digest must be provided if one is provided');
  return {
    key,
    value,
    time: timestamp,
    step: typeof step === 'bigint' ? String(step) : step,
    ...(model_id && { modelId: model_id }),
    ...(name && digest && { dataset: { name, digest } }),
  };
};

const most = { metrics: 1000, params: 100, tags: 100, together: 1000 };
interface Batch {
  readonly metrics: readonly unknown[];
  readonly params: readonly { readonly key: string }[];
  readonly tags: readonly unknown[];
}
const checkBatch = ({ metrics, params, tags }: Batch): void => {
  const counts = {
    metrics: metrics.length,
    params: params.length,
    tags: tags.length,
    together: metrics.length + params.length + tags.length,
  };
  const over = (Object.keys(counts) as (keyof typeof counts)[]).find((what) => counts[what] > most[what]);
  if (over) throw refused(`A batch can hold at most ${most[over]} ${over}, and this one has ${counts[over]}: send it in several.`);
  const keys = new Set<string>();
  const doubled = params.find(({ key }) => keys.size === keys.add(key).size);
  if (doubled) throw refused(`Duplicate parameter keys have been submitted: '${doubled.key}'. Send each param once.`);
};

const refused = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

interface WirePoint {
  readonly value: number;
  readonly time: number;
  readonly step: number | bigint;
}
/** By hand: a hundred thousand points are ten times as long with a replacer. */
const rowText = (key: string, more = '') => {
  const head = `{"key":${JSON.stringify(key)},"value":`;
  return ({ value, time, step }: WirePoint): string => {
    const shown = wireReal(value);
    return `${head}${typeof shown === 'string' ? `"${shown}"` : shown},"timestamp":${time},"step":${step}${more}}`;
  };
};
const textOfRuns = (key: string, runs: readonly { readonly runId: string; readonly points: readonly WirePoint[] }[]): WireText => {
  const rows = runs.flatMap(({ runId, points }) => points.map(rowText(key, `,"run_id":"${runId}"`)));
  return new WireText(`{"metrics":[${rows.join(',')}]}`);
};
