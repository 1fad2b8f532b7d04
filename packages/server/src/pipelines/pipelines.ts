import {
  AppError,
  type BlobDigest,
  type DatasetVersion,
  type Manifest,
  notFound,
  type Pipeline,
  type PipelineRun,
  type Plan,
  type RowsDigest,
  type StepArtifact,
  type StepRun,
  type Why,
} from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import { newId } from '../platform/index.ts';
import { createBeginPipelineRun } from './begin-pipeline-run.ts';
import { cacheStore } from './cache-store.ts';
import { createConductor } from './conductor.ts';
import { cancelledBecause, endStep } from './end-step.ts';
import { tableArtifact } from './made-artifacts.ts';
import { type PipelineRunQuery, type PipelineRunRow, pipelineRunStore, summaryOf } from './pipeline-run-store.ts';
import { type StepRunRow, stepRunOf, stepRunStore } from './step-run-store.ts';
import { isTerminal } from './step.ts';
import { resolveParams } from './params.ts';
import type { Conducting } from './turn.ts';
import { explain } from './why.ts';

interface Started {
  readonly pipeline: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Version numbers; the latest where none is said. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly salt: string;
  readonly cache: boolean;
  readonly correlationId?: string | undefined;
  readonly key?: string | undefined;
}
export interface PipelinesDeps extends Conducting {
  readonly manifestOf: (actor: Actor) => Promise<{ id: string; manifest: Manifest }>;
  readonly datasetVersion: (actor: Actor, dataset: string, number: number | 'latest') => Promise<DatasetVersion>;
}

