import { AppError } from '@boucle/contract';
import { type Listing, walkListing } from './listing.ts';
import type {
  MlflowDataset,
  MlflowExperiment,
  MlflowLoggedModel,
  MlflowModel,
  MlflowPoint,
  MlflowRun,
  MlflowSource,
  MlflowVersion,
  Texts,
} from './source.ts';
import type { Wire } from './wire.ts';

interface Pair {
  readonly key: string;
  readonly value?: string;
}
interface WireRun {
  readonly info: {
    readonly run_id: string;
    readonly run_name?: string;
    readonly status: string;
    readonly user_id?: string;
    readonly start_time?: number;
    readonly end_time?: number;
    readonly lifecycle_stage?: string;
    readonly artifact_uri?: string;
  };
  readonly data?: {
    readonly params?: readonly Pair[];
    readonly tags?: readonly Pair[];
    readonly metrics?: readonly ({ key: string } & MlflowPoint)[];
  };
  readonly inputs?: {
    readonly dataset_inputs?: readonly { readonly tags?: readonly Pair[]; readonly dataset: Omit<MlflowDataset, 'tags'> }[];
  };
}

const api = '/api/2.0/mlflow';
const textsOf = (pairs: readonly Pair[] = []): Texts => Object.fromEntries(pairs.map(({ key, value = '' }) => [key, value]));

/** What is read from a started server, by the routes that MLflow's own client uses. */
export const readServer = (wire: Wire): MlflowSource => ({
  async *experiments() {
    const read = (page_token?: string) =>
      wire.post<Experiments>(`${api}/experiments/search`, { view_type: 'ALL', max_results: 1000, page_token });
    for await (const { experiments = [] } of pages(read)) {
      for (const { experiment_id: id, name, lifecycle_stage, tags } of experiments) {
        yield { id, name, isDeleted: lifecycle_stage === 'deleted', tags: textsOf(tags) };
      }
    }
  },
  async *runs({ id }: MlflowExperiment) {
    const body = { experiment_ids: [id], run_view_type: 'ALL', max_results: 500, order_by: ['attributes.start_time ASC'] };
    for await (const { runs = [] } of pages((page_token) => wire.post<Runs>(`${api}/runs/search`, { ...body, page_token }))) {
      for (const run of runs) yield runOf(await whole(wire, run));
    }
  },
  async *points({ id }: MlflowRun, key: string) {
    const query = { run_id: id, metric_key: key, max_results: 25_000 };
    const read = (page_token?: string) =>
      wire.get<History>(`${api}/metrics/get-history`, { ...query, ...(page_token !== undefined && { page_token }) });
    for await (const { metrics = [] } of pages(read)) yield* metrics;
  },
  files: ({ id }: MlflowRun) =>
    walkListing(
      (path, page_token) =>
        wire.get<Listing>(`${api}/artifacts/list`, {
          run_id: id,
          ...(path !== '' && { path }),
          ...(page_token !== undefined && { page_token }),
        }),
      (path) => wire.download('/get-artifact', { run_id: id, path }),
    ),
  async *loggedModels({ id }: MlflowExperiment) {
    const body = { experiment_ids: [id], max_results: 50, order_by: [{ field_name: 'creation_timestamp', ascending: true }] };
    try {
      for await (const { models = [] } of pages((page_token) =>
        wire.post<LoggedModels>(`${api}/logged-models/search`, { ...body, page_token }),
      )) {
        for (const model of models) yield loggedModelOf(model);
      }
    } catch (error) {
      // MLflow 2 has none.
      if (!(error instanceof AppError && error.code === 'not_found')) throw error;
    }
  },
  modelFiles: ({ id }: MlflowLoggedModel) =>
    walkListing(
      (path, page_token) =>
        wire.get<Listing>(`${api}/logged-models/${id}/artifacts/directories`, {
          ...(path !== '' && { artifact_directory_path: path }),
          ...(page_token !== undefined && { page_token }),
        }),
      (path) => wire.download(`/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`, { artifact_file_path: path }),
    ),
  async *models() {
    // Prompts are models that a search leaves out unless it asks for them.
    for (const filter of ['', `tags.\`${promptTag}\` = 'true'`]) {
      const query = { max_results: 100, ...(filter !== '' && { filter }) };
      const read = (page_token?: string) =>
        wire.get<Models>(`${api}/registered-models/search`, { ...query, ...(page_token !== undefined && { page_token }) });
      for await (const { registered_models = [] } of pages(read)) {
        for (const { name } of registered_models) {
          yield modelOf((await wire.get<{ registered_model: WireModel }>(`${api}/registered-models/get`, { name })).registered_model);
        }
      }
    }
  },
  async *versions({ name, tags }: MlflowModel) {
    const prompts = tags[promptTag] === 'true' ? ` AND tags.\`${promptTag}\` = 'true'` : '';
    const query = { filter: `name = ${quoted(name)}${prompts}`, max_results: 1000, order_by: 'version_number ASC' };
    const read = (page_token?: string) =>
      wire.get<Versions>(`${api}/model-versions/search`, { ...query, ...(page_token !== undefined && { page_token }) });
    for await (const { model_versions = [] } of pages(read)) for (const version of model_versions) yield versionOf(version);
  },
  close: () => {},
});

