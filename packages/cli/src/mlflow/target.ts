import { AppError } from '@boucle/contract';
import { listFolder, type Listing } from './listing.ts';
import { quoted, readServer } from './read-server.ts';
import type { MlflowFile, MlflowLoggedModel, MlflowModel, MlflowPoint, Texts } from './source.ts';
import type { Wire } from './wire.ts';

/** What is written where something comes from, so that the next copy finds it again. */
export const ownTag = {
  experiment: 'boucle.importedExperimentId',
  run: 'boucle.importedRunId',
  /** Of all that was said about a run; written last, so that a run without it is not whole. */
  digest: 'boucle.importDigest',
  model: 'boucle.importedModelId',
  version: 'boucle.importedVersion',
};
const own: ReadonlySet<string> = new Set(Object.values(ownTag));
export const withoutOwn = (tags: Texts): Texts => Object.fromEntries(Object.entries(tags).filter(([key]) => !own.has(key)));

export interface TargetRun {
  readonly id: string;
  readonly isDeleted: boolean;
  readonly digest: string | undefined;
  readonly artifactUri: string;
}
interface WireInfo {
  readonly run_id: string;
  readonly lifecycle_stage?: string;
  readonly artifact_uri?: string;
}
export interface NewRun {
  readonly experimentId: string;
  readonly name: string;
  readonly userId: string;
  readonly startTime: number | undefined;
  readonly tags: Texts;
}

const api = '/api/2.0/mlflow';
const pairsOf = (texts: Texts) => Object.entries(texts).map(([key, value]) => ({ key, value }));
const atOnce = { points: 1000, texts: 100 };

