import type { Actor } from '../governance/index.ts';
import { newId, once } from '../platform/index.ts';
import { pipelineRunRunOf } from './attempt-run.ts';
import type { Conductor } from './conductor.ts';
import { type PipelineRunRow, pipelineRunStore } from './pipeline-run-store.ts';
import { type StepRunRow, stepRunStore } from './step-run-store.ts';
import type { Conducting } from './turn.ts';

type Parts = Pick<Conducting, 'db' | 'events' | 'clock' | 'runs'>;

/** Writes a pipeline run and its steps, all waiting, and lets the conductor know. */
export const createBeginPipelineRun =
  ({ db, events, clock, runs }: Parts, conductor: Pick<Conductor, 'wake'>) =>
  async (
    actor: Actor,
    row: Omit<PipelineRunRow, 'id' | 'project_id' | 'number' | 'status' | 'run_id' | 'outputs' | 'started_at' | 'ended_at' | 'started_by'>,
    { key, asked, step }: { key: string | undefined; asked: unknown; step?: Partial<StepRunRow> },
  ): Promise<string> => {
    const { project } = actor;
    const id = await db.write((tx) =>
      once(tx, { projectId: project.id, route: `pipelines:${row.reproduces ?? row.pipeline}`, key, asked }, clock, async () => {
        const pipelineRuns = pipelineRunStore(tx);
        const id = newId();
        const number = await pipelineRuns.nextNumber(project.id, row.pipeline);
        const { id: runId } = await runs.start(actor, pipelineRunRunOf({ ...row, number }));
        const run: PipelineRunRow = {
          ...row,
          id,
          project_id: project.id,
          number,
          status: 'running',
          run_id: runId,
          outputs: {},
          started_at: clock.now().toISOString(),
          ended_at: null,
          started_by: actor.id,
        };
        const steps = row.plan.steps.map((planned, position): StepRunRow => ({
          id: newId(),
          project_id: project.id,
          pipeline_run_id: id,
          position,
          step: planned.id,
          status: 'waiting',
          attempt: 0,
          not_before: null,
          cache_key: null,
          key_parts: null,
          uncached_because: null,
          flight: null,
          cached_from: null,
          run_id: null,
          inputs: null,
          outputs: {},
          failure: null,
          queued_at: null,
          started_at: null,
          ended_at: null,
          ...step,
        }));
        await pipelineRuns.insert(run);
        await stepRunStore(tx).insert(steps);
        await events.record(tx, {
          type: 'pipeline_run.started',
          project,
          subject: { type: 'pipeline-run', id },
          actor: actor.id,
          correlationId: row.correlation_id,
          data: { pipeline: row.pipeline, number, steps: steps.length },
        });
        return id;
      }),
    );
    conductor.wake(id);
    return id;
  };
