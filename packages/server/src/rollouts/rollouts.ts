import {
  AppError,
  type BoucleEvent,
  notFound,
  type Paging,
  type Rollout,
  type RolloutReport,
  type RolloutVerification,
} from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf } from '../platform/index.ts';
import { createBegin } from './begin.ts';
import { createConductor } from './conduct.ts';
import { type Entry, presentEntry, unpackEntries } from './evidence-entry.ts';
import { type Chunk, evidenceStore } from './evidence-store.ts';
import type { RolloutParts } from './ports.ts';
import { replay } from './replay.ts';
import { reportOf, seriesPoints } from './report.ts';
import { presentRollout, type RolloutRecord } from './rollout-record.ts';
import { rolloutStore } from './rollout-store.ts';
import { type Move, promoted } from './stages.ts';
import type { StartRequest } from './start.ts';

const compared: readonly Rollout['stage'][] = ['shadow', 'canary', 'watch'];
/** Chunks that are read at once: none is large. */
const chunksAtOnce = 50;

interface ByHand {
  readonly kind: 'pause' | 'resume' | 'promote' | 'roll_back';
  readonly reason: string;
}

/** Versions on their way to endpoints, by evidence with stated error rates. */
export const createRollouts = (parts: RolloutParts) => {
  const { db, clock } = parts;
  const conductor = createConductor(parts);
  const begin = createBegin(parts);

  const mustFind = async (project: ProjectRef, id: string): Promise<RolloutRecord> => {
    const found = await rolloutStore(db.read).find(project.id, id);
    if (!found) throw notFound('rollout', id);
    return found;
  };
  const latest = async (project: ProjectRef, { id }: Pick<Rollout, 'id'>): Promise<Rollout> => presentRollout(await mustFind(project, id));

  const start = async (actor: Actor, request: StartRequest): Promise<Rollout> => {
    const begun = await begin(actor, request);
    conductor.wake(begun.id);
    return latest(actor.project, begun);
  };

  /** A verdict of a person: fenced by what they saw, like those of evidence. */
  const byHand = async (actor: Actor, rolloutId: string, asked: ByHand): Promise<Rollout> => {
    for (;;) {
      try {
        return await actByHand(actor, rolloutId, asked);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
        if (error.reason === 'deployment_moved') {
          conductor.wake(rolloutId);
          throw new AppError('failed_precondition', error.message, { reason: error.reason, cause: error });
        }
        // A look wrote in the same moment: what is asked for is held against what it left.
        if (error.reason !== 'rollout_changed') throw error;
      }
    }
  };
  const actByHand = async ({ id: by, project }: Actor, rolloutId: string, { kind, reason }: ByHand): Promise<Rollout> => {
    const record = await mustFind(project, rolloutId);
    if (record.endedAt !== null) throw ended(record);
    const { control } = record;
    const stay: Move = { stage: control.stage, step: control.step, share: control.share, found: control.found, status: 'running' };
    const told = { kind, message: reason, by, at: clock.now() };
    const settle = async (more: { move: Move; paused?: boolean; leaveRouting?: boolean }): Promise<Rollout> => {
      const after = await conductor.settle(record, { change: {} }, { ...told, ...more });
      conductor.wake(rolloutId);
      return presentRollout(after);
    };
    const isRouted = compared.includes(control.stage);
    switch (kind) {
      case 'pause':
        if (control.paused) throw notNow(record, 'is paused already', 'already_paused');
        return settle({ move: stay, paused: true, leaveRouting: true });
      case 'resume':
        if (!control.paused) throw notNow(record, 'is not paused', 'not_paused');
        return settle({ move: stay, paused: false, leaveRouting: true });
      case 'promote':
        if (!isRouted) throw notNow(record, `is at ${control.stage}: gates and people come first`, 'not_routed');
        return settle({ move: control.stage === 'watch' ? { ...stay, stage: 'ended', status: 'promoted' } : promoted(record.policy) });
      case 'roll_back': {
        if (control.stage === 'loading' && record.baseline === null)
          throw notNow(record, 'has nothing to go back to', 'nothing_to_roll_back_to');
        const move: Move = { stage: 'ended', step: 0, share: 0, found: false, status: 'rolled_back' };
        return settle({ move, leaveRouting: !isRouted });
      }
    }
  };

  const chunksOf = async function* (id: string): AsyncGenerator<Chunk> {
    const store = evidenceStore(db.read, id);
    let after = 0;
    for (let page; (page = await store.chunks(after, chunksAtOnce)).length > 0; after = page.at(-1)!.number) yield* page;
  };

  return {
    start,
    /** After a start of the server: what was under way goes on. */
    recover: conductor.start,
    pause: (actor: Actor, id: string, reason: string) => byHand(actor, id, { kind: 'pause', reason }),
    resume: (actor: Actor, id: string, reason: string) => byHand(actor, id, { kind: 'resume', reason }),
    promote: (actor: Actor, id: string, reason: string) => byHand(actor, id, { kind: 'promote', reason }),
    rollBack: (actor: Actor, id: string, reason: string) => byHand(actor, id, { kind: 'roll_back', reason }),
    list: async ({ project }: Actor, query: Paging & { endpoint?: string }) => {
      const { items, nextCursor } = await rolloutStore(db.read).list(project.id, query);
      return { items: items.map(presentRollout), nextCursor };
    },
    get: async ({ project }: Actor, id: string): Promise<RolloutReport> => {
      const record = await mustFind(project, id);
      const store = evidenceStore(db.read, id);
      const every = Math.max(1, Math.ceil(record.chunks / (seriesPoints - 1)));
      const [verdicts, looks] = await Promise.all([store.verdicts(), store.thinned(every, record.chunks)]);
      return reportOf(record, verdicts, looks);
    },
    /** The one that runs at an endpoint. */
    active: async (project: ProjectRef, endpoint: string): Promise<Rollout | undefined> => {
      const record = await rolloutStore(db.read).active(project.id, endpoint);
      return record && presentRollout(record);
    },
    /** In the order in which it was weighed. */
    evidence: async ({ project }: Actor, id: string, { limit, cursor }: Paging) => {
      await mustFind(project, id);
      const after = cursor === undefined ? 0 : decodeCursor(cursor, ['number'])[0];
      const store = evidenceStore(db.read, id);
      const found: { seq: number; entry: Entry }[] = [];
      let from = after;
      while (found.length <= limit) {
        const page = await store.chunksAfter(from, chunksAtOnce);
        for (const { packed, lastSeq } of page) {
          const entries = unpackEntries(packed);
          entries.forEach((entry, i) => {
            const seq = lastSeq - entries.length + 1 + i;
            if (seq > after) found.push({ seq, entry });
          });
        }
        if (page.length < chunksAtOnce) break;
        from = page.at(-1)!.lastSeq;
      }
      return pageOf(found.slice(0, limit + 1), limit, { item: ({ seq, entry }) => presentEntry(entry, seq), at: ({ seq }) => [seq] });
    },
    /** Replays the stored evidence; the first difference, if there is one. */
    verify: async ({ project }: Actor, id: string): Promise<RolloutVerification> => {
      const record = await mustFind(project, id);
      const verdicts = await evidenceStore(db.read, id).verdicts();
      const difference = await replay(record, verdicts, chunksOf(id)).catch(unreadable);
      const evidence = record.comparison.seq;
      const message = difference
        ? `At evidence ${difference.seq}, ${difference.what} is not what the replay gives`
        : `${evidence} pieces of evidence lead to the same ${verdicts.length} verdicts, bit for bit`;
      return { same: difference === null, verdicts: verdicts.length, evidence, difference, message };
    },
    /** News that may let a rollout go on: only a hint, for a start looks at all of them. */
    hear: ({ type, subject, data }: BoucleEvent): void => {
      if (type === 'approval.given' || type === 'approval.refused') {
        const [kind, id] = String(data['subject']).split(' ');
        if (kind === 'rollout' && id) conductor.wake(id);
      } else if (type === 'deployment.ready' || type === 'deployment.failed' || type === 'feedback.recorded') {
        conductor.wakeEndpoint(subject.project, String(data['endpoint']));
      }
    },
    /** A hint that an endpoint has answered. */
    look: (project: ProjectRef, endpoint: string): void => conductor.wakeEndpoint(project.name, endpoint),
    /** Once no look is on its way. */
    settled: conductor.settled,
    close: conductor.close,
  };
};
export type Rollouts = ReturnType<typeof createRollouts>;

/** A stored row that is no JSON any more was changed, too. */
const unreadable = (error: unknown): RolloutVerification['difference'] => {
  if (!(error instanceof SyntaxError)) throw error;
  return { seq: 0, what: 'a stored row that cannot be read', stored: error.message, replayed: null };
};
const ended = ({ number, endpoint, status }: RolloutRecord): AppError =>
  new AppError('failed_precondition', `Rollout ${number} of ${endpoint} is over (${status}): start another one`, {
    reason: 'rollout_ended',
  });
const notNow = ({ number, endpoint }: RolloutRecord, how: string, reason: string): AppError =>
  new AppError('failed_precondition', `Rollout ${number} of ${endpoint} ${how}`, { reason });