/** Where records go: a server that speaks MLflow's API. It takes only what can be said twice without being there twice. */
export const createTarget = (wire: Wire) => {
  const source = readServer(wire);
  const logTexts = async (runId: string, kind: 'params' | 'tags', texts: Texts): Promise<void> => {
    const pairs = pairsOf(texts);
    for (let i = 0; i < pairs.length; i += atOnce.texts) {
      await wire.post(`${api}/runs/log-batch`, { run_id: runId, [kind]: pairs.slice(i, i + atOnce.texts) });
    }
  };
  const put = async (
    { uri, list }: { uri: string; list: (folder: string, token?: string) => Promise<Listing> },
    files: AsyncIterable<MlflowFile>,
  ) => {
    const below = proxyPath(uri);
    const sizes = new Map<string, Map<string, number | undefined>>();
    const sizeOf = async (path: string): Promise<number | undefined> => {
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      if (!sizes.has(folder)) {
        const there = new Map<string, number | undefined>();
        for await (const { path: at, file_size } of listFolder(list, folder)) there.set(at, file_size);
        // One folder after another: the last is enough.
        sizes.clear();
        sizes.set(folder, there);
      }
      return sizes.get(folder)!.get(path);
    };
    const sent = { files: 0, bytes: 0, filesThere: 0 };
    for await (const { path, size, open } of files) {
      if (size !== null && (await sizeOf(path)) === size) {
        sent.filesThere += 1;
        continue;
      }
      await wire.upload(`/api/2.0/mlflow-artifacts/artifacts/${encoded(`${below}/${path}`)}`, await open());
      sent.files += 1;
      sent.bytes += size ?? 0;
    }
    return sent;
  };

  return {
    /** By its name, brought back where it was deleted; made where it is not there. */
    openExperiment: async (name: string): Promise<{ id: string; isNew: boolean }> => {
      const found = await wire
        .get<{ experiment: { experiment_id: string; lifecycle_stage?: string } }>(`${api}/experiments/get-by-name`, {
          experiment_name: name,
        })
        .catch(orAbsent);
      if (found === undefined)
        return { id: (await wire.post<{ experiment_id: string }>(`${api}/experiments/create`, { name })).experiment_id, isNew: true };
      const { experiment_id: id, lifecycle_stage } = found.experiment;
      if (lifecycle_stage === 'deleted') await wire.post(`${api}/experiments/restore`, { experiment_id: id });
      return { id, isNew: false };
    },
    tagExperiment: async (experimentId: string, tags: Texts): Promise<void> => {
      for (const [key, value] of Object.entries(tags))
        await wire.post(`${api}/experiments/set-experiment-tag`, { experiment_id: experimentId, key, value });
    },
    deleteExperiment: (experimentId: string): Promise<unknown> => wire.post(`${api}/experiments/delete`, { experiment_id: experimentId }),

    findRun: async (experimentIds: readonly string[], importedId: string): Promise<TargetRun | undefined> => {
      const body = {
        experiment_ids: experimentIds,
        filter: `tags.\`${ownTag.run}\` = ${quoted(importedId)}`,
        run_view_type: 'ALL',
        max_results: 1,
      };
      const { runs = [] } = await wire.post<{ runs?: { info: WireInfo; data?: { tags?: { key: string; value?: string }[] } }[] }>(
        `${api}/runs/search`,
        body,
      );
      return runs[0] && targetRunOf(runs[0].info, runs[0].data?.tags?.find(({ key }) => key === ownTag.digest)?.value);
    },
    createRun: async ({ experimentId, name, userId, startTime, tags }: NewRun): Promise<TargetRun> => {
      const body = { experiment_id: experimentId, run_name: name, user_id: userId, start_time: startTime, tags: pairsOf(tags) };
      return targetRunOf((await wire.post<{ run: { info: WireInfo } }>(`${api}/runs/create`, body)).run.info, undefined);
    },
    updateRun: (runId: string, change: { run_name?: string; status: string; end_time: number | undefined }): Promise<unknown> =>
      wire.post(`${api}/runs/update`, { run_id: runId, ...change }),
    deleteRun: (runId: string): Promise<unknown> => wire.post(`${api}/runs/delete`, { run_id: runId }),
    restoreRun: (runId: string): Promise<unknown> => wire.post(`${api}/runs/restore`, { run_id: runId }),
    logParams: (runId: string, params: Texts): Promise<void> => logTexts(runId, 'params', params),
    setTags: (runId: string, tags: Texts): Promise<void> => logTexts(runId, 'tags', tags),
    logPoints: async (runId: string, points: AsyncIterable<KeyedPoint>): Promise<number> => {
      let count = 0;
      let batch: object[] = [];
      const send = async (): Promise<void> => {
        if (batch.length > 0) await wire.post(`${api}/runs/log-batch`, { run_id: runId, metrics: batch });
        count += batch.length;
        batch = [];
      };
      for await (const { key, value, timestamp, step } of points) {
        batch.push({ key, value, timestamp, step });
        if (batch.length === atOnce.points) await send();
      }
      await send();
      return count;
    },
    logInputs: async (runId: string, datasets: readonly { readonly tags: Texts }[]): Promise<void> => {
      const inputs = datasets.map(({ tags, ...dataset }) => ({ dataset, tags: pairsOf(tags) }));
      if (inputs.length > 0) await wire.post(`${api}/runs/log-inputs`, { run_id: runId, datasets: inputs });
    },
    putRunFiles: ({ id, artifactUri }: TargetRun, files: AsyncIterable<MlflowFile>) =>
      put(
        {
          uri: artifactUri,
          list: (path, page_token) =>
            wire.get(`${api}/artifacts/list`, {
              run_id: id,
              ...(path !== '' && { path }),
              ...(page_token !== undefined && { page_token }),
            }),
        },
        files,
      ),

    findLoggedModel: async (experimentIds: readonly string[], importedId: string): Promise<TargetModel | undefined> => {
      const body = { experiment_ids: experimentIds, filter: `tags.\`${ownTag.model}\` = ${quoted(importedId)}`, max_results: 1 };
      const { models = [] } = await wire.post<{ models?: { info: WireModelInfo }[] }>(`${api}/logged-models/search`, body);
      return models[0] && targetModelOf(models[0].info);
    },
    createLoggedModel: async (
      experimentId: string,
      { name, modelType, sourceRunId, params, tags }: MlflowLoggedModel,
    ): Promise<TargetModel> => {
      const body = {
        experiment_id: experimentId,
        name,
        ...(modelType !== '' && { model_type: modelType }),
        ...(sourceRunId !== '' && { source_run_id: sourceRunId }),
        params: pairsOf(params),
        tags: pairsOf(tags),
      };
      return targetModelOf((await wire.post<{ model: { info: WireModelInfo } }>(`${api}/logged-models`, body)).model.info);
    },
    putModelFiles: ({ id, artifactUri }: TargetModel, files: AsyncIterable<MlflowFile>) =>
      put(
        {
          uri: artifactUri,
          list: (path, page_token) =>
            wire.get(`${api}/logged-models/${id}/artifacts/directories`, {
              ...(path !== '' && { artifact_directory_path: path }),
              ...(page_token !== undefined && { page_token }),
            }),
        },
        files,
      ),
    endLoggedModel: (id: string, status: string): Promise<unknown> => wire.patch(`${api}/logged-models/${id}`, { model_id: id, status }),
    linkModelToRun: (runId: string, modelId: string): Promise<unknown> =>
      wire.post(`${api}/runs/outputs`, { run_id: runId, models: [{ model_id: modelId, step: 0 }] }),

    /** Describes and tags it anew where it is there. */
    openModel: async (name: string, { description, tags }: { description: string; tags: Texts }): Promise<void> => {
      try {
        await wire.post(`${api}/registered-models/create`, { name, description, tags: pairsOf(tags) });
      } catch (error) {
        if (!(error instanceof AppError && error.reason === 'RESOURCE_ALREADY_EXISTS')) throw error;
        if (description !== '') await wire.patch(`${api}/registered-models/update`, { name, description });
        for (const [key, value] of Object.entries(tags)) await wire.post(`${api}/registered-models/set-tag`, { name, key, value });
      }
    },
    setAlias: (name: string, alias: string, number: number): Promise<unknown> =>
      wire.post(`${api}/registered-models/alias`, { name, alias, version: String(number) }),
    createVersion: async (name: string, version: NewVersion): Promise<number> => {
      const { source, runId, runLink, description, modelId, tags } = version;
      const body = {
        name,
        source,
        ...(runId !== undefined && { run_id: runId }),
        ...(runLink !== '' && { run_link: runLink }),
        ...(description !== '' && { description }),
        ...(modelId !== undefined && { model_id: modelId }),
        tags: pairsOf(tags),
      };
      return Number((await wire.post<{ model_version: { version: string } }>(`${api}/model-versions/create`, body)).model_version.version);
    },
    /** Numbers here by what they were where they come from. */
    importedVersions: async (model: MlflowModel): Promise<ReadonlyMap<string, number>> => {
      const numbers = new Map<string, number>();
      for await (const { number, tags } of source.versions(model)) {
        const imported = tags[ownTag.version];
        if (imported !== undefined) numbers.set(imported, number);
      }
      return numbers;
    },
    deleteVersion: (name: string, number: number): Promise<unknown> =>
      wire.remove(`${api}/model-versions/delete`, { name, version: String(number) }),
    stageVersion: (name: string, number: number, stage: string): Promise<unknown> =>
      wire.post(`${api}/model-versions/transition-stage`, { name, version: String(number), stage, archive_existing_versions: false }),
  };
};
export type Target = ReturnType<typeof createTarget>;

