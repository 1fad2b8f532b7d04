import type { ProjectRef } from '../../governance/index.ts';
import { newId } from '../../platform/index.ts';
import { feedbackStore } from '../feedback-store.ts';
import { createJudging } from './judging.ts';
import { createModelReferences } from './model-references.ts';
import { type MonitorState, monitorStore } from './monitor-store.ts';
import { createReading, Moved } from './reading.ts';
import { closesAt, keptMs, silentStretches, startOf, watermarkOf } from './window-time.ts';
import { type Declared, type Shape, shapeOf, type WatchedEndpoint, type WatchParts } from './watched.ts';
import { windowStore } from './window-store.ts';

const feedbackAtOnce = 2000;

/** One monitor: what came is counted, what ended is judged. All it has to know is in the database; it holds nothing that would be missed. */
export const createWatch = async (parts: WatchParts, first: Declared, endpoint: WatchedEndpoint) => {
  const { id: endpointId } = endpoint;
  const { db, clock } = parts;
  const { project, monitor } = first;
  let declared = first;
  const shape = shapeOf(first, endpointId);
  let state = await begin(parts, { project, declared: first, watched: endpoint, shape });
  const models = createModelReferences(parts, { project, monitorId: state.id, columns: shape.columns });
  const reading = createReading(parts, { project, monitor: monitor.name, endpoint: monitor.endpoint, shape }, models);
  const judge = createJudging(parts, () => declared, { shape, models });
  let isStopped = false;
  const { latenessMs } = shape.times;

  /** Windows whose predictions something new was said of. */
  const readFeedback = async (): Promise<void> => {
    for (;;) {
      const said = await feedbackStore(db.read, project).since(monitor.endpoint, state.feedbackSeq, feedbackAtOnce);
      if (said.length === 0) return;
      const starts = new Set(said.flatMap(({ time }) => (time === null ? [] : [startOf(Date.parse(time), shape.times)])));
      const next = { ...state, feedbackSeq: said.at(-1)!.seq };
      await db.write(async (tx) => {
        if (!(await monitorStore(tx).advance(state, next))) throw new Moved();
        for (const start of starts) await windowStore(tx).touchLabels(state.id, start, clock.now());
      });
      state = next;
    }
  };

  const watermark = (): number => {
    const lastArrival = Math.max(state.lastArrival ?? 0, state.createdAt);
    return watermarkOf({ greatestEvent: state.greatestEvent, lastArrival, isDrained: true }, clock.now().getTime(), shape.times);
  };
  /** Ends windows, those in which nothing came too. */
  const closeUntil = async (until: number): Promise<void> => {
    const closedUntil = startOf(until, shape.times);
    if (closedUntil <= state.closedUntil!) return;
    const next = { ...state, closedUntil };
    await db.write(async (tx) => {
      if (!(await monitorStore(tx).advance(state, next))) throw new Moved();
      const store = windowStore(tx);
      const taken = await store.startsBetween(state.id, state.closedUntil!, closedUntil);
      for (const stretch of silentStretches({ from: state.closedUntil!, to: closedUntil }, taken, shape.times))
        await store.insert(project.id, { id: newId(), monitorId: state.id, monitor: monitor.name, endpoint: monitor.endpoint, ...stretch });
      await store.forgetParts(state.id, closedUntil - keptMs);
    });
    state = next;
  };
  /** Judges what waits; answers with the time at which more will. What comes late is collected for as long as windows wait. */
  const judgeEnded = async (until: number): Promise<number> => {
    let soonest = Infinity;
    for (const window of await windowStore(db.read).waiting(state.id, Math.max(until, state.closedUntil!))) {
      if (isStopped) return soonest;
      const due = window.changedAt === null ? 0 : window.changedAt + latenessMs;
      if (due <= clock.now().getTime()) state = await judge(state, window);
      else soonest = Math.min(soonest, due);
    }
    return soonest;
  };
  const nextClose = (): number =>
    closesAt(state.closedUntil!, { lastArrival: Math.max(state.lastArrival ?? 0, state.createdAt) }, shape.times);

  return {
    shape,
    endpointId,
    redeclare: (again: Declared): void => {
      declared = again;
    },
    /** Reads, closes and judges all that is there; answers with the time of the next look. */
    look: async (): Promise<number> => {
      try {
        state = await reading.read(state, () => isStopped);
        await readFeedback();
        const until = watermark();
        await closeUntil(until);
        const late = await judgeEnded(until);
        return Math.min(late, nextClose());
      } catch (error) {
        reading.forget();
        models.forget();
        state = (await monitorStore(db.read).current(project, monitor.name)) ?? state;
        if (!(error instanceof Moved)) throw error;
        return clock.now().getTime();
      }
    },
    stop: (): void => {
      isStopped = true;
    },
  };
};
export type Watch = Awaited<ReturnType<typeof createWatch>>;

interface Beginning {
  readonly project: ProjectRef;
  readonly declared: Declared;
  readonly watched: WatchedEndpoint;
  readonly shape: Shape;
}
/** The monitor as it stands; another shape begins anew, where the former one stood. */
const begin = ({ db }: WatchParts, { project, declared, watched, shape }: Beginning): Promise<MonitorState> =>
  db.write(async (tx) => {
    const { name, endpoint } = declared.monitor;
    const store = monitorStore(tx);
    const former = await store.current(project, name);
    if (former?.shape === shape.digest) return former;
    if (former) await store.retire(former.id);
    const since = Math.max(Date.parse(declared.since), Date.parse(watched.createdAt));
    const goesOn = former?.endpointId === watched.id ? former : undefined;
    const state: MonitorState = {
      id: newId(),
      endpointId: watched.id,
      shape: shape.digest,
      position: goesOn?.position ?? null,
      feedbackSeq: goesOn?.feedbackSeq ?? 0,
      greatestEvent: goesOn?.greatestEvent ?? null,
      lastArrival: goesOn?.lastArrival ?? null,
      closedUntil: startOf(since, shape.times),
      future: 0,
      past: 0,
      late: 0,
      estimates: { scored: 0, heldUp: 0, errorSum: 0 },
      createdAt: goesOn?.createdAt ?? since,
    };
    await store.insert(project, { name, endpoint }, state);
    return state;
  });
