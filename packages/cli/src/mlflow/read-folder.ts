import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import { parse } from 'yaml';
import { filesAt, filesBelow, isOnDisk } from './disk-artifacts.ts';
import { pointsIn } from './metric-file.ts';
import type {
  MlflowDataset,
  MlflowExperiment,
  MlflowFile,
  MlflowLoggedModel,
  MlflowModel,
  MlflowRun,
  MlflowSource,
  Texts,
} from './source.ts';

type Meta = Readonly<Record<string, unknown>>;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
const timeOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const isDeleted = (meta: Meta): boolean => meta['lifecycle_stage'] === 'deleted';

const runStatuses: Readonly<Record<number, string>> = { 1: 'RUNNING', 2: 'SCHEDULED', 3: 'FINISHED', 4: 'FAILED', 5: 'KILLED' };
const modelStatuses: Readonly<Record<number, string>> = {
  1: 'LOGGED_MODEL_PENDING',
  2: 'LOGGED_MODEL_READY',
  3: 'LOGGED_MODEL_UPLOAD_FAILED',
};

/** A folder `mlruns`: what a thing is stands in its `meta.yaml`, and each of its tags, params and metrics is a file by its key. */
export const readFolder = (root: string, { artifacts }: { artifacts: string | undefined }): MlflowSource => {
  const places = { from: path.dirname(root), artifacts };
  const filesOf = ({ folder, artifactUri }: { readonly folder?: string; readonly artifactUri: string }): AsyncIterable<MlflowFile> => {
    // A folder that was moved still says where it was.
    const beside = path.join(folder!, 'artifacts');
    return isOnDisk(artifactUri) && holdsFiles(beside) ? filesBelow(beside) : filesAt(artifactUri, places);
  };

  return {
    async *experiments() {
      for (const folder of [...(await recordsIn(root)), ...(await recordsIn(path.join(root, '.trash')))]) {
        if (folder === path.join(root, 'models')) continue;
        const meta = await metaOf(folder);
        const id = textOf(meta['experiment_id']) || path.basename(folder);
        yield { id, folder, name: textOf(meta['name']), isDeleted: isDeleted(meta), tags: await textsIn(path.join(folder, 'tags')) };
      }
    },
    async *runs({ folder: experiment }: MlflowExperiment) {
      const found: { readonly folder: string; readonly start: number }[] = [];
      for (const folder of await recordsIn(experiment!)) found.push({ folder, start: timeOf((await metaOf(folder))['start_time']) ?? 0 });
      found.sort((a, b) => a.start - b.start || (a.folder < b.folder ? -1 : 1));
      for (const { folder } of found) yield await runOf(folder, experiment!);
    },
    points: ({ folder }: MlflowRun, key: string) => pointsIn(path.join(folder!, 'metrics', key)),
    files: filesOf,
    async *loggedModels({ folder: experiment }: MlflowExperiment) {
      for (const folder of await recordsIn(path.join(experiment!, 'models'))) {
        const meta = await metaOf(folder);
        if (!isDeleted(meta)) yield await loggedModelOf(folder, meta);
      }
    },
    modelFiles: filesOf,
    async *models() {
      for (const folder of await recordsIn(path.join(root, 'models'))) {
        const meta = await metaOf(folder);
        yield {
          folder,
          name: textOf(meta['name']),
          description: textOf(meta['description']),
          tags: await textsIn(path.join(folder, 'tags')),
          aliases: await textsIn(path.join(folder, 'aliases')),
        };
      }
    },
    async *versions({ folder }: MlflowModel) {
      const numberOf = (at: string): number => Number(/version-(\d+)$/.exec(at)?.[1] ?? 0);
      for (const at of (await recordsIn(folder!)).sort((a, b) => numberOf(a) - numberOf(b))) {
        const meta = await metaOf(at);
        if (meta['current_stage'] === 'Deleted_Internal') continue;
        yield {
          number: numberOf(at),
          description: textOf(meta['description']),
          source: textOf(meta['source']),
          runId: textOf(meta['run_id']),
          runLink: textOf(meta['run_link']),
          stage: textOf(meta['current_stage']) || 'None',
          tags: await textsIn(path.join(at, 'tags')),
        };
      }
    },
    close: () => {},
  };
};

