import type { StepArtifact } from '@boucle/contract';
import { cacheKeyOf } from '@boucle/project/runner';
import { isDuplicate } from '../platform/index.ts';
import type { Attempts } from './attempts.ts';
import { isCacheable, keyPartsOf } from './cache-key.ts';
import { cacheStore } from './cache-store.ts';
import { createEffects } from './effects.ts';
import { endStep } from './end-step.ts';
import { decideStep } from './step.ts';
import { type StepRunRow, stepRunStore } from './step-run-store.ts';
import { type Conducting, type Turn, aboutStep, stateOf } from './turn.ts';

/** One step's turn: an effect, a hit, or an attempt. False where it has to wait for another step run with the same key. */
export const createTakeStep = (deps: Conducting, attempts: Pick<Attempts, 'begin'>) => {
  const { db, events, clock, blobs } = deps;
  const effects = createEffects(deps);

  /** Before a hit, outputs are checked to exist and to match their digests. */
  const isWhole = async (outputs: Readonly<Record<string, StepArtifact>>): Promise<boolean> => {
    try {
      for (const { tree } of Object.values(outputs)) {
        for (const { blob } of await blobs.tree(tree as `tree:${string}`)) if (!(await blobs.verify(blob))) return false;
      }
      return true;
    } catch {
      return false; // not there, or its listing is damaged: the step runs again
    }
  };

  const hit = (
    turn: Turn,
    { key, parts, held }: { key: string; parts: StepRunRow['key_parts']; held: { step_run_id: string; outputs: StepRunRow['outputs'] } },
  ): Promise<boolean> =>
    db.write(async (tx) => {
      const at = clock.now();
      const first = await stepRunStore(tx).find(held.step_run_id);
      const change = {
        status: decideStep(stateOf(turn), { kind: 'hit' }).status,
        cache_key: key,
        key_parts: parts,
        cached_from: held.step_run_id,
        run_id: first?.run_id ?? null,
        inputs: turn.resolved.inputs,
        outputs: held.outputs,
        failure: null,
        started_at: at.toISOString(),
      };
      return endStep(tx, { events, at }, { about: turn, change });
    });

  return async (turn: Turn): Promise<boolean> => {
    const { run, planned, row, resolved } = turn;
    if ('effect' in planned.code) return effects.carryOut(turn);
    const parts = row.key_parts ?? keyPartsOf(planned, resolved, run.salt);
    const key = row.cache_key ?? cacheKeyOf(parts);
    const cacheable = isCacheable(planned) && run.use_cache === 1;
    let uncached: StepRunRow['uncached_because'] = cacheable ? null : run.use_cache === 1 ? 'never' : 'asked';
    if (cacheable) {
      const held = await cacheStore(db.read).find(run.project_id, key);
      if (held && (await isWhole(held.outputs))) return hit(turn, { key, parts, held });
      if (held) {
        uncached = 'outputs_missing';
        await db.write((tx) => cacheStore(tx).forget(run.project_id, key));
      }
    }
    const claim: Partial<StepRunRow> = {
      status: decideStep(stateOf(turn), { kind: 'claimed' }).status,
      cache_key: key,
      key_parts: parts,
      uncached_because: uncached,
      flight: cacheable ? key : null,
      inputs: resolved.inputs,
      queued_at: clock.now().toISOString(),
    };
    try {
      const claimed = await db.write(async (tx) => {
        if (!(await stepRunStore(tx).move(row, claim))) return false;
        await events.record(tx, { ...aboutStep(turn), type: 'step_run.queued', data: { pipelineRunId: run.id, step: planned.id } });
        return true;
      });
      if (claimed) attempts.begin({ ...turn, row: { ...row, ...claim } });
      return claimed;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  };
};
