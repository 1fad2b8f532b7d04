import { AppError } from '@boucle/contract';
import { systemActor } from '../governance/index.ts';
import { createLooks } from '../platform/index.ts';
import { decide } from './decide.ts';
import { createGather } from './gather.ts';
import { findEndpoint, type RolloutParts } from './ports.ts';
import { createPrepare, superseded } from './prepare.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { rolloutStore } from './rollout-store.ts';
import { createSettle } from './settle.ts';

/** How long a look that went wrong waits before the next. */
const patienceMs = 2000;

/**
 * Drives every running rollout, one look at a time: it takes what the database, the log and the clock say, and writes what follows.
 * Nothing that matters is held in memory, so a new server goes on where a killed one stood.
 */
export const createConductor = (parts: RolloutParts) => {
  const { db, clock, log, serving, monitoring } = parts;
  const settle = createSettle(parts);
  const prepare = createPrepare(parts);
  const gather = createGather(parts);
  const looks = createLooks({ clock, log, look: (id) => look(id), retryMs: patienceMs });
  const alarms = new Map<string, () => void>();
  let isClosed = false;

  const wakeAt = (id: string, time: number | null): void => {
    alarms.get(id)?.();
    alarms.delete(id);
    if (time === null || isClosed) return;
    const forget = clock.at(new Date(time), () => looks.hint(id));
    alarms.set(id, forget);
  };

  const look = async (id: string): Promise<void> => {
    for (let again = true; again && !isClosed;) {
      const record = await rolloutStore(db.read).byId(id);
      if (!record || record.endedAt !== null) return wakeAt(id, null);
      const { stage } = record.control;
      try {
        again = stage === 'shadow' || stage === 'canary' || stage === 'watch' ? await compare(record) : await goOn(record);
      } catch (error) {
        // Somebody decided by hand in the same moment: what they left is looked at.
        if (!(error instanceof AppError) || error.reason !== 'rollout_changed') throw error;
      }
    }
  };

  /** Through gates, people and loading. Says whether there is more to do at once. */
  const goOn = async (record: RolloutRecord): Promise<boolean> => {
    if (record.control.paused) return false;
    const { stage } = record.control;
    const prepared =
      stage === 'gates' ? await prepare.gates(record) : stage === 'approval' ? await prepare.approval(record) : await prepare.load(record);
    if (!prepared) return false;
    if ('asked' in prepared) {
      await settle(record, { change: prepared.asked });
      return true;
    }
    const begins = stage === 'loading' && !prepared.leaveRouting;
    // What was logged before says nothing of this rollout.
    const change = begins ? { ...prepared.change, ...(await endsOf(record)) } : prepared.change;
    await carryOut(record, { change: change ?? {} }, { ...prepared.decided, leaveRouting: prepared.leaveRouting });
    return true;
  };
  const endsOf = async (record: RolloutRecord): Promise<Pick<RolloutRecord, 'logCursor' | 'labelCursor'>> => ({
    logCursor: await serving.logEnd((await endpointOf(record))!.id),
    labelCursor: await monitoring.lastGiven(record.project, record.endpoint),
  });
  const endpointOf = ({ project, endpoint }: RolloutRecord) => findEndpoint(parts, systemActor(project), endpoint);

  const compare = async (record: RolloutRecord): Promise<boolean> => {
    const endpoint = await endpointOf(record);
    if (endpoint?.deployment?.id !== record.routes.at(-1)!.deploymentId) {
      await supersede(record);
      return false;
    }
    const { seen, record: now, at, isMore, ripeAt } = await gather(record, endpoint.id);
    const decision = decide({ ...now, now: at.getTime() });
    if (decision.kind !== 'hold') {
      await carryOut(record, seen, { ...decision, at });
      return true;
    }
    const isNew = seen.chunk !== undefined || hasMoved(record, now) || decision.message !== record.message;
    if (isNew) await settle(record, { ...seen, change: { ...seen.change, message: decision.message } });
    wakeAt(record.id, earliest(decision.wake, ripeAt));
    return isMore;
  };

  /** A verdict whose routing somebody else came before is not taken at all. */
  const carryOut = async (
    record: RolloutRecord,
    seen: Parameters<typeof settle>[1],
    decided: Omit<NonNullable<Parameters<typeof settle>[2]>, 'by' | 'at'> & { at?: Date },
  ): Promise<void> => {
    try {
      await settle(record, seen, { at: clock.now(), ...decided, by: 'system' });
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== 'deployment_moved') throw error;
      await supersede(record);
    }
  };
  const supersede = async (record: RolloutRecord): Promise<void> => {
    const { decided } = superseded;
    // In its watch the version was promoted already, and the news is only that the watch is over.
    const status = record.control.stage === 'watch' ? 'promoted' : 'superseded';
    await settle(
      record,
      { change: {} },
      { ...decided, move: { ...decided.move, status }, by: 'system', at: clock.now(), leaveRouting: true },
    );
  };

  const wakeAll = async (which: (one: { project: string; endpoint: string }) => boolean = () => true): Promise<void> => {
    for (const one of await rolloutStore(db.read).running()) if (which(one)) looks.hint(one.id);
  };
  const wakeEndpoint = (project: string, endpoint: string): void => {
    void wakeAll((one) => one.project === project && one.endpoint === endpoint).catch((error: unknown) =>
      log.error('running rollouts could not be read', { error }),
    );
  };

  return {
    settle,
    wake: looks.hint,
    wakeEndpoint,
    /** After a start: what was under way goes on. */
    start: (): Promise<void> => wakeAll(),
    /** Once no look is on its way. */
    settled: looks.settled,
    close: async (): Promise<void> => {
      isClosed = true;
      for (const forget of alarms.values()) forget();
      await looks.close();
    },
  };
};

const earliest = (...times: (number | null)[]): number | null => {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
};
/** Whether there is anything to keep. */
const hasMoved = (before: RolloutRecord, after: RolloutRecord): boolean =>
  JSON.stringify([before.logCursor, before.labelCursor, before.pending]) !==
  JSON.stringify([after.logCursor, after.labelCursor, after.pending]);
