import type { RunRecord, Tracking } from '../../../tracking/index.ts';
import { integerIn, list, oneOf, optional, type Reader, required, text } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute, WireText } from '../route.ts';
import { experimentShape, runShape } from '../shapes.ts';
import { writeWire } from '../wire-json.ts';

const limit = integerIn(1, 50_000);
const views = { ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 };
const view: Reader<'active' | 'deleted' | 'all'> = (given, at) =>
  ({ ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: 'all' } as const)[oneOf(views)(given, at)];
const page = { filter: optional(text), order_by: list(text), page_token: optional(text) };
const runViews = { run_view_type: optional(view), ...page };
const experimentViews = { view_type: optional(view), ...page };
const mostExperiments = 20;

interface Asked {
  readonly filter: string | undefined;
  readonly order_by: readonly string[];
  readonly page_token: string | undefined;
}
const searched = ({ filter = '', order_by, page_token }: Asked) => ({
  filter,
  orderBy: order_by,
  // Clients send an empty token for the first page.
  ...(page_token && { cursor: page_token }),
});
/** Models that a run used are told of by itself only. */
const foundShape = (run: RunRecord) => {
  const { info, data, inputs, outputs } = runShape(run);
  return { info, data: filled(data), inputs: filled({ dataset_inputs: inputs.dataset_inputs }), outputs: filled(outputs) };
};
const filled = (lists: Readonly<Record<string, readonly unknown[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([, items]) => items.length > 0));
/** What needs a look at each value is written three times slower, and most runs have none of it. */
const isPlain = ({ datasets, latest, modelOutputs }: RunRecord): boolean =>
  datasets.length === 0 && [...latest, ...modelOutputs].every(({ step }) => typeof step === 'number');

export const searchRoutes = ({ search }: Tracking): MlflowRoute[] => [
  ...(['POST', 'GET'] as const).map((method) =>
    mlflowRoute({
      method,
      path: 'experiments/search',
      permission: 'experiments:read',
      request: { max_results: required(limit), ...experimentViews },
      handle: async ({ max_results, view_type = 'active', ...asked }, { actor }) => {
        const { items, nextCursor } = await search.experiments(actor.project, { ...searched(asked), view: view_type, limit: max_results });
        return { experiments: items.map((experiment) => experimentShape(experiment, actor.project)), next_page_token: nextCursor };
      },
    }),
  ),
  mlflowRoute({
    method: 'POST',
    path: 'runs/search',
    permission: 'runs:read',
    request: { experiment_ids: list(text), max_results: optional(limit), ...runViews },
    handle: async ({ experiment_ids, max_results = 1000, run_view_type = 'active', ...asked }, { actor }) => {
      const input = { ...searched(asked), experimentIds: experiment_ids, view: run_view_type, limit: max_results };
      const { items, nextCursor } = await search.runs(actor.project, input);
      return new WireText(runsText(items, nextCursor));
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'experiments/search-datasets',
    permission: 'experiments:read',
    request: { experiment_ids: list(text) },
    handle: async ({ experiment_ids }, { actor }) => {
      if (experiment_ids.length === 0)
        throw new MlflowError('INVALID_PARAMETER_VALUE', 'SearchDatasets request must specify at least one experiment_id.');
      if (experiment_ids.length > mostExperiments)
        throw new MlflowError(
          'INVALID_PARAMETER_VALUE',
          `SearchDatasets request cannot specify more than ${mostExperiments} experiment_ids, and there are ${experiment_ids.length}: ask in parts`,
        );
      const found = await search.datasets(actor.project, experiment_ids);
      return { dataset_summaries: found.map(({ experimentId, ...dataset }) => ({ experiment_id: experimentId, ...dataset })) };
    },
  }),
];

const runsText = (runs: readonly RunRecord[], next: string | null): string => {
  if (runs.length === 0) return '{}';
  return `{"runs":[${runs.map((run) => (isPlain(run) ? JSON.stringify : writeWire)(foundShape(run))).join()}]${next === null ? '' : `,"next_page_token":${JSON.stringify(next)}`}}`;
};
