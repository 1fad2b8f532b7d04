import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, canonicalJson } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import type { Blobs } from '../../platform/blobs/index.ts';
import type { Clock, Db, Log } from '../../platform/index.ts';
import { requireStored } from '../../projects/index.ts';
import { emptyReference, type Reference } from '../columns/column-reference.ts';
import { withoutTables } from './lacking.ts';
import { monitorStore } from '../windows/monitor-store.ts';
import type { WindowChild } from '../windows/window-child.ts';

/** The stored tables behind a model version: what it was trained on, and what its evaluation said. */
export interface ModelTables {
  readonly training: StoredTable | null;
  readonly evaluation: StoredTable | null;
}
export interface StoredTable {
  readonly digest: string;
  readonly parquet: BlobDigest;
}
export interface ReferenceParts {
  db: Db;
  clock: Clock;
  log: Log;
  blobs: Pick<Blobs, 'has' | 'copyTo'>;
  scratch: string;
  child: WindowChild;
  tablesOf: (project: ProjectRef, modelVersionId: string) => Promise<ModelTables>;
}
/** Changes with what is computed, so that older ones are computed anew. */
const format = 'boucle.reference/1';

/** References of model versions, computed once from the tables' digests, in a process of its own. */
export const createReferences = ({ db, clock, log, blobs, scratch, child, tablesOf }: ReferenceParts) => {
  const copied = async <T>(blob: BlobDigest | undefined, work: (file: string | null) => Promise<T>): Promise<T> => {
    if (!blob) return work(null);
    const file = path.join(scratch, `${randomUUID()}.parquet`);
    await requireStored(blobs as Blobs, blob);
    await mkdir(scratch, { recursive: true });
    try {
      await blobs.copyTo(blob, file);
      return await work(file);
    } finally {
      await rm(file, { force: true });
    }
  };
  const build = ({ training, evaluation }: ModelTables, columns: readonly string[]): Promise<Reference> =>
    copied(training?.parquet, (trained) =>
      copied(evaluation?.parquet, (judged) => child.call('reference', { training: trained, evaluation: judged, columns })),
    );

  return {
    /** What is known from tables. Tables that cannot be read lack every column, and say why. */
    of: async (project: ProjectRef, modelVersionId: string, columns: readonly string[]): Promise<Reference> => {
      try {
        const tables = await tablesOf(project, modelVersionId);
        if (!tables.training && !tables.evaluation) return withoutTables(columns);
        const parts = [format, tables.training?.digest ?? null, tables.evaluation?.digest ?? null, [...columns].sort()];
        const id = createHash('sha256').update(canonicalJson(parts)).update(project.id).digest('hex').slice(0, 32);
        const held = await monitorStore(db.read).reference(id);
        if (held !== undefined) return JSON.parse(held) as Reference;
        const reference = await build(tables, columns);
        const kept = { id, reference: JSON.stringify(reference), createdAt: clock.now().toISOString() };
        await db.write((tx) => monitorStore(tx).keepReference(project, kept));
        return reference;
      } catch (error) {
        if (error instanceof AppError && error.reason === 'stopping') throw error;
        log.error('a reference cannot be computed', { modelVersionId, error });
        const why = `the reference cannot be computed (${error instanceof AppError ? error.message : 'see the log of the server'})`;
        return { ...emptyReference, lacking: Object.fromEntries(columns.map((column) => [column, why])) };
      }
    },
  };
};
export type ReferencesOf = ReturnType<typeof createReferences>;