export interface KeyedPoint extends MlflowPoint {
  readonly key: string;
}
export interface NewVersion {
  readonly source: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly description: string;
  readonly modelId: string | undefined;
  readonly tags: Texts;
}
interface WireModelInfo {
  readonly model_id: string;
  readonly status?: string;
  readonly artifact_uri?: string;
}
export interface TargetModel {
  readonly id: string;
  readonly status: string;
  readonly artifactUri: string;
}
const targetModelOf = ({ model_id: id, status = '', artifact_uri: artifactUri = '' }: WireModelInfo): TargetModel => ({
  id,
  status,
  artifactUri,
});
const targetRunOf = ({ run_id: id, lifecycle_stage, artifact_uri: artifactUri = '' }: WireInfo, digest: string | undefined): TargetRun => ({
  id,
  isDeleted: lifecycle_stage === 'deleted',
  digest,
  artifactUri,
});

const orAbsent = (error: unknown): undefined => {
  if (error instanceof AppError && error.code === 'not_found') return undefined;
  throw error;
};

/** Below the server's own door for files. */
const proxyPath = (uri: string): string => {
  const kept = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.+)$/.exec(uri);
  if (kept) return kept[1]!;
  throw new AppError('failed_precondition', `The server keeps no artifacts itself (it says ${uri}): files cannot be sent to it`, {
    reason: 'no_artifact_proxy',
  });
};
const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
