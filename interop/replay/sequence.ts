import { api, type Call, type Fault, type Fields, proxy } from './call.ts';
import { badFilters, badOrders, filterOf, orderOf, type Searched, values } from './filters.ts';
import { type Random, randomFrom } from './random.ts';

/** Calls that make a few things and then do to them what clients do, some of them spoiled. The same seed gives the same calls. */
export const sequenceOf = (seed: number): Call[] => {
  const random = randomFrom(seed);
  const made = { experiment: 0, run: 0, logged: 0, model: 0 };
  const makers = makersOf(random, made);
  const calls: Call[] = [makers.createExperiment(), ...(random.chance(0.8) ? [makers.createRun()] : [])];
  if (random.chance(0.4)) calls.push(makers.createModel());
  const theme = random.pick(themes);
  for (const length = 5 + random.integer(21); calls.length < length;) {
    const call = makers[random.chance(0.7) ? random.pick(theme) : random.pick(everything)]();
    calls.push(random.chance(0.12) ? spoiled(random, call) : call);
  }
  return calls;
};

type Made = Record<'experiment' | 'run' | 'logged' | 'model', number>;
/** Where times that clients say begin; a text, as some clients send. */
const epoch = 1_700_000_000_000;
const metricKeys = ['a', 'm b', 'm/c', 'acc.1'];
const metricValues = [0, 1, -1.5, 0.5, 100, 3, 'NaN', 'Infinity', '-Infinity', 1e300, '2.5'];
const steps = [0, 1, 2, 3, -5, '9007199254740993'];
const keys = ['a', 'p b', 't b', 'c', 'ключ', 'deep/key'];
const files = ['a.txt', 'model/MLmodel', 'model/data/b.bin', 'x y.txt', 'model/ü.json'];
const stages = ['None', 'Staging', 'production', 'Archived'];

