import { resolve } from 'node:path';
import type { PlannedStep } from '@boucle/contract';
import type { Evaluated } from '@boucle/project/bundle';
import { runAlone } from '@boucle/project/runner';
import { stepFailed } from './step-failed.ts';

type Paths = Readonly<Record<string, readonly string[]>>;
type Asked = Readonly<{ name: string; given: Paths }>;

/**
 * What a step is given when it runs by itself: what the caller names, else the declared source of a dataset, else what the step before it
 * leaves, which runs first. A name that is not known is left to the runner, which lists those that are.
 */
export const aloneInputs = async (
  folder: string,
  { project, announce }: { project: Evaluated; announce: (step: string) => void },
  { name, given }: Asked,
): Promise<Paths> => {
  const made = new Map<string, Promise<Readonly<Record<string, string>>>>();

  const inputsOf = async (pipeline: string, id: string, said: Paths): Promise<Paths> => {
    const plan = project.pipelines.find((one) => one.pipeline === pipeline);
    const step = plan?.steps.find((one) => one.id === id);
    if (!plan || !step) return said;
    const inputs: Record<string, readonly string[]> = { ...said };
    for (const [input, refs] of Object.entries(step.inputs)) {
      if (input in said) continue;
      const paths: string[] = [];
      for (const ref of refs) paths.push(...(await pathsOf(plan, ref)));
      if (paths.length > 0) inputs[input] = paths;
    }
    return inputs;
  };

  const pathsOf = async (plan: Evaluated['pipelines'][number], ref: PlannedStep['inputs'][string][number]): Promise<string[]> => {
    if (ref.from === 'step') {
      const path = (await outputsOf(plan.pipeline, ref.id))[ref.output];
      return path === undefined ? [] : [path];
    }
    const dataset = project.datasets.find((one) => one.name === plan.inputs[ref.name]?.dataset);
    return dataset ? [resolve(folder, dataset.source)] : [];
  };

  const outputsOf = (pipeline: string, id: string): Promise<Readonly<Record<string, string>>> => {
    const running = made.get(id) ?? runFirst(pipeline, id);
    made.set(id, running);
    return running;
  };
  const runFirst = async (pipeline: string, id: string): Promise<Readonly<Record<string, string>>> => {
    const inputs = await inputsOf(pipeline, id, {});
    announce(`${pipeline}.${id}`);
    const { result, outputs } = await runAlone(folder, `${pipeline}.${id}`, { inputs });
    if (result.status === 'failed') throw stepFailed(`${pipeline}.${id}`, result.failure);
    return outputs;
  };

  const [, pipeline = '', id = ''] = /^(.+?)\.(.+)$/.exec(name) ?? [];
  return inputsOf(pipeline, id, given);
};
