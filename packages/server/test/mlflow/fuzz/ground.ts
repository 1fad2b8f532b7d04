import { randomUUID } from 'node:crypto';
import { type Got, jsonOf, send } from '../../contract/send.ts';
import type { Known } from './proper-input.ts';

export const token = 'the-admin-token';
export const username = 'ada';
export const json = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
export const proxy = '/api/2.0/mlflow-artifacts/artifacts';

const sure = (got: Got): Got => {
  if (got.status !== 200) throw new Error(got.bytes.toString());
  return got;
};
const over = (address: string) => ({
  post: async <T>(path: string, body: object, version = '2.0'): Promise<T> =>
    jsonOf<T>(
      sure(await send(address, { method: 'POST', path: `/api/${version}/mlflow/${path}`, headers: json, body: JSON.stringify(body) })),
    ),
  get: async (path: string): Promise<unknown> => jsonOf(sure(await send(address, { method: 'GET', path, headers: json }))),
});

export const addUser = async (address: string): Promise<void> =>
  void (await over(address).post('users/create', { username, password: 'a password of hers' }));

/** So that the number of one that is kept is not guessed by chance: they count from 1. */
export const addExperiments = async (address: string, count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await over(address).post('experiments/create', { name: `one of many ${i}` });
};

/** The first of them, for a project may have but so many. */
const theWebhook = async (address: string): Promise<string> => {
  const { post, get } = over(address);
  const { webhooks = [] } = (await get('/api/2.0/mlflow/webhooks')) as { webhooks?: { webhook_id: string }[] };
  const made = webhooks[0] ?? (await post<{ webhook: { webhook_id: string } }>('webhooks', aWebhook)).webhook;
  return made.webhook_id;
};
const aWebhook = {
  name: 'told',
  url: 'https://hook.invalid/a',
  status: 'DISABLED',
  events: [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }],
};

const aTrace = (traceId: string, experimentId: string) => ({
  trace: {
    trace_info: {
      trace_id: traceId,
      trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
      request_time: '2026-01-01T00:00:00Z',
      state: 'OK',
    },
  },
});

/** Examples that the experiment is evaluated with. */
const aDataset = async (address: string, experimentId: string): Promise<{ datasetId: string; recordId: string }> => {
  const { post, get } = over(address);
  const { dataset } = await post<{ dataset: { dataset_id: string } }>(
    'datasets/create',
    { name: 'questions', experiment_ids: [experimentId], tags: '{"team":"a"}' },
    '3.0',
  );
  const datasetId = dataset.dataset_id;
  await post(`datasets/${datasetId}/records`, { records: '[{"inputs":{"q":1},"expectations":{"a":2}}]' }, '3.0');
  const { records } = (await get(`/api/3.0/mlflow/datasets/${datasetId}/records`)) as { records: string };
  return { datasetId, recordId: (JSON.parse(records) as { dataset_record_id: string }[])[0]!.dataset_record_id };
};

/** Something wrong with the experiment's application. */
const anIssue = async (address: string, experimentId: string, runId: string): Promise<string> => {
  const said = { experiment_id: experimentId, name: 'slow', description: 'It takes long', source_run_id: runId };
  const got = await send(address, { method: 'POST', path: '/api/3.0/mlflow/issues', headers: json, body: JSON.stringify(said) });
  return jsonOf<{ issue: { issue_id: string } }>(sure(got)).issue.issue_id;
};

