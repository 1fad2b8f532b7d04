import type { MonitorWindow, MonitorWindowDetail, Paging, WindowResult } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../../platform/index.ts';
import type { PartForm } from '../columns/part-counts.ts';

interface WindowRow {
  id: string;
  project_id: string;
  monitor_id: string;
  monitor: string;
  endpoint: string;
  starts: string;
  ends: string;
  version: number;
  revision: number;
  judged_revision: number;
  judged_at: string | null;
  changed_at: string | null;
  carried: number;
}
interface ResultRow {
  window_id: string;
  version: number;
  latest: number;
  judged_at: string;
  summary: string;
  result: string;
}
type Tables = { monitor_window: WindowRow; window_part: { window_id: string; part: string; counted: string }; window_result: ResultRow };

/** A window as it is worked on. Times are epoch milliseconds. */
export interface OpenWindow {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** 0 until it was judged for the first time. */
  readonly version: number;
  readonly revision: number;
  readonly judgedRevision: number;
  /** Since when something waits for another judgement. */
  readonly changedAt: number | null;
  readonly isCarried: boolean;
}
export interface NewWindow {
  /** Since when it waits, where it began after its end. */
  readonly lateSince?: Date | undefined;
  readonly id: string;
  readonly monitorId: string;
  readonly monitor: string;
  readonly endpoint: string;
  readonly from: number;
  readonly to: number;
}
const text = (ms: number): string => new Date(ms).toISOString();
const openOf = (r: WindowRow): OpenWindow => ({
  id: r.id,
  from: Date.parse(r.starts),
  to: Date.parse(r.ends),
  version: r.version,
  revision: r.revision,
  judgedRevision: r.judged_revision,
  changedAt: r.changed_at === null ? null : Date.parse(r.changed_at),
  isCarried: r.carried === 1,
});
export type Summary = Pick<MonitorWindow, 'rows' | 'shadowRows' | 'labelled' | 'drifted' | 'faults' | 'missed'>;
type Listed = WindowRow & Pick<ResultRow, 'summary' | 'latest'> & { result_version: number; result_at: string };
const summaryOf = (r: Listed, project: string): MonitorWindow => ({
  id: r.id,
  project,
  monitor: r.monitor,
  endpoint: r.endpoint,
  from: r.starts,
  to: r.ends,
  version: r.result_version,
  latest: r.latest === 1,
  judgedAt: r.result_at,
  ...(JSON.parse(r.summary) as Summary),
});

