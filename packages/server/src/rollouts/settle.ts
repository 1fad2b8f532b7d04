import { AppError, type RolloutVerdict, type Variant } from '@boucle/contract';
import { systemActor } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { Decided } from './decide.ts';
import { type Chunk, evidenceStore, type Pair } from './evidence-store.ts';
import { type Facts, factsOf } from './facts.ts';
import type { RolloutParts } from './ports.ts';
import { aboutRollout, type RolloutChange, type RolloutRecord } from './rollout-record.ts';
import { rolloutStore } from './rollout-store.ts';
import { type Move, moved } from './stages.ts';

/** What a look has seen; written with what is decided from it. */
export interface Seen {
  readonly change: RolloutChange;
  readonly chunk?: Chunk | undefined;
  readonly kinds?: ReadonlyMap<string, number>;
  readonly pairs?: readonly Pair[];
}
interface Told extends Decided {
  readonly by: string;
  readonly at: Date;
  readonly paused?: boolean;
  /** What answers is left as it is: somebody else decided it, or nothing was routed yet. */
  readonly leaveRouting?: boolean;
}

/** Evidence, verdict, routing, alias and news in one write: after a crash either all of it happened, or none. */
export const createSettle = ({ db, events, serving, setAlias, approvals }: RolloutParts) => {
  const settle = (before: RolloutRecord, seen: Seen, told?: Told): Promise<RolloutRecord> =>
    db.write(async (tx) => {
      // First of all, so that of two who decide at once one waits, and then finds that it came too late.
      if (!(await rolloutStore(tx).fence(before))) throw changedMeanwhile(before);
      const store = evidenceStore(tx, before.id);
      const known = { ...before, ...seen.change };
      if (seen.kinds) await store.setKinds(seen.kinds);
      if (seen.pairs) await store.addPairs(seen.pairs);
      if (seen.chunk) await store.addChunk(seen.chunk);
      if (!told) return rolloutStore(tx).change(before, seen.change);

      const verdict = verdictOf(known, told);
      const { move, kind, message, at, by } = told;
      const { control } = verdict;
      const isEnd = move.stage === 'ended';
      const routes = told.leaveRouting ? known.routes : await route(known, move, by);
      await store.addVerdict(verdict);
      const after = await rolloutStore(tx).change(before, {
        ...seen.change,
        control,
        routes,
        message,
        status: control.paused && !isEnd ? 'paused' : move.status,
        verdicts: verdict.number,
        endedAt: isEnd ? at.toISOString() : null,
      });
      if (isEnd) await approvals.withdraw(tx, after.project, { type: 'rollout', id: after.id });
      await tell(tx, after, { kind, message, by, isEnd });
      return after;
    });

  /** Routes as the move says, and points the alias at what answers by it. */
  const route = async (record: RolloutRecord, move: Move, by: string): Promise<RolloutRecord['routes']> => {
    const actor = { ...systemActor(record.project), id: by };
    const { endpoint, candidate, baseline, alias, correlationId, control } = record;
    const isCandidates = move.stage === 'watch' || move.status === 'promoted';
    const wasCandidates = control.stage === 'watch';
    const champion = isCandidates ? candidate : wasCandidates ? baseline : null;
    if (alias !== null && champion !== null && isCandidates !== wasCandidates) {
      const name = alias.slice(alias.lastIndexOf('@') + 1);
      await setAlias(actor, { model: champion.model, alias: name, number: champion.version }, correlationId);
    }
    const isSame = move.stage === control.stage && move.share === control.share;
    const variants = isSame ? undefined : variantsOf(record, move);
    const last = record.routes.at(-1);
    if (!variants || !last) return record.routes;
    const { id } = await serving.reroute({
      actor,
      endpoint,
      expectDeploymentId: last.deploymentId,
      variants,
      salt: record.policy.salt,
      rolloutId: record.id,
      correlationId,
    });
    return [...record.routes, { deploymentId: id, share: move.share }];
  };

  const tell = async (
    tx: Tx,
    record: RolloutRecord,
    { kind, message, by, isEnd }: { kind: RolloutVerdict['kind']; message: string; by: string; isEnd: boolean },
  ): Promise<void> => {
    const { endpoint, number, control, status, candidate, baseline } = record;
    const about = aboutRollout(record, by);
    const named = { endpoint, number };
    if (kind === 'pause' || kind === 'resume') {
      await events.record(tx, {
        ...about,
        type: kind === 'pause' ? 'rollout.paused' : 'rollout.resumed',
        data: { ...named, reason: message },
      });
      return;
    }
    if (kind === 'promote' || kind === 'roll_back' || kind === 'end' || kind === 'finding') {
      const data = { ...named, verdict: kind === 'end' ? status : kind, message, at: record.comparison.seq };
      await events.record(tx, { ...about, type: 'rollout.decided', data });
    } else if (!isEnd) {
      await events.record(tx, {
        ...about,
        type: 'rollout.stepped',
        data: { ...named, stage: control.stage, share: control.share, message },
      });
    }
    if (isEnd) {
      const version = (status === 'promoted' ? candidate : baseline)?.version ?? null;
      await events.record(tx, { ...about, type: 'rollout.ended', data: { ...named, status, message, version } });
    }
  };
  return settle;
};
export type Settle = ReturnType<typeof createSettle>;

/** The verdict with what it knew, and where the rollout stands after it. */
const verdictOf = (known: RolloutRecord, { kind, message, move, by, at, paused }: Told) => {
  const { comparison, digest, chunks } = known;
  const facts: Facts = factsOf(comparison, known.control);
  const control = {
    ...moved(known.control, move, { now: at.getTime(), candidateUnits: comparison.arms.candidate.units }),
    paused: paused ?? known.control.paused,
  };
  return { number: known.verdicts + 1, kind, seq: comparison.seq, at: at.toISOString(), by, message, facts, digest, chunks, control };
};

type Routed = Pick<Variant, 'name' | 'mode' | 'share' | 'modelVersionId'>;
/** What answers at a stage; undefined where the stage routes nothing. The candidate stands last, so that it keeps its units. */
const variantsOf = ({ candidate, baseline, kind, policy }: RolloutRecord, move: Move): Routed[] | undefined => {
  const of = (name: string, { modelVersionId }: { modelVersionId: string }, share: number): Routed => ({
    name,
    mode: 'live',
    share,
    modelVersionId,
  });
  const inShadow = (routed: Routed): Routed => ({ ...routed, mode: 'shadow' });
  if (baseline === null) return undefined;
  switch (move.stage) {
    case 'shadow':
      return [of('baseline', baseline, 1), inShadow(of('candidate', candidate, policy.shadow!.share))];
    case 'canary':
      return [of('baseline', baseline, 1 - move.share), of('candidate', candidate, move.share)];
    case 'watch':
      // Asked the same beside it, the former version shows what has become worse; else it is kept ready.
      return [kind === 'blue_green' ? inShadow(of('baseline', baseline, 1)) : of('baseline', baseline, 0), of('candidate', candidate, 1)];
    case 'ended':
      return [of('main', move.status === 'promoted' ? candidate : baseline, 1)];
    default:
      return undefined;
  }
};

const changedMeanwhile = ({ endpoint, number }: RolloutRecord): AppError =>
  new AppError('conflict', `Rollout ${number} of ${endpoint} changed in the same moment: look at it, and ask again`, {
    reason: 'rollout_changed',
  });