const promptTag = 'mlflow.prompt.is_prompt';
/** Filters know no escapes: the other quote is used. */
export const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);

interface Paged {
  readonly next_page_token?: string;
}
async function* pages<T extends Paged>(read: (token?: string) => Promise<T>): AsyncGenerator<T> {
  for (let token: string | undefined; ;) {
    const page: T = await read(token);
    yield page;
    // Some servers answer with a token that leads nowhere.
    if (page.next_page_token === undefined || page.next_page_token === '' || page.next_page_token === token) return;
    token = page.next_page_token;
  }
}
interface Experiments extends Paged {
  readonly experiments?: readonly { experiment_id: string; name: string; lifecycle_stage?: string; tags?: readonly Pair[] }[];
}
interface Runs extends Paged {
  readonly runs?: readonly WireRun[];
}
interface History extends Paged {
  readonly metrics?: readonly MlflowPoint[];
}
interface WireModel {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly Pair[];
  readonly aliases?: readonly { alias: string; version: string }[];
}
interface Models extends Paged {
  readonly registered_models?: readonly { name: string }[];
}
interface WireVersion {
  readonly version: string;
  readonly description?: string;
  readonly source?: string;
  readonly run_id?: string;
  readonly run_link?: string;
  readonly current_stage?: string;
  readonly tags?: readonly Pair[];
}
interface Versions extends Paged {
  readonly model_versions?: readonly WireVersion[];
}
interface WireLoggedModel {
  readonly info: {
    readonly model_id: string;
    readonly name: string;
    readonly model_type?: string;
    readonly source_run_id?: string;
    readonly status?: string;
    readonly artifact_uri?: string;
    readonly tags?: readonly Pair[];
  };
  readonly data?: { readonly params?: readonly Pair[] };
}
interface LoggedModels extends Paged {
  readonly models?: readonly WireLoggedModel[];
}

/** Lists leave out what may be large of datasets. */
const whole = async (wire: Wire, run: WireRun): Promise<WireRun> =>
  run.inputs?.dataset_inputs?.length ? (await wire.get<{ run: WireRun }>(`${api}/runs/get`, { run_id: run.info.run_id })).run : run;

const runOf = ({ info, data = {}, inputs = {} }: WireRun): MlflowRun => {
  const tags = textsOf(data.tags);
  return {
    id: info.run_id,
    name: info.run_name ?? tags['mlflow.runName'] ?? '',
    status: info.status,
    userId: info.user_id ?? '',
    startTime: info.start_time,
    endTime: info.end_time,
    isDeleted: info.lifecycle_stage === 'deleted',
    params: textsOf(data.params),
    tags,
    metrics: Object.fromEntries((data.metrics ?? []).map(({ key, value, timestamp, step }) => [key, `${value} ${timestamp} ${step}`])),
    datasets: (inputs.dataset_inputs ?? []).map(({ dataset, tags }) => ({ ...dataset, tags: textsOf(tags) })),
    artifactUri: info.artifact_uri ?? '',
  };
};
const loggedModelOf = ({ info, data = {} }: WireLoggedModel): MlflowLoggedModel => ({
  id: info.model_id,
  name: info.name,
  modelType: info.model_type ?? '',
  sourceRunId: info.source_run_id ?? '',
  status: info.status ?? '',
  params: textsOf(data.params),
  tags: textsOf(info.tags),
  artifactUri: info.artifact_uri ?? '',
});
const modelOf = ({ name, description = '', tags, aliases = [] }: WireModel): MlflowModel => ({
  name,
  description,
  tags: textsOf(tags),
  aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
});
const versionOf = (version: WireVersion): MlflowVersion => ({
  number: Number(version.version),
  description: version.description ?? '',
  source: version.source ?? '',
  runId: version.run_id ?? '',
  runLink: version.run_link ?? '',
  stage: version.current_stage ?? 'None',
  tags: textsOf(version.tags),
});
