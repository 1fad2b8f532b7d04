import { createHash } from 'node:crypto';
import { notFound, type Paging, parseFilter, parseOrder } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import { type Clock, type Db, newId, tokenOf, type Tx } from '../../platform/index.ts';
import { experimentStore } from '../experiment-store.ts';
import type { Texts } from '../logged.ts';
import { evaluationDatasetFields } from '../search/evaluation-dataset-fields.ts';
import { datasetKeysBy, evaluationDatasetSearchStore } from '../search/evaluation-dataset-search-store.ts';
import { positionIn } from '../search/position-in.ts';
import type { EvaluationDataset, GivenRecord } from './evaluation-dataset.ts';
import { evaluationDatasetStore } from './evaluation-dataset-store.ts';
import { evaluationRecordStore } from './evaluation-record-store.ts';
import { fieldsWith, hashOf, mergeRecords } from './merge-records.ts';
import { purgeDataset } from './purge-datasets.ts';

export interface NewEvaluationDataset {
  readonly name: string;
  readonly experimentIds: readonly string[];
  readonly tags: Texts;
  readonly by: string | null;
}
export interface EvaluationDatasetQuery {
  /** Those of any of these; all of the project where none are said. */
  readonly experimentIds: readonly string[];
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}
const purgedAtOnce = 1000;