const makersOf = (random: Random, made: Made) => {
  const some = (kind: keyof Made): string => `«${kind} ${random.chance(0.03) ? 99 : random.integer(Math.max(1, made[kind]))}»`;
  const experiment = () => some('experiment');
  const run = () => some('run');
  const logged = () => some('logged');
  const model = () => `«p»m${random.chance(0.03) ? 99 : random.integer(Math.max(1, made.model))}`;
  const version = () => String(1 + random.integer(3));
  const key = () => random.pick(keys);
  const value = () => random.pick(values);
  const pair = () => ({ key: key(), value: value() });
  const pairs = (most = 3) => uniqueByKey(random.some(pair, 0, most));
  const sometimes = (share: number, fields: () => Fields): Fields => (random.chance(share) ? fields() : {});
  const time = () => epoch + random.integer(5) * 1000;
  const point = () => ({
    key: random.pick(metricKeys),
    value: random.pick(metricValues),
    timestamp: random.chance(0.2) ? String(time()) : time(),
    ...sometimes(0.8, () => ({ step: random.pick(steps) })),
  });
  const filePath = () => random.pick(files);
  /** The experiment that each run and logged model is in: the one in an address of theirs. */
  const homes = new Map<string, string>();
  const filesOf = (id: string) => `${homes.get(id) ?? '«experiment 99»'}/${id.startsWith('«logged') ? 'models/' : ''}${id}/artifacts`;
  const fileAt = () => `${filesOf(random.chance(0.8) ? run() : logged())}/${filePath()}`;
  const inExperiment = (id: string): Fields => {
    const experiment_id = experiment();
    homes.set(id, experiment_id);
    return { experiment_id };
  };
  const search = (searched: Searched, whole: Fields): Fields => ({
    ...whole,
    ...sometimes(0.3, () => ({ max_results: random.pick([1, 2, 3, 100]) })),
    ...sometimes(0.6, () => ({ order_by: [orderOf(random, searched)] })),
  });
  const get = (path: string, fields: Fields): Call => ({ method: 'GET', path: api + path, fields });
  const post = (path: string, fields: Fields): Call => ({ method: 'POST', path: api + path, fields });
  const patch = (path: string, fields: Fields): Call => ({ method: 'PATCH', path: api + path, fields });
  const remove = (path: string, fields: Fields = {}): Call => ({ method: 'DELETE', path: api + path, fields });
  const drawn = <T extends string>(...paths: readonly T[]): T => random.pick(paths);

  return {
    createExperiment: (): Call => {
      const again = made.experiment > 0 && random.chance(0.1);
      const number = again ? 0 : made.experiment++;
      return {
        ...post('experiments/create', {
          name: `«p»e${number}`,
          ...sometimes(0.3, () => ({ tags: pairs() })),
          ...sometimes(0.1, () => ({ artifact_location: 's3://bucket/some where' })),
        }),
        ...(!again && { names: { [`experiment ${number}`]: 'experiment_id' } }),
      };
    },
    getExperiment: () => get('experiments/get', { experiment_id: experiment() }),
    experimentByName: () => get('experiments/get-by-name', { experiment_name: random.pick(['«p»e0', '«p»e1', '«p»renamed', 'nobody']) }),
    searchExperiments: () => {
      const filter = sometimes(0.5, () => ({ filter: `${filterOf(random, 'experiments')} AND name LIKE '«p»%'` }));
      const whole = {
        max_results: 100,
        filter: "name LIKE '«p»%'",
        ...filter,
        ...sometimes(0.5, () => ({ view_type: drawn('ALL', 'DELETED_ONLY', 'ACTIVE_ONLY') })),
      };
      return { ...post('experiments/search', search('experiments', whole)), pages: 'experiments' };
    },
    changeExperiment: () => post(drawn('experiments/delete', 'experiments/restore'), { experiment_id: experiment() }),
    renameExperiment: () => post('experiments/update', { experiment_id: experiment(), new_name: drawn('«p»renamed', '«p»e1') }),
    setExperimentTag: () => post('experiments/set-experiment-tag', { experiment_id: experiment(), ...pair() }),
    deleteExperimentTag: () => post('experiments/delete-experiment-tag', { experiment_id: experiment(), key: key() }),

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
    logMetricOfModel: () =>
      post('runs/log-metric', {
        run_id: run(),
        ...point(),
        model_id: logged(),
        ...sometimes(0.5, () => ({ dataset_name: 'd', dataset_digest: '1' })),
      }),
    logParam: () => post('runs/log-parameter', { run_id: run(), ...pair() }),
    setTag: () =>
      post('runs/set-tag', { run_id: run(), ...(random.chance(0.15) ? { key: 'mlflow.runName', value: `tagged ${value()}` } : pair()) }),
    deleteTag: () => post('runs/delete-tag', { run_id: run(), key: key() }),
    logBatch: () => post('runs/log-batch', { run_id: run(), metrics: random.some(point, 0, 6), params: pairs(), tags: pairs() }),
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
    history: () => ({
      ...get('metrics/get-history', {
        run_id: run(),
        metric_key: random.pick(metricKeys),
        ...sometimes(0.6, () => ({ max_results: random.pick([1, 2, 100]) })),
      }),
      pages: 'metrics',
    }),
    historyOfRuns: (): Call => ({
      method: 'GET',
      path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval',
      fields: {
        run_ids: [...new Set(random.some(run, 1, 2))],
        metric_key: random.pick(metricKeys),
        ...sometimes(0.5, () => ({ start_step: drawn('0', '1'), end_step: drawn('2', '5') })),
        ...sometimes(0.5, () => ({ max_results: random.pick([1, 2, 100]) })),
      },
    }),
    wholeHistoryOfRuns: (): Call => ({
      method: 'GET',
      path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk',
      fields: {
        run_id: [...new Set(random.some(run, 1, 2))],
        metric_key: random.pick(metricKeys),
        ...sometimes(0.5, () => ({ max_results: random.pick([1, 2, 100]) })),
      },
    }),

    listArtifacts: () =>
      get('artifacts/list', { run_id: run(), ...sometimes(0.5, () => ({ path: drawn('model', 'model/data', 'none', 'a.txt') })) }),
    putFile: (): Call => ({ method: 'PUT', path: `${proxy}/${fileAt()}`, bytes: `bytes ${value()}` }),
    getFile: (): Call => ({ method: 'GET', path: `${proxy}/${fileAt()}` }),
    deleteFile: (): Call => ({ method: 'DELETE', path: `${proxy}/${fileAt()}` }),
    listFiles: (): Call => ({
      method: 'GET',
      path: proxy,
      fields: { path: `${filesOf(run())}${drawn('', '/model', '/none', '/model/data')}` },
    }),

    createLogged: (): Call => {
      const number = made.logged++;
      return {
        ...post('logged-models', {
          ...inExperiment(`«logged ${number}»`),
          name: drawn('alpha', 'beta', 'net'),
          ...sometimes(0.5, () => ({ source_run_id: run() })),
          ...sometimes(0.3, () => ({ model_type: value() })),
          ...sometimes(0.3, () => ({ params: pairs() })),
          ...sometimes(0.3, () => ({ tags: pairs() })),
        }),
        names: { [`logged ${number}`]: 'model.info.model_id' },
      };
    },
    getLogged: () => get(`logged-models/${logged()}`, {}),
    finishLogged: () => {
      const id = logged();
      return patch(`logged-models/${id}`, { model_id: id, status: drawn('LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED') });
    },
    deleteLogged: () => remove(`logged-models/${logged()}`),
    searchLogged: () => {
      const { order_by: _, ...whole } = search('logged-models', {
        experiment_ids: [experiment()],
        ...sometimes(0.6, () => ({ filter: filterOf(random, 'logged-models') })),
      });
      const order = sometimes(0.5, () => ({
        order_by: [{ field_name: drawn('name', 'metrics.a', 'creation_timestamp'), ascending: random.chance(0.5) }],
      }));
      return { ...post('logged-models/search', { ...whole, ...order }), pages: 'models' };
    },
    tagLogged: () => patch(`logged-models/${logged()}/tags`, { tags: pairs() }),
    untagLogged: () => remove(`logged-models/${logged()}/tags/${drawn('a', 'c')}`),
    paramLogged: () => {
      const id = logged();
      return post(`logged-models/${id}/params`, { model_id: id, params: pairs() });
    },

    createModel: () => {
      const again = made.model > 0 && random.chance(0.1);
      const number = again ? 0 : made.model++;
      return post('registered-models/create', {
        name: `«p»m${number}`,
        ...sometimes(0.3, () => ({ tags: pairs() })),
        ...sometimes(0.3, () => ({ description: value() })),
      });
    },
    getModel: () => get('registered-models/get', { name: model() }),
    searchModels: () => {
      const filter = sometimes(0.6, () => ({ filter: `${filterOf(random, 'registered-models')} AND name LIKE '«p»%'` }));
      return {
        ...get('registered-models/search', search('registered-models', { filter: "name LIKE '«p»%'", ...filter })),
        pages: 'registered_models',
      };
    },
    updateModel: () => patch('registered-models/update', { name: model(), ...sometimes(0.8, () => ({ description: value() })) }),
    renameModel: () => post('registered-models/rename', { name: model(), new_name: drawn('«p»renamed', '«p»m1', '«p»m0') }),
    deleteModel: () => remove('registered-models/delete', { name: model() }),
    latestVersions: () =>
      post('registered-models/get-latest-versions', {
        name: model(),
        ...sometimes(0.5, () => ({ stages: random.some(() => random.pick(stages), 1, 2) })),
      }),
    tagModel: () => post('registered-models/set-tag', { name: model(), ...pair() }),
    untagModel: () => remove('registered-models/delete-tag', { name: model(), key: key() }),
    setAlias: () => post('registered-models/alias', { name: model(), alias: drawn('best', 'next', 'latest', 'v1'), version: version() }),
    getAlias: () => get('registered-models/alias', { name: model(), alias: drawn('best', 'next', 'latest') }),
    deleteAlias: () => remove('registered-models/alias', { name: model(), alias: drawn('best', 'next') }),

    createVersion: () =>
      post('model-versions/create', {
        name: model(),
        ...random.pick([
          { source: drawn('s3://bucket/a', 's3://bucket/b', 'models:/«p»m0/1'), ...sometimes(0.4, () => ({ run_id: run() })) },
          { source: `mlflow-artifacts:/${filesOf('«run 0»')}/model`, run_id: '«run 0»' },
          { source: 'models:/«logged 0»', model_id: '«logged 0»' },
          { source: `mlflow-artifacts:/${filesOf('«logged 0»')}`, ...sometimes(0.9, () => ({ model_id: '«logged 0»' })) },
        ]),
        ...sometimes(0.3, () => ({ tags: pairs() })),
        ...sometimes(0.3, () => ({ description: value() })),
        ...sometimes(0.1, () => ({ run_link: 'https://example.org/r' })),
      }),
    getVersion: () => get('model-versions/get', { name: model(), version: version() }),
    searchVersions: () => {
      const filter = sometimes(0.6, () => ({ filter: `${filterOf(random, 'model-versions')} AND name LIKE '«p»%'` }));
      return {
        ...get(
          'model-versions/search',
          search('model-versions', { filter: "name LIKE '«p»%'", order_by: ['name', 'version_number'], ...filter }),
        ),
        pages: 'model_versions',
      };
    },
    downloadUri: () => get('model-versions/get-download-uri', { name: model(), version: version() }),
    updateVersion: () =>
      patch('model-versions/update', { name: model(), version: version(), ...sometimes(0.8, () => ({ description: value() })) }),
    stageVersion: () =>
      post('model-versions/transition-stage', {
        name: model(),
        version: version(),
        stage: random.pick(stages),
        ...sometimes(0.8, () => ({ archive_existing_versions: random.chance(0.3) })),
      }),
    deleteVersion: () => remove('model-versions/delete', { name: model(), version: version() }),
    tagVersion: () => post('model-versions/set-tag', { name: model(), version: version(), ...pair() }),
    untagVersion: () => remove('model-versions/delete-tag', { name: model(), version: version(), key: key() }),
  } satisfies Record<string, () => Call>;
};
type Maker = keyof ReturnType<typeof makersOf>;

