import type { Failure, PipelineRun } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { createLooks, type Tx } from '../platform/index.ts';
import { attemptStore } from './attempt-store.ts';
import { createAttempts } from './attempts.ts';
import { endRun } from './end-run.ts';
import { cancelledBecause, endStep } from './end-step.ts';
import { type PipelineRunRow, pipelineRunStore } from './pipeline-run-store.ts';
import { endOf, hopelessSteps, readySteps } from './plan-order.ts';
import { resolveStep } from './resolve.ts';
import { decideStep, isTerminal } from './step.ts';
import { type StepRunRow, stepRunStore } from './step-run-store.ts';
import { createTakeStep } from './take-step.ts';
import { type Conducting, stateOf } from './turn.ts';

/**
 * Drives every running pipeline run: each look takes what the database says, moves what can move, and comes back when
 * something has ended. Nothing that matters is held in memory, so a new server goes on where a killed one stood.
 */
export const createConductor = (deps: Conducting) => {
  const { db, events, clock, log, executor } = deps;
  const closing = new AbortController();
  const attempts = createAttempts(deps, { settled: () => wakeAll() });
  const take = createTakeStep(deps, attempts);

  const looks = createLooks({ clock, log, look: (runId) => look(runId), retryMs: 2000, complaint: 'a pipeline run could not be advanced' });
  const wakeAll = (): void => {
    void pipelineRunStore(db.read)
      .active()
      .then((ids) => ids.forEach(looks.hint))
      .catch((error: unknown) => log.error('running pipeline runs could not be read', { error }));
  };
  const look = async (runId: string): Promise<void> => {
    for (let moved = true; moved && !closing.signal.aborted;) {
      moved = false;
      const pipelineRuns = pipelineRunStore(db.read);
      const run = await pipelineRuns.find(runId);
      if (!run || run.status !== 'running') return;
      const project = await pipelineRuns.projectOf(run.project_id);
      const rows = new Map((await stepRunStore(db.read).of(runId)).map((row) => [row.step, row]));
      const statuses = new Map([...rows].map(([step, { status }]) => [step, status]));

      for (const { id } of hopelessSteps(run.plan, statuses)) {
        const about = { run, project, row: rows.get(id)! };
        const change = cancelledBecause('A step before it did not succeed', 'upstream');
        moved = (await db.write((tx) => endStep(tx, { events, at: clock.now() }, { about, change }))) || moved;
      }
      if (moved) continue;
      const status = endOf(statuses);
      if (status) return end({ project, run }, [...rows.values()], status);
      for (const planned of readySteps(run.plan, statuses)) {
        const row = rows.get(planned.id)!;
        const waitMs = row.not_before === null ? 0 : Date.parse(row.not_before) - clock.now().getTime();
        if (waitMs > 0) looks.later(runId, new Date(row.not_before!));
        else moved = (await take({ run, project, planned, row, resolved: resolveStep(planned, { run, rows }) })) || moved;
      }
    }
  };

  const end = async (
    { project, run }: { project: ProjectRef; run: PipelineRunRow },
    rows: readonly StepRunRow[],
    status: Exclude<PipelineRun['status'], 'running'>,
  ): Promise<void> => {
    const outputs = Object.fromEntries(
      Object.entries(run.plan.outputs).flatMap(([name, ref]) => {
        const artifact = ref.from === 'step' ? rows.find(({ step }) => step === ref.id)?.outputs[ref.output] : undefined;
        return artifact ? [[name, artifact]] : [];
      }),
    );
    await db.write(async (tx) => {
      const at = clock.now();
      if (!(await pipelineRunStore(tx).end(run.id, { status, ended_at: at.toISOString(), outputs }))) return;
      if (run.run_id)
        await endRun(deps.runs, project, {
          id: run.run_id,
          status: status === 'succeeded' ? 'finished' : status === 'failed' ? 'failed' : 'killed',
        });
      await events.record(tx, {
        type: 'pipeline_run.ended',
        project,
        subject: { type: 'pipeline-run', id: run.id },
        actor: 'system',
        correlationId: run.correlation_id,
        data: {
          pipeline: run.pipeline,
          number: run.number,
          status,
          cached: rows.filter((row) => row.status === 'cached').length,
          steps: rows.length,
          seconds: (at.getTime() - Date.parse(run.started_at)) / 1000,
        },
      });
    });
  };

  const lose = async (tx: Tx, row: StepRunRow): Promise<void> => {
    const pipelineRuns = pipelineRunStore(tx);
    const run = (await pipelineRuns.find(row.pipeline_run_id))!;
    const project = await pipelineRuns.projectOf(row.project_id);
    const planned = run.plan.steps.find(({ id }) => id === row.step)!;
    const at = clock.now();
    const failure: Failure = {
      kind: 'infrastructure',
      retryable: true,
      message: 'The server stopped while this attempt ran',
      reason: 'lost',
    };
    const { status } = decideStep(stateOf({ row, planned }), { kind: 'lost' });
    const moved = isTerminal(status)
      ? await endStep(tx, { events, at }, { about: { run, project, row }, change: { status, flight: null, failure } })
      : await stepRunStore(tx).move(row, { status, flight: null });
    if (!moved) return;
    await attemptStore(tx).end(row.id, row.attempt, { status: 'lost', ended_at: at.toISOString(), failure, run_id: row.run_id });
    if (row.run_id && row.status === 'running') await endRun(deps.runs, project, { id: row.run_id, status: 'killed' });
  };

  return {
    wake: looks.hint,
    /** After a start: attempts that were under way died with the server that ran them. */
    recover: async (): Promise<void> => {
      for (const row of await stepRunStore(db.read).underWay()) await db.write((tx) => lose(tx, row));
      wakeAll();
    },
    cancelAttempts: (rows: readonly StepRunRow[], reason: string): void => rows.forEach((row) => attempts.cancel(row, reason)),
    progressOf: attempts.progressOf,
    close: async (): Promise<void> => {
      closing.abort();
      await looks.close();
      await executor.close();
      await attempts.close();
    },
  };
};
export type Conductor = ReturnType<typeof createConductor>;
