import { type Call, get } from '../call.ts';
import type { Drawn } from './drawn.ts';

/** Histories of metrics. */
export const metricCalls = ({ random, run, sometimes, metricKey, drawn }: Drawn) => ({
  history: () => ({
    ...get('metrics/get-history', {
      run_id: run(),
      metric_key: metricKey(),
      ...sometimes(0.6, () => ({ max_results: random.pick([1, 2, 100]) })),
    }),
    pages: 'metrics',
  }),
  historyOfRuns: (): Call => ({
    method: 'GET',
    path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval',
    fields: {
      run_ids: [...new Set(random.some(run, 1, 2))],
      metric_key: metricKey(),
      ...sometimes(0.5, () => ({ start_step: drawn('0', '1'), end_step: drawn('2', '5') })),
      ...sometimes(0.5, () => ({ max_results: random.pick([1, 2, 100]) })),
    },
  }),
  // Several runs come in the order of their ids, which differ.
  wholeHistoryOfRun: (): Call => ({
    method: 'GET',
    path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk',
    fields: { run_id: [run()], metric_key: metricKey(), ...sometimes(0.5, () => ({ max_results: random.pick([1, 2, 100]) })) },
  }),
});