const logging = [
  'createRun',
  'getRun',
  'logMetric',
  'logMetric',
  'logParam',
  'setTag',
  'deleteTag',
  'logBatch',
  'logBatch',
  'updateRun',
  'history',
] as const;
const themes: readonly (readonly Maker[])[] = [
  [...logging, 'historyOfRuns', 'wholeHistoryOfRuns', 'logInputs'],
  [
    'createRun',
    'createRun',
    'logMetric',
    'logBatch',
    'logParam',
    'setTag',
    'updateRun',
    'changeRun',
    'logInputs',
    'searchRuns',
    'searchRuns',
    'searchRuns',
    'searchRuns',
  ],
  [
    'createExperiment',
    'getExperiment',
    'experimentByName',
    'searchExperiments',
    'searchExperiments',
    'changeExperiment',
    'renameExperiment',
    'setExperimentTag',
    'deleteExperimentTag',
    'createRun',
    'changeRun',
    'getRun',
    'searchRuns',
  ],
  [
    'createModel',
    'getModel',
    'searchModels',
    'updateModel',
    'renameModel',
    'deleteModel',
    'tagModel',
    'untagModel',
    'createVersion',
    'createVersion',
    'createVersion',
    'latestVersions',
    'setAlias',
    'getAlias',
    'deleteAlias',
  ],
  [
    'createVersion',
    'createVersion',
    'createVersion',
    'getVersion',
    'searchVersions',
    'searchVersions',
    'downloadUri',
    'updateVersion',
    'stageVersion',
    'stageVersion',
    'deleteVersion',
    'tagVersion',
    'untagVersion',
    'getModel',
    'latestVersions',
    'setAlias',
  ],
  [
    'createLogged',
    'createLogged',
    'getLogged',
    'finishLogged',
    'deleteLogged',
    'searchLogged',
    'searchLogged',
    'tagLogged',
    'untagLogged',
    'paramLogged',
    'logMetricOfModel',
    'logOutputs',
    'getRun',
    'createVersion',
  ],
  ['createRun', 'putFile', 'putFile', 'putFile', 'getFile', 'getFile', 'deleteFile', 'listFiles', 'listArtifacts', 'createLogged'],
];
const everything: readonly Maker[] = [...new Set([...themes.flat(), 'searchDatasets' as const])];

