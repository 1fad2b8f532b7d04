import { setImmediate } from 'node:timers/promises';
import type { Deployment, Prediction } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { newId } from '../../platform/index.ts';
import { createPartCounts, type PartCounts, type PartKey, readable } from '../columns/part-counts.ts';
import type { ModelReferences } from './model-references.ts';
import { type MonitorState, monitorStore } from './monitor-store.ts';
import { createSlicer, partKeyText } from './slices.ts';
import { placeOf, startOf } from './window-time.ts';
import type { Shape, WatchParts } from './watched.ts';
import { windowStore } from './window-store.ts';

/** Somebody else has moved the monitor on: what this process holds of it is worth nothing. */
export class Moved extends Error {}

const batchRecords = 1000;
/** What is counted in memory is written at the latest after so many records. */
const checkpointRecords = 10_000;
/** So many are counted before others get their turn: a few milliseconds. */
const atOnce = 200;
const mostParts = 400;

interface Counting {
  readonly parts: Map<string, PartCounts>;
  readonly slicer: ReturnType<typeof createSlicer>;
}
interface Watched {
  readonly project: ProjectRef;
  readonly monitor: string;
  readonly endpoint: string;
  readonly shape: Shape;
}

/**
 * Reads the prediction log forward and counts each record in its window. The position moves in the write that keeps the counts, so that
 * each record counts once, whenever the process ends.
 */
export const createReading = (
  { db, clock, source }: Pick<WatchParts, 'db' | 'clock' | 'source'>,
  { project, monitor, endpoint, shape }: Watched,
  models: ModelReferences,
) => {
  const windows = new Map<number, Counting>();
  const deployments = new Map<string, Deployment | undefined>();

  const versionOf = async ({ deploymentId, variant }: Prediction): Promise<string | null> => {
    if (deploymentId === null) return null;
    if (!deployments.has(deploymentId)) deployments.set(deploymentId, await source.deployment(project, deploymentId));
    return deployments.get(deploymentId)?.variants.find(({ name }) => name === variant)?.modelVersionId ?? null;
  };
  const countingOf = async (monitorId: string, from: number): Promise<Counting> => {
    const known = windows.get(from);
    if (known) return known;
    const window = await windowStore(db.read).at(monitorId, from);
    const forms = window ? await windowStore(db.read).parts(window.id) : [];
    const parts = new Map<string, PartCounts>();
    for (const form of forms) {
      const { variant, mode, modelVersionId, slice } = form;
      const key = { variant, mode, modelVersionId, slice };
      parts.set(partKeyText(key), createPartCounts(key, await models.of(modelVersionId), form));
    }
    const counting = {
      parts,
      slicer: createSlicer(
        shape.slices,
        forms.flatMap(({ slice }) => slice ?? []),
      ),
    };
    windows.set(from, counting);
    return counting;
  };

  const count = async (state: MonitorState, record: Prediction): Promise<MonitorState> => {
    const [eventTime, arrivalTime] = [Date.parse(record.eventTime), Date.parse(record.arrivalTime)];
    const place = placeOf({ eventTime, arrivalTime }, state.greatestEvent);
    const lastArrival = Math.max(state.lastArrival ?? 0, arrivalTime);
    if (place !== 'window') return { ...state, lastArrival, [place]: state[place] + 1 };
    const { parts, slicer } = await countingOf(state.id, startOf(eventTime, shape.times));
    const modelVersionId = await versionOf(record);
    const mode = record.shadowOf === null ? 'live' : 'shadow';
    const model = await models.of(modelVersionId, record);
    for (const slice of slicer.of(record.outcome === 'ok' ? readable(record.inputs) : undefined)) {
      const key: PartKey = { variant: record.variant ?? 'none', mode, modelVersionId, slice };
      const text = partKeyText(key);
      let part = parts.get(text);
      if (!part) {
        part = createPartCounts(key, model);
        parts.set(text, part);
      }
      part.add(record);
    }
    return { ...state, lastArrival, greatestEvent: Math.max(state.greatestEvent ?? -Infinity, eventTime) };
  };

  /** Counts and position in one write. */
  const keep = async (before: MonitorState, after: MonitorState): Promise<void> => {
    const changed = [...windows].flatMap(([from, { parts }]) => {
      const forms = [...parts].filter(([, part]) => part.isChanged()).map(([key, part]) => [key, part.form()] as const);
      return forms.length > 0 ? [{ from, forms }] : [];
    });
    const learned = models.unwritten();
    await db.write(async (tx) => {
      if (!(await monitorStore(tx).advance(before, after))) throw new Moved();
      for (const [modelVersionId, text] of learned) await monitorStore(tx).keepLearned(before.id, modelVersionId, text);
      const store = windowStore(tx);
      for (const { from, forms } of changed) {
        let id = (await store.at(before.id, from))?.id;
        if (id === undefined) {
          id = newId();
          const to = from + shape.times.everyMs;
          const isLate = before.greatestEvent !== null && to <= before.greatestEvent - shape.times.latenessMs;
          const lateSince = isLate ? clock.now() : undefined;
          await store.insert(project.id, { id, monitorId: before.id, monitor, endpoint, from, to, lateSince });
        }
        await store.touch(id, clock.now());
        for (const [key, form] of forms) await store.keepPart(id, key, form);
      }
    });
    models.written();
  };
  const forgetOld = (state: MonitorState): void => {
    const parts = [...windows.values()].reduce((sum, counting) => sum + counting.parts.size, 0);
    if (parts > mostParts) windows.clear();
    const before = (state.greatestEvent ?? 0) - shape.times.latenessMs - shape.times.everyMs;
    for (const from of windows.keys()) if (from < before) windows.delete(from);
    if (deployments.size > 100) deployments.clear();
  };

  return {
    /** Counts all that has come; answers with the state once the log has no more. */
    read: async (from: MonitorState, isStopped: () => boolean): Promise<MonitorState> => {
      let kept = from;
      let state = from;
      let since = 0;
      const checkpoint = async (): Promise<void> => {
        if (state === kept) return;
        await keep(kept, state);
        kept = state;
        since = 0;
        forgetOld(state);
      };
      for (;;) {
        const items = await source.tail(state.endpointId, state.position, batchRecords);
        for (const [i, { prediction, position }] of items.entries()) {
          if (i % atOnce === atOnce - 1) await setImmediate();
          // What was asked before there was a monitor is none of its business.
          const isEarlier = Date.parse(prediction.arrivalTime) < state.createdAt;
          state = { ...(isEarlier ? state : await count(state, prediction)), position };
        }
        since += items.length;
        if (items.length < batchRecords || since >= checkpointRecords || isStopped()) await checkpoint();
        if (items.length < batchRecords || isStopped()) return kept;
      }
    },
    /** After anything went wrong: what is in the database counts. */
    forget: (): void => windows.clear(),
  };
};
