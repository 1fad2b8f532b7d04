import { AppError, notFound, parseFilter, parseOrder } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import { type Clock, type Db, tokenOf, type Tx } from '../../platform/index.ts';
import type { OwnerRule } from '../artifact-owners.ts';
import { type Experiments, requireActive } from '../experiments.ts';
import type { Texts } from '../logged.ts';
import { positionIn } from '../search/position-in.ts';
import { traceFields } from '../search/trace-fields.ts';
import { traceKeysBy, traceSearchStore } from '../search/trace-search-store.ts';
import { requireThere } from '../standing.ts';
import { assessmentStore } from './assessment-store.ts';
import { assessmentOf, createAssessments, type NewAssessment, requireFree } from './assessments.ts';
import type { TraceCounts } from './association.ts';
import { purgeTraces } from './purge-traces.ts';
import { named, saidByRoot, tagsByRoot, tokensIn } from './span-facts.ts';
import { spanStore, type SpanTotals } from './span-store.ts';
import { type Span, type Trace, traceIdOf, traceKeys } from './trace.ts';
import { createTraceMetrics } from './trace-metrics.ts';
import { type TextRow, type TraceChange, traceStore } from './trace-store.ts';

export interface RecordedSpans {
  readonly experimentId: string;
  readonly spans: readonly Span[];
  /** The run that its traces belong to. */
  readonly runId?: string | undefined;
}
export interface ToldTrace extends Omit<Trace, 'assessments'> {
  readonly assessments: readonly NewAssessment[];
}
export interface TraceQuery {
  readonly experimentIds: readonly string[];
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface TracePairQuery {
  readonly experimentIds: readonly string[];
  readonly among?: string | undefined;
  readonly first: string;
  readonly second: string;
}
/** Which traces of an experiment go: these, or the oldest up to a time. */
export interface TracesToRemove {
  readonly experimentId: string;
  readonly ids?: readonly string[];
  readonly until?: number | undefined;
  readonly most?: number | undefined;
}
const removedAtOnce = 100;
const tracesAtOnce = 200;

export const createTraces = ({ db, clock, experiments }: { db: Db; clock: Clock; experiments: Pick<Experiments, 'get'> }) => {
  const activeOf = async (project: ProjectRef, experimentId: string) => {
    const experiment = await experiments.get(project, experimentId);
    requireActive(experiment);
    const root = (experiment.artifactLocation ?? `mlflow-artifacts:/${experimentId}`).replace(/\/+$/, '');
    return (id: string): TextRow => ({
      trace_id: id,
      key: traceKeys.artifactLocation,
      value: `${root}/traces/${id}/artifacts`,
    });
  };
  const several = (project: ProjectRef, ids: readonly string[]): Promise<Trace[]> =>
    traceStore(db.read).several(project, [...new Set(ids)]);

  return {
    /** Spans as they end, or go on: all or none. What a client tells of a trace itself wins, whichever comes first. */
    record: async ({ project }: Actor, { experimentId, spans, runId }: RecordedSpans): Promise<void> => {
      const locationOf = await activeOf(project, experimentId);
      const starts = new Map<string, number>();
      for (const { traceId, startNs } of spans) {
        const id = traceIdOf(traceId);
        starts.set(id, Math.min(starts.get(id) ?? Number.POSITIVE_INFINITY, msOf(startNs)));
      }
      const ids = [...starts.keys()].sort();
      await db.write(async (tx) => {
        const traces = traceStore(tx);
        if (runId !== undefined) await requireThere(tx, project, runId);
        for (const part of partsOf(ids)) {
          const held = await traces.hold(
            project,
            part.map((id) => ({ id, experimentId, requestedAt: starts.get(id)! })),
          );
          requireOwn(held, project, experimentId);
        }
        await spanStore(tx).put(spans.map(named));
        for (const part of partsOf(ids)) {
          await traces.setTexts('trace_tag', part.map(locationOf), { keep: true });
          await traces.setTexts(
            'trace_tag',
            part.map((id) => ({ trace_id: id, key: traceKeys.spansLocation, value: 'TRACKING_STORE' })),
          );
          await summarize(tx, part);
          if (runId !== undefined) await traces.link(part, runId);
        }
      });
    },
    /** What a client knows of a trace as a whole. Told again, it is the same. */
    tell: async ({ project }: Actor, told: ToldTrace): Promise<Trace> => {
      const { id, experimentId, assessments, tags, metadata, ...change } = told;
      const locationOf = await activeOf(project, experimentId);
      const now = clock.now().getTime();
      await db.write(async (tx) => {
        const traces = traceStore(tx);
        requireOwn(await traces.hold(project, [{ id, experimentId, requestedAt: told.requestedAt }]), project, experimentId);
        await traces.change(id, { ...change, ...tokensTold(metadata) });
        await traces.setTexts('trace_tag', [locationOf(id)], { keep: true });
        await traces.setTexts('trace_tag', rowsOf(id, tags));
        await traces.setTexts('trace_metadata', rowsOf(id, { ...metadata, [traceKeys.told]: 'true' }));
        const run = metadata[traceKeys.sourceRun];
        if (run) await traces.link([id], run);
        for (const given of assessments) {
          const assessment = assessmentOf(id, { createdAt: change.requestedAt, ...given }, now);
          await requireFree(tx, assessment);
          await assessmentStore(tx).put(assessment);
        }
      });
      return (await several(project, [id]))[0]!;
    },
    get: async (project: ProjectRef, id: string): Promise<Trace> => {
      const [trace] = await several(project, [id]);
      if (!trace) throw notFound('trace', id);
      return trace;
    },
    several,
    /** Those of which every span is here that their client told of. */
    whole: async (project: ProjectRef, ids: readonly string[]): Promise<Trace[]> => {
      const traces = await several(project, ids);
      if (traces.length === 0) return [];
      const counts = await spanStore(db.read).count(traces.map(({ id }) => id));
      return traces.filter((trace) => (counts.get(trace.id) ?? 0) >= spansTold(trace));
    },
    /** By their start; whoever asks has looked whether the trace is theirs. */
    spans: ({ id }: Pick<Trace, 'id'>): AsyncGenerator<Span> => spanStore(db.read).of(id),
    search: async (project: ProjectRef, { experimentIds, filter = '', orderBy = [], limit, cursor }: TraceQuery) => {
      const order = parseOrder(orderBy, traceFields);
      const query = ['traces', project.id, filter, experimentIds, orderBy];
      const position = positionIn(cursor, query, traceKeysBy(order));
      const asked = { experimentIds, filter: parseFilter(filter, traceFields), order, limit: limit + 1, position };
      const found = await traceSearchStore(db.read).find(project, asked);
      const kept = found.slice(0, limit);
      return {
        items: await several(
          project,
          kept.map(({ id }) => id),
        ),
        nextCursor: found.length > limit ? tokenOf(query, kept.at(-1)!.position) : null,
      };
    },
    /** How many of the traces that `among` leaves the two filters find. */
    count: (project: ProjectRef, { experimentIds, among = '', first, second }: TracePairQuery): Promise<TraceCounts> => {
      const parsed = (filter: string) => parseFilter(filter, traceFields);
      return traceSearchStore(db.read).count(project, {
        experimentIds,
        among: parsed(among),
        first: parsed(first),
        second: parsed(second),
      });
    },
    /** With all that belongs to them, some at a time; how many went is told. */
    remove: async ({ project }: Actor, { experimentId, ids, until, most }: TracesToRemove): Promise<number> => {
      await experiments.get(project, experimentId);
      const removeSome = (find: (tx: Tx) => Promise<readonly string[]>): Promise<number> =>
        db.write(async (tx) => {
          const found = await find(tx);
          await purgeTraces(tx, found);
          return found.length;
        });
      let removed = 0;
      if (ids) {
        for (const part of partsOf([...new Set(ids)]))
          removed += await removeSome(async (tx) =>
            (await traceStore(tx).placesOf(project, part)).filter((place) => place.experimentId === experimentId).map(({ id }) => id),
          );
        return removed;
      }
      for (;;) {
        const limit = Math.min(removedAtOnce, (most ?? Number.POSITIVE_INFINITY) - removed);
        if (limit <= 0) return removed;
        const some = await removeSome((tx) =>
          traceStore(tx).oldest(project, { experimentId, ...(until !== undefined && { until }), limit }),
        );
        removed += some;
        if (some < limit) return removed;
      }
    },
    setTag: ({ project }: Actor, id: string, { key, value }: { key: string; value: string }): Promise<void> =>
      db.write(async (tx) => {
        await requireTrace(tx, project, id);
        await traceStore(tx).setTexts('trace_tag', [{ trace_id: id, key, value }]);
      }),
    removeTag: ({ project }: Actor, id: string, key: string): Promise<void> =>
      db.write(async (tx) => {
        await requireTrace(tx, project, id);
        if (!(await traceStore(tx).removeTag(id, key))) throw notFound('tag', key);
      }),
    link: ({ project }: Actor, ids: readonly string[], runId: string): Promise<void> =>
      db.write(async (tx) => {
        await requireThere(tx, project, runId);
        const there = new Set((await traceStore(tx).placesOf(project, ids)).map(({ id }) => id));
        const missing = ids.find((id) => !there.has(id));
        if (missing !== undefined) throw notFound('trace', missing);
        await traceStore(tx).link([...there], runId);
      }),
    assessments: createAssessments({ db, clock, requireTrace }),
    metrics: createTraceMetrics({ db }),
  };
};
export type Traces = ReturnType<typeof createTraces>;

const requireTrace = async (tx: Tx, project: ProjectRef, id: string): Promise<void> => {
  if ((await traceStore(tx).placesOf(project, [id])).length === 0) throw notFound('trace', id);
};
/** Its files come as long as it is there. */
export const traceOwner: OwnerRule = { mayRead: requireTrace, mayWrite: (tx, project, { id }) => requireTrace(tx, project, id) };

const requireOwn = (
  held: readonly { id: string; projectId: string; experimentId: string }[],
  project: ProjectRef,
  experimentId: string,
): void => {
  const other = held.find((one) => one.projectId !== project.id || one.experimentId !== experimentId);
  if (other)
    throw new AppError('conflict', `The trace ${other.id} is of another experiment, and stays there`, {
      reason: 'trace_elsewhere',
      details: { id: other.id },
    });
};

/** What the spans of these say of the whole; nothing is changed of what a client has told. */
const summarize = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  const [traces, spans] = [traceStore(tx), spanStore(tx)];
  const told = await traces.told(ids);
  const open = ids.filter((id) => !told.has(id));
  if (open.length === 0) return;
  const roots = Map.groupBy(await spans.roots(open), ({ traceId }) => traceIdOf(traceId));
  const tags: TextRow[] = [];
  const metadata: TextRow[] = [];
  for (const total of await spans.totals(open)) {
    const id = total.trace_id;
    const root = roots.get(id)?.[0];
    await traces.change(id, changeOf(total, root));
    if (root) tags.push(...rowsOf(id, { [traceKeys.name]: root.name.slice(0, 8000), ...tagsByRoot(root) }));
    metadata.push(...rowsOf(id, usageOf(total)));
  }
  await traces.setTexts('trace_tag', tags, { keep: true });
  await traces.setTexts('trace_metadata', metadata);
};
const changeOf = ({ started, ended, ...total }: SpanTotals, root: Span | undefined): TraceChange => {
  const requestedAt = msOf(started);
  return {
    requestedAt,
    tokens: { input: total.input_tokens, output: total.output_tokens, total: total.total_tokens, cacheRead: null, cacheCreation: null },
    duration: ended === null ? null : Math.max(0, msOf(ended) - requestedAt),
    state: !root || root.endNs === null ? 'in_progress' : root.status === 'error' ? 'error' : 'ok',
    ...(root && saidByRoot(root)),
  };
};
/** What a client tells of a trace's tokens; of what it leaves out, nothing changes. */
const tokensTold = (metadata: Texts): Pick<TraceChange, 'tokens'> => {
  const told = metadata[traceKeys.tokens];
  return told === undefined ? {} : { tokens: tokensIn(told) };
};
const usageOf = (total: SpanTotals): Texts => ({
  ...(total.total_tokens !== null && {
    [traceKeys.tokens]: JSON.stringify({
      input_tokens: Number(total.input_tokens ?? 0),
      output_tokens: Number(total.output_tokens ?? 0),
      total_tokens: Number(total.total_tokens),
    }),
  }),
  ...(total.total_cost !== null && {
    [traceKeys.cost]: JSON.stringify({
      input_cost: total.input_cost ?? 0,
      output_cost: total.output_cost ?? 0,
      total_cost: total.total_cost,
    }),
  }),
});

/** At least one: a trace without spans has nothing to show. */
const spansTold = ({ metadata }: Trace): number => {
  try {
    const told = (JSON.parse(metadata[traceKeys.size] ?? '{}') as { num_spans?: unknown } | null)?.num_spans;
    return typeof told === 'number' ? Math.max(1, told) : 1;
  } catch {
    return 1;
  }
};

const msOf = (ns: number | bigint): number => Number(BigInt(ns) / 1_000_000n);
const rowsOf = (trace_id: string, texts: Texts) => Object.entries(texts).map(([key, value]) => ({ trace_id, key, value }));
const partsOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / tracesAtOnce) }, (_, i) => ids.slice(i * tracesAtOnce, (i + 1) * tracesAtOnce));
