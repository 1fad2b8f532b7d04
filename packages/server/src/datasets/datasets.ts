import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { AppError, type BlobDigest, type Dataset, type DatasetVersion, type IngestOptions, notFound, type Paging } from '@boucle/contract';
import type { Appended, Ingested, IngestOptions as Reading, RowPage } from '@boucle/data';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import { type Clock, type Db, type Events, newId } from '../platform/index.ts';
import { createChildCaller } from '../platform/processes/index.ts';
import { type Projects, type StoredFile, storedFile } from '../projects/index.ts';
import { datasetStore } from './dataset-store.ts';
import { ingestPlan } from './ingest-plan.ts';
import { receiveFile } from './receive-file.ts';
import type { handlers } from './table-child.ts';
import { createTableFiles } from './table-files.ts';
import { versionFacts } from './version-facts.ts';
import { type StoredVersion, versionStore } from './version-store.ts';

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  blobs: Blobs;
  projects: Projects;
  /** A folder for files on their way, and for copies that can be made again. */
  scratch: string;
  maxUploadBytes: number;
}
export interface NewFile {
  readonly dataset: string;
  readonly options: IngestOptions;
  readonly data: Readable;
  readonly correlationId?: string;
  /** Aborted when nobody waits for the version any more. */
  readonly signal?: AbortSignal;
}

const ingestLimits = { wallMs: 3600_000, memoryBytes: 2 * 2 ** 30 };
const lookLimits = { wallMs: 30_000, memoryBytes: 2 * 2 ** 30, messageBytes: 64 * 2 ** 20 };