export const createEvaluationDatasets = ({ db, clock }: { db: Db; clock: Clock }) => {
  const now = (): number => clock.now().getTime();
  const find = async (tx: Tx, project: ProjectRef, id: string): Promise<EvaluationDataset> => {
    const [dataset] = await evaluationDatasetStore(tx).several(project, [id]);
    if (!dataset) throw missing(id);
    return dataset;
  };
  const hold = async (tx: Tx, project: ProjectRef, id: string) => {
    const held = await evaluationDatasetStore(tx).hold(project, id);
    if (!held) throw missing(id);
    return held;
  };

  return {
    create: ({ project }: Actor, { name, experimentIds, tags, by }: NewEvaluationDataset): Promise<EvaluationDataset> =>
      db.write(async (tx) => {
        const datasets = evaluationDatasetStore(tx);
        await requireExperiments(tx, project, experimentIds);
        const id = `d-${newId()}`;
        const [createdAt, digest] = [now(), digestAfter('', [id, name])];
        const unchanged = { createdAt, updatedAt: createdAt, createdBy: by, updatedBy: by };
        await datasets.insert(project, { id, name, fields: null, records: 0, digest, ...unchanged });
        await datasets.setTags(id, tags);
        await datasets.link(id, experimentIds);
        return find(tx, project, id);
      }),
    get: (project: ProjectRef, id: string): Promise<EvaluationDataset> => find(db.read, project, id),
    /** Those that it serves; none where it is not there. */
    experimentsOf: async (project: ProjectRef, id: string): Promise<readonly string[]> =>
      (await evaluationDatasetStore(db.read).several(project, [id]))[0]?.experimentIds ?? [],
    search: async (project: ProjectRef, { experimentIds, filter = '', orderBy = [], limit, cursor }: EvaluationDatasetQuery) => {
      const order = parseOrder(orderBy, evaluationDatasetFields);
      const query = ['evaluation datasets', project.id, filter, experimentIds, orderBy];
      const position = positionIn(cursor, query, datasetKeysBy(order));
      const asked = { experimentIds, filter: parseFilter(filter, evaluationDatasetFields), order, limit: limit + 1, position };
      const found = await evaluationDatasetSearchStore(db.read).find(project, asked);
      const kept = found.slice(0, limit);
      return {
        items: await evaluationDatasetStore(db.read).several(
          project,
          kept.map(({ id }) => id),
        ),
        nextCursor: found.length > limit ? tokenOf(query, kept.at(-1)!.position) : null,
      };
    },
    /** Null removes a tag. */
    setTags: ({ project }: Actor, id: string, tags: Readonly<Record<string, string | null>>): Promise<void> =>
      db.write(async (tx) => {
        await hold(tx, project, id);
        const set = Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== null);
        await evaluationDatasetStore(tx).setTags(id, Object.fromEntries(set));
        await evaluationDatasetStore(tx).removeTags(
          id,
          Object.keys(tags).filter((key) => tags[key] === null),
        );
      }),
    /** Those of the project that are not in these experiments yet come in. */
    addTo: ({ project }: Actor, id: string, experimentIds: readonly string[]): Promise<EvaluationDataset> =>
      db.write(async (tx) => {
        await hold(tx, project, id);
        await requireExperiments(tx, project, experimentIds);
        await evaluationDatasetStore(tx).link(id, experimentIds);
        await evaluationDatasetStore(tx).change(id, { updatedAt: now() });
        return find(tx, project, id);
      }),
    removeFrom: ({ project }: Actor, id: string, experimentIds: readonly string[]): Promise<EvaluationDataset> =>
      db.write(async (tx) => {
        await hold(tx, project, id);
        const gone = await evaluationDatasetStore(tx).unlink(id, experimentIds);
        if (gone > 0) await evaluationDatasetStore(tx).change(id, { updatedAt: now() });
        return find(tx, project, id);
      }),
    /** Each is known by its inputs. Merged again, as by a client that got no answer, they change nothing. */
    merge: ({ project }: Actor, id: string, given: readonly GivenRecord[]): Promise<{ inserted: number; updated: number }> =>
      db.write(async (tx) => {
        const held = await hold(tx, project, id);
        const records = evaluationRecordStore(tx);
        const hashes = [...new Set(given.map(({ inputs }) => hashOf(inputs)))];
        const existing = await records.byInputs(id, hashes);
        const at = now();
        const { changed, inserted, updated } = mergeRecords(given, { datasetId: id, existing, now: at, newId: () => `dr-${newId()}` });
        if (changed.size > 0) {
          await records.put(changed);
          await evaluationDatasetStore(tx).change(id, {
            fields: fieldsWith(held.fields, given),
            records: held.records + inserted,
            digest: digestAfter(held.digest, [...changed.values()]),
            updatedAt: at,
            updatedBy: given.findLast(({ by }) => by !== null)?.by ?? held.updatedBy,
          });
        }
        return { inserted, updated };
      }),
    records: async (project: ProjectRef, id: string, paging: Paging) => {
      if (!(await evaluationDatasetStore(db.read).isThere(project, id))) throw missing(id);
      return evaluationRecordStore(db.read).page(id, paging);
    },
    /** How many of them there were. */
    removeRecords: ({ project }: Actor, id: string, recordIds: readonly string[]): Promise<number> =>
      db.write(async (tx) => {
        const held = await hold(tx, project, id);
        const gone = (await evaluationRecordStore(tx).remove(id, recordIds)).sort();
        if (gone.length > 0)
          await evaluationDatasetStore(tx).change(id, {
            records: held.records - gone.length,
            digest: digestAfter(held.digest, gone),
            updatedAt: now(),
          });
        return gone.length;
      }),
    /** For good, its records some at a time; nothing where it is gone already. */
    remove: async ({ project }: Actor, id: string): Promise<void> => {
      const isGone = () =>
        db.write(async (tx) => {
          if (!(await evaluationDatasetStore(tx).hold(project, id))) return true;
          return purgeDataset(tx, id, purgedAtOnce);
        });
      while (!(await isGone()));
    },
  };
};
export type EvaluationDatasets = ReturnType<typeof createEvaluationDatasets>;

const missing = (id: string) => notFound('evaluation dataset', id);
/** Of what was before and what has changed: no two states have the same one, not even within a millisecond. */
const digestAfter = (before: string, change: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([before, change]))
    .digest('hex')
    .slice(0, 8);

const requireExperiments = async (tx: Tx, project: ProjectRef, ids: readonly string[]): Promise<void> => {
  const there = new Set((await experimentStore(tx).several(project, ids)).map(({ id }) => id));
  const other = ids.find((id) => !there.has(id));
  if (other !== undefined) throw notFound('experiment', other);
};
