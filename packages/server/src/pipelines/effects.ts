import { AppError, type Failure, type StepArtifact, type TreeDigest, treeListing } from '@boucle/contract';
import { contentOf } from '@boucle/project/runner';
import { systemActor } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { NewVersion } from '../registry/index.ts';
import { evidenceOf } from './evidence.ts';
import { endStep } from './end-step.ts';
import { valueArtifact } from './made-artifacts.ts';
import { type StepRunRow, stepRunStore } from './step-run-store.ts';
import type { Conducting, Turn } from './turn.ts';

/**
 * Things done to the world. The server does them itself, in the write that ends the step, so that each happens once however
 * often the steps before were retried; none is cached.
 */
export const createEffects = ({ db, events, clock, versions, blobs }: Conducting) => {
  const register = async (turn: Turn) => {
    const { inputs, params } = turn.resolved;
    const model = inputs['model']![0]!;
    const name = params['name'] as string;
    const trainedBy = await stepRunStore(db.read)
      .of(turn.run.id)
      .then((rows) => rows.find(({ outputs }) => Object.values(outputs).some(({ tree }) => tree === model.tree)));
    const made = await versions.describe(await packageOf(model));
    const predictions = inputs['predictions']?.[0]?.digest ?? null;
    const version: NewVersion = {
      model: name,
      package: made,
      runId: trainedBy?.run_id ?? null,
      stepRunId: trainedBy?.cached_from ?? trainedBy?.id ?? null,
      evidence: evidenceOf(inputs['report']?.[0]?.value, predictions ?? made.digest),
      predictions,
      predictionsTree: inputs['predictions']?.[0]?.tree ?? null,
      correlationId: turn.run.correlation_id,
      ...(typeof params['alias'] === 'string' && params['alias'] !== '' && { alias: params['alias'] }),
    };
    return async () => ({ version: `${name}/${(await versions.register(systemActor(turn.project), version)).number}` });
  };

  /** A model is kept without the manifest that lies beside it: its package is a folder of its own. */
  const packageOf = async ({ tree, digest }: StepArtifact): Promise<TreeDigest> => {
    const inside = `${contentOf.model}/`;
    const entries = (await blobs.tree(tree as TreeDigest)).filter(({ path }) => path.startsWith(inside));
    await blobs.putBytes(treeListing(entries.map((entry) => ({ ...entry, path: entry.path.slice(inside.length) }))));
    return digest as TreeDigest;
  };

  const carryOut = async (turn: Turn): Promise<boolean> => {
    const { planned } = turn;
    const startedAt = clock.now();
    try {
      if (!('effect' in planned.code) || planned.code.effect !== 'register')
        throw new AppError('failed_precondition', `There is no effect of that name in this release: ${JSON.stringify(planned.code)}`, {
          reason: 'unknown_effect',
        });
      const commit = await register(turn);
      return await db.write(async (tx) => {
        const said = await commit();
        const outputs = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, valueArtifact(value)]));
        const moved = await end(tx, turn, { startedAt, status: 'succeeded', inputs: turn.resolved.inputs, outputs });
        if (!moved) throw new Superseded();
        return true;
      });
    } catch (error) {
      if (error instanceof Superseded) return false;
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      return fail(turn, error, startedAt);
    }
  };

  const fail = (turn: Turn, { message, reason }: AppError, startedAt: Date): Promise<boolean> => {
    const failure: Failure = { kind: 'user', retryable: false, message, ...(reason !== undefined && { reason }) };
    return db.write((tx) => end(tx, turn, { startedAt, status: 'failed', failure }));
  };

  const end = (tx: Tx, turn: Turn, { startedAt, ...said }: Pick<StepRunRow, 'status'> & Partial<StepRunRow> & { startedAt: Date }) => {
    const began = { attempt: turn.row.attempt + 1, queued_at: startedAt.toISOString(), started_at: startedAt.toISOString() };
    return endStep(tx, { events, at: clock.now() }, { about: turn, change: { ...began, uncached_because: 'effect', ...said } });
  };

  return { carryOut };
};

/** Somebody else moved the step meanwhile: all that the effect wrote is undone with it. */
class Superseded extends Error {}