export const createDatasets = ({ db, events, clock, blobs, projects, scratch, maxUploadBytes }: Parts) => {
  const child = createChildCaller<typeof handlers>({
    program: new URL(`./table-child.${import.meta.url.split('.').pop()}`, import.meta.url),
    concurrency: 2,
    keep: 1,
    limits: ingestLimits,
  });
  const files = createTableFiles({ blobs, folder: path.join(scratch, 'tables') });

  const requireDataset = async (project: ProjectRef, name: string): Promise<Dataset> => {
    const dataset = await datasetStore(db.read).find(project, name);
    if (!dataset) throw notFound('dataset', name);
    return dataset;
  };
  const find = async (project: ProjectRef, name: string, number: number | 'latest'): Promise<StoredVersion> => {
    const dataset = await requireDataset(project, name);
    const version = await versionStore(db.read).find(project, dataset.id, number === 'latest' ? (dataset.latest ?? 0) : number);
    if (!version) throw notFound('dataset version', `${name}/${number}`);
    return version;
  };

  /** The table as a blob; of a file that cannot be read, nothing stays. */
  const ingest = async ({ data, signal }: NewFile, reading: Reading) => {
    const source = path.join(scratch, `${randomUUID()}.upload`);
    const target = `${source}.parquet`;
    try {
      await receiveFile(data, source, maxUploadBytes);
      const ingested = await child.call('ingest', { source, target, options: reading }, { ...(signal && { signal }) });
      const { digest } = await blobs.putFile(target);
      return { ingested, blob: digest };
    } finally {
      await Promise.all([rm(source, { force: true }), rm(target, { force: true })]);
    }
  };

  const commit = (actor: Actor, { ingested, blob }: Stored, { dataset, source, correlationId, after }: Origin) =>
    db.write(async (tx): Promise<{ version: StoredVersion; created: boolean }> => {
      const { project } = actor;
      const createdAt = clock.now().toISOString();
      const { id, latest } = await datasetStore(tx).lock(project, dataset, createdAt);
      if (after !== undefined && after !== latest) throw movedOn(dataset, latest);
      const before = latest > 0 ? await versionStore(tx).find(project, id, latest) : undefined;
      // The digest covers the schema; the key says what a row is, and is part of what a version means.
      if (before?.digest === ingested.digest && isDeepStrictEqual(before.key, ingested.key)) return { version: before, created: false };

      const { bytes, columns, digest, key, repeatedKeys, rows, schema } = ingested;
      const version: StoredVersion = {
        id: newId(),
        project: project.name,
        dataset,
        number: latest + 1,
        digest,
        blob,
        schema,
        key: [...key],
        rows,
        bytes,
        repeatedKeys,
        columns,
        source,
        createdAt,
        createdBy: actor.id,
        correlationId,
      };
      await versionStore(tx).insert(project.id, id, version);
      await datasetStore(tx).setLatest(id, version.number);
      await projects.blobs.hold(tx, project.id, [blob]);
      await events.record(tx, {
        type: 'dataset_version.created',
        project,
        subject: { type: 'dataset-version', id: version.id },
        actor: actor.id,
        correlationId,
        data: { dataset, number: version.number, digest, rows, repeatedKeys },
      });
      return { version, created: true };
    });

  /** The newest version with rows at its end, not yet a version. What is held in memory are the new rows. */
  const append = async (project: ProjectRef, { dataset, rows, unlike }: NewRows): Promise<Prepared> => {
    const manifest = await projects.manifests.inForce(project);
    const declared = manifest?.manifest.datasets.find(({ name }) => name === dataset);
    const base = await find(project, dataset, 'latest');
    const target = path.join(scratch, `${randomUUID()}.parquet`);
    const values = Object.fromEntries((declared?.columns ?? []).flatMap(({ name, values: held }) => (held ? [[name, held]] : [])));
    try {
      const { added, refused, ...ingested } = await files.use(base.blob, (file) =>
        child.call('append', { base: file, target, options: { rows, unlike, key: base.key, values } }),
      );
      const { digest } = await blobs.putFile(target);
      return { dataset, stored: { ingested, blob: digest }, base, added, refused };
    } finally {
      await rm(target, { force: true });
    }
  };

  const tables = {
    /** Rows in the order of the table, ready for JSON. */
    sample: (blob: BlobDigest, page: RowPage) => files.use(blob, (file) => child.call('sample', { file, ...page }, { limits: lookLimits })),
    /** Rows by identity, in the order asked for; those that are not there are left out. */
    find: (blob: BlobDigest, rows: readonly string[]) =>
      files.use(blob, (file) => child.call('find', { file, rows }, { limits: lookLimits })),
  };

  return {
    list: (project: ProjectRef, paging: Paging) => datasetStore(db.read).list(project, paging),
    /** Makes a version of a file; a table that is the latest version already is that version. */
    ingest: async (actor: Actor, file: NewFile): Promise<{ version: DatasetVersion; created: boolean }> => {
      const manifest = await projects.manifests.inForce(actor.project);
      const declared = manifest?.manifest.datasets.find(({ name }) => name === file.dataset);
      const { reading, source } = ingestPlan(file.options, declared);
      const ingested = await ingest(file, reading);
      return commit(actor, ingested, { dataset: file.dataset, source, correlationId: file.correlationId ?? newId() });
    },
    find,
    append,
    /** Makes a version of what was appended, in the write it is called in; refused where the dataset has a newer one than it was appended to. */
    commitAppended: (actor: Actor, { dataset, stored, base }: Prepared, correlationId: string): Promise<StoredVersion> =>
      commit(actor, stored, { dataset, source: base.source, correlationId, after: base.number }).then(({ version }) => version),
    /** The number of the newest version; null before there is a dataset. */
    latest: async (project: ProjectRef, name: string): Promise<number | null> =>
      (await datasetStore(db.read).find(project, name))?.latest ?? null,
    /** The newest version of any dataset. */
    newest: (project: ProjectRef): Promise<StoredVersion | undefined> => versionStore(db.read).newest(project),
    /** Versions whose table has this digest, newest first. */
    byDigest: (project: ProjectRef, digest: string): Promise<StoredVersion[]> => versionStore(db.read).byDigest(project, digest),
    versions: async (project: ProjectRef, name: string, paging: Paging) => {
      const dataset = await requireDataset(project, name);
      return versionStore(db.read).list(project, dataset.id, paging);
    },
    rows: async (
      project: ProjectRef,
      { dataset, number }: { dataset: string; number: number },
      wanted: RowPage & { rows?: readonly string[] },
    ) => {
      const { blob } = await find(project, dataset, number);
      return wanted.rows ? tables.find(blob, wanted.rows) : tables.sample(blob, wanted);
    },
    file: async (project: ProjectRef, name: string, wanted: number | 'latest'): Promise<StoredFile> => {
      const { blob, number } = await find(project, name, wanted);
      return storedFile(blobs, blob, `${name}-${number}.parquet`);
    },
    facts: versionFacts({ child, files, projects, find }),
    /** Stored tables of any station, by blob. */
    tables,
    /** So that the first look at a row does not wait for a process. Where there are none yet, who brings some starts it. */
    start: async (): Promise<void> => {
      if (!(await datasetStore(db.read).isEmpty())) child.warm();
    },
    close: () => child.close(),
  };
};
export type Datasets = ReturnType<typeof createDatasets>;

interface Stored {
  readonly ingested: Ingested;
  readonly blob: BlobDigest;
}
export interface NewRows {
  readonly dataset: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** A row that says the same in these columns as one that is there is not taken. */
  readonly unlike: readonly string[];
}
/** A table that could be the next version. */
export interface Prepared {
  readonly dataset: string;
  readonly stored: Stored;
  readonly base: StoredVersion;
  readonly added: number;
  readonly refused: Appended['refused'];
}

const movedOn = (dataset: string, latest: number): AppError =>
  new AppError('conflict', `${dataset} has version ${latest} by now: append to that one`, {
    reason: 'dataset_moved',
    details: { dataset, latest },
  });

interface Origin {
  readonly dataset: string;
  readonly source: string;
  readonly correlationId: string;
  /** The version that it has to follow. */
  readonly after?: number;
}
