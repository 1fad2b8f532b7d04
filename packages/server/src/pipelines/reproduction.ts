import { AppError, notFound, type Run, type RouteOutput, type api } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import type { Pipelines } from './pipelines.ts';

interface Deps {
  readonly pipelines: Pipelines;
  readonly getRun: (actor: Actor, runId: string) => Promise<Run>;
}
type Reproduction = RouteOutput<typeof api.runs.reproduction>;

/** Running a run again, and what came of it. */
export const createReproductions = ({ pipelines, getRun }: Deps) => ({
  start: async (actor: Actor, runId: string, key: string | undefined): Promise<{ pipelineRunId: string }> => {
    const { stepRunId } = await getRun(actor, runId);
    if (stepRunId === null) {
      throw new AppError('failed_precondition', `Run ${runId} was not made by a step of a pipeline, so Boucle cannot make it again`, {
        reason: 'not_reproducible',
      });
    }
    return { pipelineRunId: await pipelines.repeat(actor, stepRunId, key) };
  },
  result: async (actor: Actor, runId: string, pipelineRunId: string): Promise<Reproduction> => {
    const [first, again] = await Promise.all([getRun(actor, runId), pipelines.get(actor, pipelineRunId)]);
    if (first.stepRunId === null) throw notFound('reproduction', pipelineRunId);
    const recorded = await pipelines.step(actor, first.stepRunId);
    const [step] = again.steps;
    const second = step?.runId ? await getRun(actor, step.runId) : undefined;
    const outputs = Object.entries(recorded.outputs).map(([output, { digest }]) => {
      const now = step?.outputs[output]?.digest ?? null;
      return { output, recorded: digest, again: now, equal: now === digest };
    });
    const state =
      again.status === 'running'
        ? 'running'
        : again.status !== 'succeeded'
          ? 'failed'
          : outputs.every(({ equal }) => equal)
            ? 'equal'
            : 'different';
    return {
      state,
      outputs,
      metrics: Object.entries(first.metrics).map(([key, value]) => ({ key, recorded: value, again: second?.metrics[key] ?? null })),
      environment: { recorded: first.environment, again: second?.environment ?? null },
    };
  },
});
export type Reproductions = ReturnType<typeof createReproductions>;
