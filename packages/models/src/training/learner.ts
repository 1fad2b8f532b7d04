import { AppError } from '@boucle/contract';
import type { TrainingProgram } from '../autodiff/index.ts';
import { createArena, type Floats } from './arena.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createKernels, type SharedMemory } from './kernels/kernels.ts';
import { createMasks } from './masks.ts';
import { createParameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';
import { type BatchInputs, createProgramSession, type ProgramSession } from './program-session.ts';
import { shareOfRate } from './schedules.ts';
import { forgetRows, squaresOf, updateAll } from './update.ts';

export interface LearnerSettings {
  readonly memory: SharedMemory;
  /** Where the weights lie; what is behind `used` bytes is free. */
  readonly layout: readonly { readonly name: string; readonly address: number; readonly count: number }[];
  readonly used: number;
  readonly threads: number;
  readonly recipe: Recipe;
}

export type Request =
  | { readonly kind: 'program'; readonly key: string; readonly program: TrainingProgram }
  | { readonly kind: 'step'; readonly batches: readonly { readonly key: string; readonly inputs: BatchInputs }[] }
  | { readonly kind: 'keep' | 'restore' }
  | { readonly kind: 'save'; readonly folder: string; readonly progress: unknown }
  | { readonly kind: 'resume'; readonly folder: string };

export interface StepResult {
  /** The mean over the batches of the step. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradNorm: number;
  readonly lr: number;
  /** How many updates there were, with this one. */
  readonly updates: number;
}

/** What learns, wherever it runs: in the trainer's thread, or under a debugger in yours. `isStopped` is asked between a run and its update. */
export const createLearner = ({ memory, layout, used, threads, recipe }: LearnerSettings, isStopped: () => boolean) => {
  const { optimizer, schedule, clipNorm, seed } = recipe;
  const arena = createArena(memory, used);
  const kernels = createKernels(memory);
  const masks = createMasks({ kernels, arena, seed });
  const floats = ({ address, count }: (typeof layout)[number]): Floats => ({
    address,
    data: new Float32Array(memory.buffer, address, count),
  });
  const weights = new Map(layout.map((one) => [one.name, floats(one)]));
  const parameters = createParameters(weights, arena, optimizer.kind !== 'sgd');
  const sessions = new Map<string, ProgramSession>();
  const settings = new Map(Object.entries(recipe.parameters));
  let updates = 0;

  const step = async (batches: readonly { readonly key: string; readonly inputs: BatchInputs }[]): Promise<StepResult | 'stopped'> => {
    const trainable = [...parameters.trainable.values()];
    trainable.forEach(forgetRows);
    let loss = 0;
    for (const [part, { key, inputs }] of batches.entries()) {
      if (isStopped()) return 'stopped';
      loss += (await sessions.get(key)!.run(inputs, { step: updates, part })) / batches.length;
    }
    if (isStopped()) return 'stopped';
    const squares = trainable.map((parameter) => squaresOf(kernels, parameter));
    const gradNorm = Math.sqrt(squares.reduce((a, b) => a + b, 0)) / batches.length;
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) throw notFinite(updates, loss, firstNotFinite(batches, squares));
    // The small number is PyTorch's.
    const clip = clipNorm === null ? 1 : Math.min(1, clipNorm / (gradNorm + 1e-6));
    const lr = optimizer.lr * shareOfRate(schedule, updates);
    updates++;
    updateAll(kernels, trainable, { optimizer, settings, rate: lr, scale: clip / batches.length, number: updates });
    return { loss, gradNorm, lr, updates };
  };

  /** The origin of what is not finite, in the order in which it spreads: what was fed, then gradients. */
  const firstNotFinite = (batches: readonly { readonly inputs: BatchInputs }[], squares: readonly number[]): string => {
    const isBroken = (data: unknown): boolean => data instanceof Float32Array && data.some((value) => !Number.isFinite(value));
    for (const { inputs } of batches) {
      const input = Object.keys(inputs).find((name) => isBroken(inputs[name]));
      if (input !== undefined) return `input ${input}`;
    }
    const weight = [...weights].find(([, { data }]) => isBroken(data));
    if (weight) return `weights of ${weight[0]}`;
    const gradient = [...parameters.trainable.keys()].find((_, i) => !Number.isFinite(squares[i]));
    return gradient === undefined ? 'loss' : `gradient of ${gradient}`;
  };

  return async (request: Request): Promise<unknown> => {
    switch (request.kind) {
      case 'program':
        parameters.admit(request.program);
        sessions.set(request.key, await createProgramSession(request.program, { parameters, masks, threads }));
        return undefined;
      case 'step':
        return step(request.batches);
      case 'keep':
        return parameters.keep();
      case 'restore':
        return parameters.restore();
      case 'save':
        return writeCheckpoint(request.folder, { recipe, parameters, updates, progress: request.progress });
      case 'resume': {
        const read = await readCheckpoint(request.folder, { recipe, parameters });
        updates = read?.updates ?? updates;
        return read && { progress: read.progress };
      }
    }
  };
};

const notFinite = (update: number, loss: number, where: string): AppError =>
  new AppError(
    'failed_precondition',
    `Training stopped at update ${update + 1}: the loss is ${loss}, and what is not finite begins at the ${where}; lower the rate, clip gradients, or look at the batch`,
    { reason: 'not_finite', details: { update: update + 1, loss: String(loss), where } },
  );