/** One of everything that an address of MLflow's speaks of. */
export const layGround = async (address: string) => {
  const { post, get } = over(address);
  const name = `n-${randomUUID()}`;
  const { experiment_id: experimentId } = await post<{ experiment_id: string }>('experiments/create', { name });
  const { run } = await post<{ run: { info: { run_id: string } } }>('runs/create', { experiment_id: experimentId, start_time: 1 });
  const runId = run.info.run_id;
  const root = `${experimentId}/${runId}/artifacts`;
  await send(address, { method: 'PUT', path: `${proxy}/${root}/a/b.txt`, headers: json, body: 'hello' }).then(sure);
  await post('runs/log-batch', {
    run_id: runId,
    metrics: [{ key: 'loss', value: 0.5, timestamp: 1_700_000_000_000, step: 1 }],
    params: [{ key: 'lr', value: '1' }],
  });
  await post('registered-models/create', { name });
  await post('model-versions/create', { name, source: `mlflow-artifacts:/${root}/a`, run_id: runId });
  await post('registered-models/alias', { name, alias: 'prod', version: '1' });
  const { model } = await post<{ model: { info: { model_id: string } } }>('logged-models', { experiment_id: experimentId, name: 'm' });
  const modelId = model.info.model_id;
  const webhookId = await theWebhook(address);
  const traceId = `tr-${runId}`;
  await send(address, {
    method: 'POST',
    path: '/api/3.0/mlflow/traces',
    headers: json,
    body: JSON.stringify(aTrace(traceId, experimentId)),
  }).then(sure);
  const { datasetId, recordId } = await aDataset(address, experimentId);
  await post('scorers/register', { experiment_id: experimentId, name, serialized_scorer: '{}' }, '3.0');
  const issueId = await anIssue(address, experimentId, runId);
  const known: Known = {
    '*': [`${root}/a/b.txt`],
    run_id: [runId],
    run_ids: [[runId]],
    experiment_id: [experimentId],
    experiment_ids: [[experimentId]],
    experiment_name: [name],
    name: [name],
    new_name: [`${name}-2`],
    version: ['1'],
    alias: ['prod'],
    model_id: [modelId],
    webhook_id: [webhookId],
    username: [username],
    password: ['another password'],
    resource_type: ['experiment'],
    resource_id: [experimentId],
    permission: ['READ'],
    metric_key: ['loss'],
    path: ['a/b.txt'],
    source: [`mlflow-artifacts:/${root}/a`],
    timestamp: [1_700_000_000_000],
    stage: ['Staging'],
    trace_id: [traceId],
    trace_ids: [[traceId]],
    request_id: [traceId],
    request_ids: [[traceId]],
    locations: [[{ mlflow_experiment: { experiment_id: experimentId } }]],
    request_time: ['2026-01-01T00:00:00Z'],
    trace_location: [{ mlflow_experiment: { experiment_id: experimentId } }],
    url: ['https://hook.invalid/a'],
    filter: ["name LIKE '%a%'", 'metrics.loss > 0.1'],
    order_by: [['name ASC']],
    dataset_id: [datasetId],
    dataset_record_ids: [[recordId]],
    records: ['[{"inputs":{"q":2},"outputs":{"a":1},"tags":{"t":"u"},"source":{"source_type":"HUMAN"}}]'],
    tags: ['{"team":"b","none":null}'],
    serialized_scorer: ['{"name":"polite"}'],
    view_type: ['TRACES', 'ACTIVE_ONLY'],
    metric_name: ['trace_count'],
    aggregations: [[{ aggregation_type: 'COUNT' }]],
    dimensions: [['trace_status']],
    filters: [["trace.status = 'OK'"]],
    filter_string: ["name LIKE '%a%'"],
    time_interval_seconds: [60],
    start_time_ms: [1_700_000_000_000],
    end_time_ms: [1_800_000_000_000],
    issue_id: [issueId],
    source_run_id: [runId],
    severity: ['high'],
    model_json: [JSON.stringify({ artifact_path: 'a', flavors: {}, utc_time_created: 'now', run_id: runId })],
  };
  return {
    known,
    runId,
    root,
    /** What is there, read again over the wire. */
    records: async () => ({
      run: await get(`/api/2.0/mlflow/runs/get?run_id=${runId}`),
      history: await get(`/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=loss`),
      files: await get(`/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=a`),
      experiment: await get(`/api/2.0/mlflow/experiments/get?experiment_id=${experimentId}`),
      registered: await get(`/api/2.0/mlflow/registered-models/get?name=${name}`),
      version: await get(`/api/2.0/mlflow/model-versions/get?name=${name}&version=1`),
      model: await get(`/api/2.0/mlflow/logged-models/${modelId}`),
      issue: await get(`/api/3.0/mlflow/issues/${issueId}`),
      trace: await get(`/api/3.0/mlflow/traces/${traceId}`),
      dataset: await get(`/api/3.0/mlflow/datasets/${datasetId}`),
      examples: await get(`/api/3.0/mlflow/datasets/${datasetId}/records`),
      scorer: await get(`/api/3.0/mlflow/scorers/get?experiment_id=${experimentId}&name=${name}`),
    }),
  };
};
export type Ground = Awaited<ReturnType<typeof layGround>>;
