import type { PlannedStep, Ref, StepArtifact } from '@boucle/contract';
import type { Resolved } from './cache-key.ts';
import type { PipelineRunRow } from './pipeline-run-store.ts';
import type { StepRunRow } from './step-run-store.ts';

interface Known {
  readonly run: Pick<PipelineRunRow, 'inputs' | 'params'>;
  readonly rows: ReadonlyMap<string, Pick<StepRunRow, 'outputs' | 'inputs'>>;
}

/** Turns references into what they stand for, once the steps before have ended. A reproduction has its inputs from the start. */
export const resolveStep = (step: PlannedStep, { run, rows }: Known): Resolved => {
  const outputOf = (id: string, output: string): StepArtifact => {
    const artifact = rows.get(id)?.outputs[output];
    if (!artifact) throw new Error(`Step ${step.id} takes "${output}" of ${id}, which has no such output`);
    return artifact;
  };
  const artifactOf = (ref: Ref): StepArtifact => {
    if (ref.from === 'step') return outputOf(ref.id, ref.output);
    if (ref.from === 'input') return run.inputs[ref.name]!.artifact;
    throw new Error(`Step ${step.id} takes parameter ${ref.name} where a table or folder is wanted`);
  };
  const valueOf = (param: Ref | { value: unknown }): unknown => {
    if ('value' in param) return param.value;
    if (param.from === 'step') return outputOf(param.id, param.output).value;
    return run.params[param.name];
  };
  const pinned = rows.get(step.id)?.inputs;
  return {
    inputs: pinned ?? Object.fromEntries(Object.entries(step.inputs).map(([name, refs]) => [name, refs.map(artifactOf)])),
    params: Object.fromEntries(Object.entries(step.params).map(([name, param]) => [name, valueOf(param) ?? null])),
  };
};