export const windowStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const listed = (project: ProjectRef) =>
    db
      .selectFrom('monitor_window')
      .innerJoin('window_result', 'window_result.window_id', 'monitor_window.id')
      .selectAll('monitor_window')
      .select([
        'window_result.summary',
        'window_result.latest',
        'window_result.version as result_version',
        'window_result.judged_at as result_at',
      ])
      .where('monitor_window.project_id', '=', project.id);

  /** What was judged waits for another judgement; what was not does so anyway. */
  const changed = (now: Date) =>
    db.updateTable('monitor_window').set({ changed_at: now.toISOString() }).where('version', '>', 0).where('changed_at', 'is', null);

  return {
    at: async (monitorId: string, from: number): Promise<OpenWindow | undefined> => {
      const row = await db
        .selectFrom('monitor_window')
        .selectAll()
        .where('monitor_id', '=', monitorId)
        .where('starts', '=', text(from))
        .executeTakeFirst();
      return row && openOf(row);
    },
    startsBetween: async (monitorId: string, from: number, to: number): Promise<Set<number>> => {
      const rows = await db
        .selectFrom('monitor_window')
        .select('starts')
        .where('monitor_id', '=', monitorId)
        .where('starts', '>=', text(from))
        .where('starts', '<', text(to))
        .execute();
      return new Set(rows.map(({ starts }) => Date.parse(starts)));
    },
    insert: async (projectId: string, { monitorId, from, to, lateSince, ...window }: NewWindow): Promise<void> => {
      await db
        .insertInto('monitor_window')
        .values({
          ...window,
          project_id: projectId,
          monitor_id: monitorId,
          starts: text(from),
          ends: text(to),
          version: 0,
          revision: 0,
          judged_revision: 0,
          judged_at: null,
          changed_at: lateSince?.toISOString() ?? null,
          carried: 0,
        })
        .execute();
    },
    /** Something more was counted in it. */
    touch: async (id: string, now: Date): Promise<void> => {
      await db
        .updateTable('monitor_window')
        .set((eb) => ({ revision: eb('revision', '+', 1) }))
        .where('id', '=', id)
        .execute();
      await changed(now).where('id', '=', id).execute();
    },
    /** Something more is known of its rows. Where none begins there is nothing to say. */
    touchLabels: async (monitorId: string, from: number, now: Date): Promise<void> => {
      await changed(now).where('monitor_id', '=', monitorId).where('starts', '=', text(from)).execute();
    },
    keepPart: async (windowId: string, part: string, counted: PartForm): Promise<void> => {
      const form = JSON.stringify(counted);
      await db
        .insertInto('window_part')
        .values({ window_id: windowId, part, counted: form })
        .onConflict((c) => c.columns(['window_id', 'part']).doUpdateSet({ counted: form }))
        .execute();
    },
    parts: async (windowId: string): Promise<PartForm[]> =>
      (await db.selectFrom('window_part').select('counted').where('window_id', '=', windowId).orderBy('part').execute()).map(
        ({ counted }) => JSON.parse(counted) as PartForm,
      ),
    /** What was counted in windows that ended before. */
    forgetParts: async (monitorId: string, before: number): Promise<void> => {
      await db
        .deleteFrom('window_part')
        .where('window_id', 'in', (eb) =>
          eb.selectFrom('monitor_window').select('id').where('monitor_id', '=', monitorId).where('ends', '<', text(before)),
        )
        .execute();
    },
    /** Those that wait for a judgement, oldest first: ended, and never judged or changed since. */
    waiting: async (monitorId: string, watermark: number): Promise<OpenWindow[]> =>
      (
        await db
          .selectFrom('monitor_window')
          .selectAll()
          .where('monitor_id', '=', monitorId)
          .where('ends', '<=', text(watermark))
          .where((eb) => eb.or([eb('version', '=', 0), eb('changed_at', 'is not', null)]))
          .orderBy('starts')
          .limit(500)
          .execute()
      ).map(openOf),
    /** Right before, newest first, as long as they had too few rows. */
    carriedBefore: async (monitorId: string, from: number, most: number): Promise<OpenWindow[]> => {
      const rows = await db
        .selectFrom('monitor_window')
        .selectAll()
        .where('monitor_id', '=', monitorId)
        .where('starts', '<', text(from))
        .orderBy('starts', 'desc')
        .limit(most)
        .execute();
      const windows = rows.map(openOf);
      const end = windows.findIndex(({ isCarried, version }) => !isCarried || version === 0);
      return end === -1 ? windows : windows.slice(0, end);
    },
    /** A verdict on what was counted up to a revision. */
    judged: async (
      window: OpenWindow,
      { isCarried, summary, result, now }: { isCarried: boolean; summary: Summary; result: WindowResult; now: Date },
    ): Promise<void> => {
      const version = window.version + 1;
      const judged_at = now.toISOString();
      await db.updateTable('window_result').set({ latest: 0 }).where('window_id', '=', window.id).execute();
      await db
        .insertInto('window_result')
        .values({ window_id: window.id, version, latest: 1, judged_at, summary: JSON.stringify(summary), result: JSON.stringify(result) })
        .execute();
      await db
        .updateTable('monitor_window')
        .set({ version, judged_revision: window.revision, judged_at, changed_at: null, carried: isCarried ? 1 : 0 })
        .where('id', '=', window.id)
        .where('version', '=', window.version)
        .execute();
    },
    result: async (windowId: string, version: number): Promise<WindowResult | undefined> => {
      const row = await db
        .selectFrom('window_result')
        .select('result')
        .where('window_id', '=', windowId)
        .where('version', '=', version)
        .executeTakeFirst();
      return row && (JSON.parse(row.result) as WindowResult);
    },
    list: async (project: ProjectRef, monitor: string, { limit, cursor, version }: Paging & { version: 'latest' | 'all' }) => {
      let query = listed(project)
        .where('monitor_window.monitor', '=', monitor)
        .orderBy('monitor_window.starts', 'desc')
        .orderBy('monitor_window.id', 'desc')
        .orderBy('window_result.version', 'desc')
        .limit(limit + 1);
      if (version === 'latest') query = query.where('window_result.latest', '=', 1);
      if (cursor !== undefined) {
        const [starts, id, number] = decodeCursor(cursor, ['string', 'string', 'number']);
        query = query.where((eb) =>
          eb.or([
            eb('monitor_window.starts', '<', starts),
            eb.and([eb('monitor_window.starts', '=', starts), eb('monitor_window.id', '<', id)]),
            eb.and([eb('monitor_window.starts', '=', starts), eb('monitor_window.id', '=', id), eb('window_result.version', '<', number)]),
          ]),
        );
      }
      return pageOf(await query.execute(), limit, {
        item: (row) => summaryOf(row, project.name),
        at: (row) => [row.starts, row.id, row.result_version],
      });
    },
    /** Whether the newest window of an endpoint in which anything was asked has a fault. */
    hasFaults: async (project: ProjectRef, endpoint: string): Promise<boolean> => {
      const recent = await listed(project)
        .where('monitor_window.endpoint', '=', endpoint)
        .where('window_result.latest', '=', 1)
        .orderBy('monitor_window.starts', 'desc')
        .limit(100)
        .execute();
      const summaries = recent.map(({ summary }) => JSON.parse(summary) as Summary);
      return (summaries.find(({ rows, faults }) => rows + faults > 0)?.faults ?? 0) > 0;
    },
    detail: async (project: ProjectRef, windowId: string, version: number | undefined): Promise<MonitorWindowDetail | undefined> => {
      const wanted = listed(project).select('window_result.result').where('monitor_window.id', '=', windowId);
      const row = await (
        version === undefined ? wanted.where('window_result.latest', '=', 1) : wanted.where('window_result.version', '=', version)
      ).executeTakeFirst();
      if (!row) return undefined;
      const versions = await db
        .selectFrom('window_result')
        .select(['version', 'judged_at as judgedAt'])
        .where('window_id', '=', windowId)
        .orderBy('version')
        .execute();
      return { ...summaryOf(row, project.name), versions, ...(JSON.parse(row.result) as WindowResult) };
    },
  };
};