export const createPipelines = (deps: PipelinesDeps) => {
  const { db, events, clock, blobs, executor } = deps;
  const conductor = createConductor(deps);
  const begin = createBeginPipelineRun(deps, conductor);
  const pipelineRuns = pipelineRunStore(db.read);
  const stepRuns = stepRunStore(db.read);

  const planOf = async (actor: Actor, name: string) => {
    const { id, manifest } = await deps.manifestOf(actor);
    const plan = manifest.pipelines.find(({ pipeline }) => pipeline === name);
    if (plan) return { manifestId: id, plan };
    const known = manifest.pipelines.map(({ pipeline }) => pipeline).join(', ') || 'none';
    throw new AppError('not_found', `There is no pipeline ${name} in the manifest in force; there are: ${known}`, {
      reason: 'unknown_pipeline',
      details: { what: 'pipeline', id: name },
    });
  };

  const inputsOf = async (actor: Actor, plan: Plan, asked: Started['inputs']): Promise<PipelineRunRow['inputs']> => {
    for (const name of Object.keys(asked)) {
      if (!Object.hasOwn(plan.inputs, name))
        throw new AppError(
          'invalid_request',
          `Pipeline ${plan.pipeline} has no input "${name}"; it has: ${Object.keys(plan.inputs).join(', ') || 'none'}`,
          { reason: 'unknown_input' },
        );
    }
    const resolved = Object.entries(plan.inputs).map(async ([name, { dataset }]) => {
      const version = await deps.datasetVersion(actor, dataset, asked[name] ?? 'latest');
      const artifact = await tableArtifact(blobs, {
        blob: version.blob as BlobDigest,
        size: version.bytes,
        rows: version.rows,
        digest: version.digest as RowsDigest,
      });
      return [name, { dataset, number: version.number, digest: version.digest, artifact }] as const;
    });
    return Object.fromEntries(await Promise.all(resolved));
  };

  const getRun = async (projectId: string, id: string, projectName: string): Promise<PipelineRun> => {
    const row = await pipelineRuns.find(id, projectId);
    if (!row) throw notFound('pipeline run', id);
    const steps = await stepRuns.of(id);
    const inputs = Object.fromEntries(
      Object.entries(row.inputs).map(([name, { dataset, number, digest }]) => [name, { dataset, number, digest }]),
    );
    return {
      ...summaryOf(row, projectName),
      manifestId: row.manifest_id,
      plan: row.plan,
      params: row.params,
      inputs,
      runId: row.run_id,
      outputs: row.outputs,
      startedBy: row.started_by,
      steps: steps.map((step) => stepRunOf(step, projectName, conductor.progressOf(step.id))),
    };
  };
  const findStep = async (actor: Actor, id: string): Promise<StepRunRow> => {
    const row = await stepRuns.find(id, actor.project.id);
    if (!row) throw notFound('step run', id);
    return row;
  };

  return {
    start: async (actor: Actor, started: Started): Promise<PipelineRun> => {
      const { manifestId, plan } = await planOf(actor, started.pipeline);
      const params = resolveParams(plan, started.params);
      const inputs = await inputsOf(actor, plan, started.inputs);
      const row = {
        pipeline: plan.pipeline,
        manifest_id: manifestId,
        plan,
        params,
        inputs,
        salt: started.salt,
        use_cache: started.cache ? 1 : 0,
        reproduces: null,
        correlation_id: started.correlationId ?? newId(),
      };
      const { key, correlationId: _, ...asked } = started;
      return getRun(actor.project.id, await begin(actor, row, { key, asked }), actor.project.name);
    },
    /** Carries one step run out again: the same plan, inputs, parameters and seed, without the cache. */
    repeat: async (actor: Actor, stepRunId: string, key: string | undefined): Promise<string> => {
      const step = await findStep(actor, stepRunId);
      const original = await pipelineRuns.find(step.pipeline_run_id);
      const planned = original?.plan.steps.find(({ id }) => id === step.step);
      if (!original || !planned || step.inputs === null || step.cache_key === null || !isTerminal(step.status)) {
        throw new AppError('failed_precondition', `Step run ${stepRunId} has not ended with outputs, so there is nothing to compare with`, {
          reason: 'not_reproducible',
        });
      }
      const alone = {
        ...planned,
        inputs: {},
        params: Object.fromEntries(Object.entries(step.key_parts!.params).map(([name, value]) => [name, { value }])),
        // Its Run belongs beside the first one; the seed comes from the recorded key.
        options: { ...planned.options, experiment: planned.options.experiment ?? original.pipeline },
      };
      const plan: Plan = {
        ...original.plan,
        steps: [alone],
        outputs: Object.fromEntries(Object.keys(step.outputs).map((output) => [output, { from: 'step', id: alone.id, output }])),
      };
      const row = {
        pipeline: original.pipeline,
        manifest_id: original.manifest_id,
        plan,
        params: {},
        inputs: original.inputs,
        salt: original.salt,
        use_cache: 0,
        reproduces: step.id,
        correlation_id: original.correlation_id,
      };
      return begin(actor, row, {
        key,
        asked: { stepRunId },
        step: { inputs: step.inputs, cache_key: step.cache_key, key_parts: step.key_parts },
      });
    },
    get: (actor: Actor, id: string): Promise<PipelineRun> => getRun(actor.project.id, id, actor.project.name),
    list: ({ project }: Actor, query: PipelineRunQuery) => pipelineRuns.list(project, query),
    pipelines: async (actor: Actor): Promise<Pipeline[]> => {
      const { id, manifest } = await deps.manifestOf(actor);
      return Promise.all(
        manifest.pipelines.map(async (plan) => {
          const { items } = await pipelineRuns.list(actor.project, { limit: 1, pipeline: plan.pipeline });
          return {
            project: actor.project.name,
            name: plan.pipeline,
            manifestId: id,
            plan,
            lastRun: items[0] ?? null,
          };
        }),
      );
    },
    latest: async (actor: Actor): Promise<PipelineRun | undefined> => {
      const [last] = (await pipelineRuns.list(actor.project, { limit: 1 })).items;
      return last && getRun(actor.project.id, last.id, actor.project.name);
    },
    cancel: async (actor: Actor, id: string): Promise<PipelineRun> => {
      const run = await pipelineRuns.find(id, actor.project.id);
      if (!run) throw notFound('pipeline run', id);
      if (run.status !== 'running')
        throw new AppError('failed_precondition', `Pipeline run ${id} has ended: it ${run.status}`, { reason: 'run_ended' });
      const underWay = await db.write(async (tx) => {
        const steps = stepRunStore(tx);
        const change = cancelledBecause(`Cancelled by ${actor.id}`, 'cancelled');
        for (const row of await steps.of(id)) {
          if (row.status === 'waiting')
            await endStep(tx, { events, at: clock.now(), by: actor.id }, { about: { run, project: actor.project, row }, change });
        }
        // Read again: a step may have come to its turn while the others were cancelled.
        return (await steps.of(id)).filter(({ status }) => status === 'queued' || status === 'running');
      });
      conductor.cancelAttempts(underWay, `cancelled by ${actor.id}`);
      conductor.wake(id);
      return getRun(actor.project.id, id, actor.project.name);
    },
    step: async (actor: Actor, id: string): Promise<StepRun> =>
      stepRunOf(await findStep(actor, id), actor.project.name, conductor.progressOf(id)),
    /** What went into a step run, for lineage. */
    stepInputs: async (actor: Actor, id: string): Promise<Readonly<Record<string, readonly StepArtifact[]>>> =>
      (await findStep(actor, id)).inputs ?? {},
    why: async (actor: Actor, id: string): Promise<Why> => {
      const step = await findStep(actor, id);
      const run = await pipelineRuns.find(step.pipeline_run_id);
      const earlier = await stepRuns.earlier(actor.project.id, { step: step.step, pipeline: run!.pipeline, before: step.id });
      const held = earlier && (await cacheStore(db.read).find(actor.project.id, earlier.key)) !== undefined;
      return explain({ step, earlier: earlier && { ...earlier, held: held === true } });
    },
    log: async (actor: Actor, id: string, { attempt, offset, limit }: { attempt?: number | undefined; offset: number; limit: number }) => {
      const step = await findStep(actor, id);
      const first = step.cached_from === null ? step : await findStep(actor, step.cached_from);
      const number = attempt ?? Math.max(1, first.attempt);
      const said = await executor.readLog(`${first.id}-${number}`, offset, limit);
      return { attempt: number, ...said, complete: said.complete && (isTerminal(first.status) || number < first.attempt) };
    },
    /** After a start: goes on with what was running. */
    recover: conductor.recover,
    close: conductor.close,
  };
};
export type Pipelines = ReturnType<typeof createPipelines>;
