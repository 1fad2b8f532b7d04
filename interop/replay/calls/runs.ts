import { type Call, get, post } from '../call.ts';
import { filterOf } from '../filters.ts';
import { type Drawn, epoch } from './drawn.ts';

/** Runs, and what is logged to them. */
export const runCalls = ({
  random,
  made,
  experiment,
  run,
  logged,
  key,
  value,
  pair,
  pairs,
  twice,
  sometimes,
  time,
  point,
  inExperiment,
  search,
  drawn,
}: Drawn) => ({
  createRun: (): Call => {
    const number = made.run++;
    return {
      ...post('runs/create', {
        ...inExperiment(`«run ${number}»`),
        start_time: epoch + number * 1000,
        run_name: `run ${value()}${number}`,
        ...sometimes(0.3, () => ({ user_id: value() })),
        ...sometimes(0.4, () => ({ tags: [...pairs(), ...(random.chance(0.3) ? [{ key: 'mlflow.parentRunId', value: run() }] : [])] })),
      }),
      names: { [`run ${number}`]: 'run.info.run_id' },
    };
  },
  getRun: () => get('runs/get', random.chance(0.9) ? { run_id: run() } : { run_uuid: run() }),
  updateRun: () =>
    post('runs/update', {
      run_id: run(),
      ...random.pick([
        { status: drawn('RUNNING', 'SCHEDULED') },
        { status: drawn('FINISHED', 'FAILED', 'KILLED'), ...sometimes(0.95, () => ({ end_time: time() })) },
        {},
      ]),
      ...sometimes(0.3, () => ({ run_name: `name ${value()}` })),
    }),
  changeRun: () => post(drawn('runs/delete', 'runs/restore'), { run_id: run() }),
  searchRuns: () => {
    const whole = {
      experiment_ids: random.some(experiment, 1, 2),
      ...sometimes(0.7, () => ({ filter: filterOf(random, 'runs') })),
      ...sometimes(0.3, () => ({ run_view_type: drawn('ALL', 'DELETED_ONLY', 'ACTIVE_ONLY') })),
    };
    return { ...post('runs/search', search('runs', whole)), pages: 'runs' };
  },
  logMetric: () => post('runs/log-metric', { run_id: run(), ...point() }),
  logMetricOfModel: () => {
    const { value: measured, ...rest } = point();
    return post('runs/log-metric', {
      run_id: run(),
      ...rest,
      // MLflow keeps 0 for it.
      value: measured === 'NaN' ? 0 : measured,
      model_id: logged(),
      ...sometimes(0.5, () => ({ dataset_name: 'd', dataset_digest: '1' })),
    });
  },
  logParam: () => post('runs/log-parameter', { run_id: run(), ...pair() }),
  setTag: () =>
    post('runs/set-tag', { run_id: run(), ...(random.chance(0.15) ? { key: 'mlflow.runName', value: `tagged ${value()}` } : pair()) }),
  deleteTag: () => post('runs/delete-tag', { run_id: run(), key: key() }),
  logBatch: () =>
    post('runs/log-batch', { run_id: run(), metrics: random.some(point, 0, 6), params: twice(pairs()), tags: twice(pairs()) }),
  logInputs: () =>
    post('runs/log-inputs', {
      run_id: run(),
      datasets: random.some(
        () => ({
          dataset: {
            name: drawn('d', 'e'),
            digest: drawn('1', '2'),
            source_type: 'local',
            source: 'here',
            ...sometimes(0.3, () => ({ schema: '{}' })),
          },
          ...sometimes(0.5, () => ({ tags: [{ key: 'mlflow.data.context', value: drawn('train', 'eval') }] })),
        }),
        0,
        2,
      ),
    }),
  logOutputs: () => post('runs/outputs', { run_id: run(), models: [{ model_id: logged(), step: random.integer(3) }] }),
  searchDatasets: (): Call => ({
    method: 'POST',
    path: '/ajax-api/2.0/mlflow/experiments/search-datasets',
    fields: { experiment_ids: random.some(experiment, 1, 2) },
  }),
});