const uniqueByKey = <T extends { readonly key: string }>(pairs: readonly T[]): T[] => [
  ...new Map(pairs.map((one) => [one.key, one])).values(),
];

const wrongTypes = [1, 1.5, true, {}, [], ['a'], 'text', null, ''];
const spoiled = (random: Random, call: Call): Call => {
  const { fields } = call;
  if (fields === undefined || Object.keys(fields).length === 0) return call;
  const name = random.pick(Object.keys(fields));
  // Without these a search tells of what other sequences made, and a run has a name that differs.
  if (
    name === 'run_name' ||
    (name === 'name' && call.path.endsWith('/logged-models')) ||
    (name === 'filter' && String(fields['filter']).includes('name LIKE'))
  )
    return call;
  const withFault = (fault: Fault, change: Fields): Call => ({ ...call, fields: { ...fields, ...change }, fault });
  const given = fields[name];
  if ('max_results' in fields && random.chance(0.3)) return withFault('range', { max_results: random.pick([0, -1, 1_000_000]) });
  if (call.pages !== undefined && random.chance(0.2)) return withFault('token', { page_token: random.pick(['nonsense', 'e30=']) });
  if ('filter' in fields && random.chance(0.5)) return withFault('filter', { filter: random.pick(badFilters) });
  if ('order_by' in fields && !call.path.includes('logged-models') && random.chance(0.5))
    return withFault('order', { order_by: [random.pick(badOrders)] });
  switch (random.integer(5)) {
    case 0:
    case 1: {
      const { [name]: _, ...rest } = fields;
      return { ...call, fields: rest, fault: 'missing' };
    }
    case 2:
      return withFault('type', { [name]: random.pick(wrongTypes) });
    case 3:
      return typeof given === 'string' ? withFault('unknown', { [name]: random.pick(['nothing', '123', '../x', 'a/b', '  ']) }) : call;
    default:
      return typeof given === 'string' ? withFault('long', { [name]: `«p»${'x'.repeat(random.pick([251, 501, 9000]))}` }) : call;
  }
};
