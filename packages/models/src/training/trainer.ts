import { invalid } from '@boucle/contract';
import type { TrainingProgram } from '../autodiff/index.ts';
import { createArena } from './arena.ts';
import { createMemory } from './kernels/kernels.ts';
import type { LearnerSettings, Request, StepResult } from './learner.ts';
import type { Recipe } from './recipe.ts';
import type { Optimizer } from './optimizers.ts';
import type { BatchInputs } from './program-session.ts';
import { constant, type Schedule } from './schedules.ts';
import { startThread, type Thread } from './thread.ts';
import type { ParameterSettings } from './update.ts';

/** What one run of a program takes: sizes that choose the program, and its inputs by name. */
export interface Batch {
  readonly dims: Readonly<Record<string, number>>;
  readonly inputs: BatchInputs;
}

export interface TrainerOptions {
  /** The program for such sizes; asked once for each. */
  readonly programs: (dims: Batch['dims']) => TrainingProgram;
  /** First values of all parameters. They are copied. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly optimizer: Optimizer;
  /** Default: the rate stays as it is. */
  readonly schedule?: Schedule;
  /** Gradients are scaled down together to at most this norm (Pascanu et al. 2013). Default: as they are. */
  readonly clipNorm?: number;
  /** Of dropout. */
  readonly seed: number;
  /** Of one run. More than one does not change results. Default 1. */
  readonly threads?: number;
  /** A factor of the rate, 0 to leave the parameter as it is, and a weight decay of its own. */
  readonly parameter?: (name: string) => Partial<ParameterSettings>;
  /** Whole numbers of these inputs are from 0 to below the bound: labels below the classes, ids below the vocabulary. */
  readonly bounds?: Readonly<Record<string, number>>;
}

/** Training in a thread of its own: the caller's event loop stays free. Calls are carried out one after the other. */
export interface Trainer {
  /**
   * One update by the mean gradient of a batch, or of several (accumulation). When the signal aborts, the call ends with its reason after
   * the run at hand, and nothing has changed. What is not finite: failed_precondition, `not_finite`, and nothing has changed.
   */
  readonly step: (batch: Batch | readonly Batch[], signal?: AbortSignal) => Promise<StepResult>;
  /** A copy of the weights as they are. */
  readonly weights: () => Map<string, Float32Array>;
  /** Remembers the weights as they are, in place of those remembered before. */
  readonly keep: () => Promise<void>;
  /** Puts the remembered weights back, if there are any. */
  readonly restore: () => Promise<void>;
  /** Writes a checkpoint with everything that the next step depends on, and whatever the caller wants to find again (JSON). */
  readonly save: (folder: string, progress?: unknown) => Promise<void>;
  /** Continues from the checkpoint in the folder, bit for bit; without one undefined. Another recipe: invalid_request, `other_training`. */
  readonly resume: (folder: string) => Promise<{ readonly progress: unknown } | undefined>;
  /** Ends the thread, also in the middle of a step. */
  readonly close: () => Promise<void>;
}

/** `start` is for tests, which can do without a thread. */
export const createTrainer = async (
  options: TrainerOptions,
  start: (settings: LearnerSettings) => Thread = startThread,
): Promise<Trainer> => {
  const { programs, weights, bounds = {}, threads = 1 } = options;
  const { settings, views } = layOut(weights, recipeOf(options), threads);
  const thread = start(settings);
  const call = (request: Request, signal?: AbortSignal): Promise<unknown> => thread.call(request, signal);

  const known = new Map<string, Promise<unknown>>();
  const load = (dims: Batch['dims']): [key: string, loaded: Promise<unknown>] => {
    const key = JSON.stringify(Object.entries(dims).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (!known.has(key)) known.set(key, call({ kind: 'program', key, program: programs(dims) }));
    return [key, known.get(key)!];
  };
  return {
    step: async (batch, signal) => {
      signal?.throwIfAborted();
      const batches = 'inputs' in batch ? [batch] : batch;
      const parts = [];
      for (const { dims, inputs } of batches) {
        refuseOutOfRange(inputs, bounds);
        const [key, loaded] = load(dims);
        await loaded;
        parts.push({ key, inputs });
      }
      return (await call({ kind: 'step', batches: parts }, signal)) as StepResult;
    },
    weights: () => new Map([...views].map(([name, view]) => [name, Float32Array.from(view)])),
    keep: async () => void (await call({ kind: 'keep' })),
    restore: async () => void (await call({ kind: 'restore' })),
    save: async (folder, progress = null) => void (await call({ kind: 'save', folder, progress })),
    resume: async (folder) => (await call({ kind: 'resume', folder })) as { progress: unknown } | undefined,
    close: thread.close,
  };
};

const recipeOf = ({ optimizer, schedule = constant(), clipNorm, seed, weights, parameter = () => ({}) }: TrainerOptions): Recipe => {
  if (clipNorm !== undefined && !(clipNorm > 0))
    throw invalid(`clipNorm is ${clipNorm}; it must be above 0`, 'bad_option', { name: 'clipNorm' });
  const settings = [...weights.keys()].map((name): [string, ParameterSettings] => [
    name,
    { rate: 1, weightDecay: optimizer.weightDecay, ...parameter(name) },
  ]);
  return { optimizer, schedule, clipNorm: clipNorm ?? null, seed, parameters: Object.fromEntries(settings) };
};

/** Puts the weights at the start of a shared memory. */
const layOut = (weights: TrainerOptions['weights'], recipe: Recipe, threads: number) => {
  const memory = createMemory(1);
  const arena = createArena(memory);
  const views = new Map<string, Float32Array>();
  const layout: LearnerSettings['layout'][number][] = [];
  let used = 0;
  for (const [name, values] of weights) {
    const { address, data } = arena.reserve(values.length);
    data.set(values);
    views.set(name, data);
    layout.push({ name, address, count: values.length });
    used = address + data.byteLength;
  }
  const settings: LearnerSettings = { memory, layout, used, threads, recipe };
  return { settings, views };
};

const refuseOutOfRange = (inputs: BatchInputs, bounds: Readonly<Record<string, number>>): void => {
  for (const [name, bound] of Object.entries(bounds)) {
    const values = inputs[name];
    const at = values?.findIndex((value: number | bigint) => value < 0 || value >= bound) ?? -1;
    if (at === -1) continue;
    throw invalid(`${name} holds ${values![at]} at place ${at} of a batch; it takes whole numbers from 0 to ${bound - 1}`, 'out_of_range', {
      name,
      at,
    });
  }
};