const runOf = async (folder: string, experiment: string): Promise<MlflowRun> => {
  const meta = await metaOf(folder);
  const tags = await textsIn(path.join(folder, 'tags'));
  const metrics: Record<string, string> = {};
  for await (const { path: key, size } of filesBelow(path.join(folder, 'metrics'))) metrics[key] = String(size);
  return {
    id: textOf(meta['run_id']) || textOf(meta['run_uuid']),
    folder,
    name: textOf(meta['run_name']) || textOf(meta['name']) || tags['mlflow.runName'] || '',
    status: runStatuses[Number(meta['status'])] ?? textOf(meta['status']),
    userId: textOf(meta['user_id']),
    startTime: timeOf(meta['start_time']),
    endTime: timeOf(meta['end_time']),
    isDeleted: isDeleted(meta),
    params: await textsIn(path.join(folder, 'params')),
    tags,
    metrics,
    datasets: await datasetsOf(folder, experiment),
    artifactUri: textOf(meta['artifact_uri']),
  };
};

/** What a run used is a link by id to a dataset of its experiment. */
const datasetsOf = async (run: string, experiment: string): Promise<MlflowDataset[]> => {
  const found: MlflowDataset[] = [];
  for (const folder of await recordsIn(path.join(run, 'inputs'))) {
    const link = await metaOf(folder);
    const id = textOf(link['source_id']);
    if (link['source_type'] !== 'DATASET' || !/^\w+$/.test(id)) continue;
    const meta = await metaOf(path.join(experiment, 'datasets', id));
    found.push({
      name: textOf(meta['name']),
      digest: textOf(meta['digest']),
      source_type: textOf(meta['source_type']),
      source: textOf(meta['source']),
      ...(typeof meta['schema'] === 'string' && { schema: meta['schema'] }),
      ...(typeof meta['profile'] === 'string' && { profile: meta['profile'] }),
      tags: Object.fromEntries(Object.entries((link['tags'] ?? {}) as Meta).map(([key, value]) => [key, textOf(value)])),
    });
  }
  return found;
};

const loggedModelOf = async (folder: string, meta: Meta): Promise<MlflowLoggedModel> => ({
  id: textOf(meta['model_id']),
  folder,
  name: textOf(meta['name']),
  modelType: textOf(meta['model_type']),
  sourceRunId: textOf(meta['source_run_id']),
  status: modelStatuses[Number(meta['status'])] ?? textOf(meta['status']),
  params: await textsIn(path.join(folder, 'params')),
  tags: await textsIn(path.join(folder, 'tags')),
  artifactUri: textOf(meta['artifact_location']) || textOf(meta['artifact_uri']),
});

const holdsFiles = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length > 0;

/** Folders with a `meta.yaml`, by name. */
const recordsIn = async (parent: string): Promise<string[]> => {
  const entries = await readdir(parent, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(path.join(parent, entry.name, 'meta.yaml')))
    .map(({ name }) => path.join(parent, name))
    .sort();
};

const metaOf = async (folder: string): Promise<Meta> => {
  const file = path.join(folder, 'meta.yaml');
  try {
    const meta: unknown = parse(await readFile(file, 'utf8'), { maxAliasCount: 0 });
    if (typeof meta === 'object' && meta !== null) return meta as Meta;
  } catch (cause) {
    throw new AppError('invalid_request', `${file} cannot be read: ${(cause as Error).message}`, { reason: 'bad_meta', cause });
  }
  throw new AppError('invalid_request', `${file} holds no record`, { reason: 'bad_meta' });
};

/** Keys may have slashes: then they are folders. */
const textsIn = async (folder: string): Promise<Texts> => {
  const texts: Record<string, string> = {};
  for await (const { path: key } of filesBelow(folder)) texts[key] = await readFile(path.join(folder, key), 'utf8');
  return texts;
};
