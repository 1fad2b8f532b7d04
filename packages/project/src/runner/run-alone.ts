import { rm, realpath } from 'node:fs/promises';
import { open as openInspector } from 'node:inspector';
import { join } from 'node:path';
import { AppError, invalid } from '@boucle/contract';
import { codeOf } from '../bundle/code-digest.ts';
import type { Evaluated, EvaluatedPlan } from '../bundle/describe-project.ts';
import { evaluateConfig } from '../bundle/evaluate-config.ts';
import type { Attempt, StepHooks } from './attempt.ts';
import { seedOf } from './cache-key.ts';
import { placeInput } from './place-input.ts';
import { carryOut } from './run-step.ts';
import { type StepResult, attemptLayout, contentOf } from './step-spec.ts';

export interface AloneOptions {
  /** Files by input: CSV, TSV or Parquet for a table, JSON for a value, a folder for a model, or the folder of an artifact. */
  readonly inputs?: Readonly<Record<string, string | readonly string[]>>;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Wait for a debugger before the step's code is loaded. */
  readonly inspect?: boolean;
  readonly hooks?: StepHooks;
}
export interface AloneResult {
  readonly result: StepResult;
  /** Where each output lies. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs one step of a plan in this process, `training.clean`: the project's own files, where they stand, so that breakpoints hold. */
export const runAlone = async (
  givenFolder: string,
  name: string,
  { inputs = {}, params = {}, inspect = false, hooks = {} }: AloneOptions = {},
): Promise<AloneResult> => {
  const folder = await realpath(givenFolder);
  const project = await evaluateConfig(folder);
  const planned = findPlanned(project, name);
  const { plan, step } = planned;
  const attempt = join(folder, '.boucle', 'alone', name);
  const layout = { ...attemptLayout(attempt), bundle: folder };
  await rm(attempt, { recursive: true, force: true });

  const placed: Record<string, Attempt['spec']['inputs'][string]> = {};
  for (const [input, port] of Object.entries(step.ports.inputs)) {
    const given = [inputs[input] ?? []].flat();
    if (given.length === 0 && !port.many) throw missingInput(name, step, inputs);
    placed[input] = given.map(() => ({ kind: port.kind }));
    for (const [i, path] of given.entries())
      await placeInput(path, layout.input(input, i), { input, port, dataset: datasetOf(project, planned, input) });
  }
  const spec: Attempt['spec'] = {
    format: 'boucle.step/1',
    ...step,
    codeDigest: (await codeOf(step, folder)).digest,
    bundle: null,
    inputs: placed,
    params: resolveParams(plan, step, params),
    seed: seedOf(name),
    limits: {},
  };
  if (inspect) openInspector(undefined, '127.0.0.1', true);
  const result = await carryOut({ spec, layout, hooks: { secret: (secret) => process.env[secret], ...hooks } });
  const outputs = Object.entries(step.ports.outputs).map(([output, { kind }]) => [output, join(layout.output(output), contentOf[kind])]);
  return { result, outputs: Object.fromEntries(outputs) as Record<string, string> };
};

type Step = EvaluatedPlan['steps'][number];
interface Planned {
  readonly plan: EvaluatedPlan;
  readonly step: Step;
}

const findPlanned = ({ pipelines }: Evaluated, name: string): Planned => {
  const names: string[] = [];
  for (const plan of pipelines) {
    for (const step of plan.steps) {
      if (`${plan.pipeline}.${step.id}` === name) return { plan, step };
      names.push(`${plan.pipeline}.${step.id}`);
    }
  }
  throw new AppError('not_found', `There is no step ${name}; there are ${names.join(', ')}`, { reason: 'unknown_step' });
};

const missingInput = (name: string, { ports }: Step, given: Readonly<Record<string, unknown>>) => {
  const wanted = Object.entries(ports.inputs).filter(([input]) => !(input in given));
  const said = wanted.map(([input, { kind }]) => `--input ${input}=<${kind}>`).join(' ');
  return invalid(`${name} needs ${wanted.map(([input]) => `"${input}"`).join(' and ')}: say ${said}`, 'input_missing');
};

/** What is known of a table that comes straight from a dataset: names, types and key of its columns. */
const datasetOf = (project: Evaluated, { plan, step }: Planned, input: string) => {
  const [ref] = step.inputs[input] ?? [];
  const dataset = ref?.from === 'input' ? plan.inputs[ref.name]?.dataset : undefined;
  return project.datasets.find((one) => one.name === dataset);
};

const resolveParams = (plan: EvaluatedPlan, step: Step, given: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  for (const name of Object.keys(given)) {
    if (!(name in step.params))
      throw invalid(`The step has no parameter "${name}"; it has ${Object.keys(step.params).join(', ') || 'none'}`, 'unknown_param');
  }
  const { properties = {} } = plan.params as { properties?: Record<string, { default?: unknown }> };
  const valueOf = (param: Step['params'][string]): unknown => {
    if ('value' in param) return param.value;
    return param.from === 'param' ? properties[param.name]?.default : undefined;
  };
  return Object.fromEntries(Object.entries(step.params).map(([name, param]) => [name, given[name] ?? valueOf(param)]));
};
