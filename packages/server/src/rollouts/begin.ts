import { AppError } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { isDuplicate, once } from '../platform/index.ts';
import type { RolloutParts } from './ports.ts';
import { aboutRollout, type RolloutRecord } from './rollout-record.ts';
import { rolloutStore } from './rollout-store.ts';
import { createPlanRollout, type StartRequest } from './start.ts';

interface Begun {
  readonly id: string;
}

/** Begins a rollout, once for a key, and one at a time for an endpoint. */
export const createBegin = (parts: RolloutParts) => {
  const { db, events, clock } = parts;
  const plan = createPlanRollout(parts);
  const keyed = ({ id: projectId }: ProjectRef, { key, ...asked }: StartRequest) => ({ projectId, route: 'rollouts.start', key, asked });

  const begin = async (actor: Actor, request: StartRequest): Promise<Begun> => {
    const { project } = actor;
    const running = await rolloutStore(db.read).active(project.id, request.endpoint);
    if (running) throw underWay(running);
    const fresh = await plan(actor, request);
    return db.write((tx) =>
      once(tx, keyed(project, request), clock, async () => {
        const store = rolloutStore(tx);
        const record: RolloutRecord = { ...fresh, number: (await store.lastNumber(project.id, request.endpoint)) + 1 };
        await store.insert(record);
        const { endpoint, number, candidate, baseline } = record;
        const data = { endpoint, number, model: candidate.model, version: candidate.version, baseline: baseline?.version ?? null };
        await events.record(tx, { ...aboutRollout(record, actor.id), type: 'rollout.started', data });
        return { id: record.id };
      }),
    );
  };
  /** What the key began before. It asks by beginning nothing: a write that is taken back. */
  const begunBefore = async (project: ProjectRef, request: StartRequest): Promise<Begun | undefined> => {
    if (request.key === undefined) return undefined;
    const nothing = new Error('nothing was begun by this key');
    try {
      return await db.write((tx) => once<Begun>(tx, keyed(project, request), clock, () => Promise.reject(nothing)));
    } catch (reason) {
      if (reason === nothing) return undefined;
      throw reason;
    }
  };

  return async (actor: Actor, request: StartRequest): Promise<Begun> => {
    const { project } = actor;
    // A repeat is answered before anything is looked at, for what was to be rolled out may answer by now.
    const before = await begunBefore(project, request);
    if (before) return before;
    try {
      return await begin(actor, request);
    } catch (reason) {
      // Of several at once with one key, one began it.
      const meanwhile = await begunBefore(project, request);
      if (meanwhile) return meanwhile;
      if (!isDuplicate(reason)) throw reason;
      const running = await rolloutStore(db.read).active(project.id, request.endpoint);
      throw running ? underWay(running) : reason;
    }
  };
};

const underWay = ({ id, number, endpoint, candidate, control }: RolloutRecord): AppError =>
  new AppError(
    'conflict',
    `Rollout ${number} of ${candidate.model}/${candidate.version} is under way at ${endpoint} (${control.stage}): wait for its end, or roll it back`,
    { reason: 'rollout_under_way', details: { rolloutId: id, number } },
  );
