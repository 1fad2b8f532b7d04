import type { ProjectRef } from '../../governance/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { Texts } from '../logged.ts';
import { together } from '../together.ts';
import { assessmentStore } from './assessment-store.ts';
import type { TraceTokens } from './span-facts.ts';
import { type Trace, traceKeys } from './trace.ts';

interface TraceRow {
  id: string;
  project_id: string;
  experiment_id: string;
  client_request_id: string | null;
  request_preview: string | null;
  response_preview: string | null;
  requested_at: number;
  duration: number | null;
  state: Trace['state'];
  input_tokens?: number | null;
  output_tokens?: number | null;
  total_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
}
export interface TextRow {
  trace_id: string;
  key: string;
  value: string;
}
type Tables = {
  trace: TraceRow;
  trace_tag: TextRow;
  trace_metadata: TextRow;
  trace_run: { trace_id: string; run_id: string };
  span: { trace_id: string };
};
type TextTable = 'trace_tag' | 'trace_metadata';
/** What may be said of a trace again. */
export type TraceChange = Partial<
  Pick<Trace, 'clientRequestId' | 'requestPreview' | 'responsePreview' | 'requestedAt' | 'duration' | 'state'> & {
    readonly tokens: TraceTokens;
  }
>;
type TracePlace = Pick<Trace, 'id' | 'experimentId'>;
const rowsAtOnce = 500;

export const traceStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const inProject = (project: ProjectRef) => db.selectFrom('trace').where('project_id', '=', project.id);

  return {
    /** Makes those that are not there; all are this write's alone until it ends, and whose they are is told. */
    hold: async (project: ProjectRef, places: readonly (TracePlace & Pick<Trace, 'requestedAt'>)[]) => {
      const rows = places.map(({ id, experimentId, requestedAt }) => ({
        id,
        project_id: project.id,
        experiment_id: experimentId,
        client_request_id: null,
        request_preview: null,
        response_preview: null,
        requested_at: requestedAt,
        duration: null,
        state: 'in_progress' as const,
      }));
      return db
        .insertInto('trace')
        .values(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
        .onConflict((c) => c.column('id').doUpdateSet((eb) => ({ id: eb.ref('excluded.id') })))
        .returning(['id', 'project_id as projectId', 'experiment_id as experimentId'])
        .execute();
    },
    change: async (id: string, change: TraceChange): Promise<void> => {
      const set = Object.fromEntries(
        Object.entries({
          client_request_id: change.clientRequestId,
          request_preview: change.requestPreview,
          response_preview: change.responsePreview,
          requested_at: change.requestedAt,
          duration: change.duration,
          state: change.state,
          input_tokens: change.tokens?.input,
          output_tokens: change.tokens?.output,
          total_tokens: change.tokens?.total,
          cache_read_input_tokens: change.tokens?.cacheRead,
          cache_creation_input_tokens: change.tokens?.cacheCreation,
        }).filter(([, value]) => value !== undefined),
      );
      if (Object.keys(set).length > 0) await db.updateTable('trace').set(set).where('id', '=', id).execute();
    },
    /** Those that are there get the new value, or keep theirs. */
    setTexts: async (table: TextTable, rows: readonly TextRow[], { keep = false } = {}): Promise<void> => {
      const sorted = rows.toSorted((a, b) => (`${a.trace_id}\n${a.key}` < `${b.trace_id}\n${b.key}` ? -1 : 1));
      for (let at = 0; at < sorted.length; at += rowsAtOnce)
        await db
          .insertInto(table)
          .values(sorted.slice(at, at + rowsAtOnce))
          .onConflict((c) => {
            const key = c.columns(['trace_id', 'key']);
            return keep ? key.doNothing() : key.doUpdateSet((eb) => ({ value: eb.ref('excluded.value') }));
          })
          .execute();
    },
    /** False where there was none. */
    removeTag: async (id: string, key: string): Promise<boolean> =>
      (await db.deleteFrom('trace_tag').where('trace_id', '=', id).where('key', '=', key).executeTakeFirst()).numDeletedRows > 0n,
    link: async (ids: readonly string[], runId: string): Promise<void> => {
      if (ids.length === 0) return;
      const rows = ids.map((trace_id) => ({ trace_id, run_id: runId }));
      await db
        .insertInto('trace_run')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .execute();
    },
    /** Of which a client has told the whole itself. */
    told: async (ids: readonly string[]): Promise<Set<string>> => {
      const rows = db.selectFrom('trace_metadata').select('trace_id').where('trace_id', 'in', ids).where('key', '=', traceKeys.told);
      return new Set((await rows.execute()).map(({ trace_id }) => trace_id));
    },
    placesOf: async (project: ProjectRef, ids: readonly string[]): Promise<TracePlace[]> =>
      ids.length === 0 ? [] : inProject(project).select(['id', 'experiment_id as experimentId']).where('id', 'in', ids).execute(),
    /** In the order that was asked for; what is not there is left out. */
    several: async (project: ProjectRef, ids: readonly string[]): Promise<Trace[]> => {
      if (ids.length === 0) return [];
      const [rows, tags, metadata, assessments] = await together([
        inProject(project).selectAll().where('id', 'in', ids).execute(),
        db.selectFrom('trace_tag').selectAll().where('trace_id', 'in', ids).orderBy('key').execute(),
        db.selectFrom('trace_metadata').selectAll().where('trace_id', 'in', ids).orderBy('key').execute(),
        assessmentStore(tx).of(ids),
      ]);
      const [byId, tagsOf, metadataOf, assessmentsOf] = [
        new Map(rows.map((row) => [row.id, row])),
        Map.groupBy(tags, (row) => row.trace_id),
        Map.groupBy(metadata, (row) => row.trace_id),
        Map.groupBy(assessments, (one) => one.traceId),
      ];
      return ids.flatMap((id) => {
        const row = byId.get(id);
        if (!row) return [];
        return [
          {
            id,
            experimentId: row.experiment_id,
            clientRequestId: row.client_request_id,
            requestPreview: row.request_preview,
            responsePreview: row.response_preview,
            requestedAt: row.requested_at,
            duration: row.duration,
            state: row.state,
            tags: textsOf(tagsOf.get(id)),
            metadata: textsOf(metadataOf.get(id)),
            assessments: assessmentsOf.get(id) ?? [],
          },
        ];
      });
    },
    /** The oldest of an experiment, up to a time where one is said. */
    oldest: async (project: ProjectRef, { experimentId, until, limit }: { experimentId: string; until?: number; limit: number }) => {
      const all = inProject(project).select('id').where('experiment_id', '=', experimentId);
      const rows = until === undefined ? all : all.where('requested_at', '<=', until);
      return (await rows.orderBy('requested_at').orderBy('id').limit(limit).execute()).map(({ id }) => id);
    },
    purge: async (ids: readonly string[]): Promise<void> => {
      await assessmentStore(tx).purge(ids);
      for (const table of ['trace_tag', 'trace_metadata', 'trace_run', 'span'] as const)
        await db.deleteFrom(table).where('trace_id', 'in', ids).execute();
      await db.deleteFrom('trace').where('id', 'in', ids).execute();
    },
  };
};

const textsOf = (rows: readonly TextRow[] = []): Texts => Object.fromEntries(rows.map(({ key, value }) => [key, value]));
