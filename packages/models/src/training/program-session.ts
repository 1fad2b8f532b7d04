import { invalid } from '@boucle/contract';
import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import type { TrainingProgram } from '../autodiff/index.ts';
import { onnxRuntime } from '../onnx/runtime.ts';
import type { Floats } from './arena.ts';
import type { Masks } from './masks.ts';
import type { Parameters } from './parameters.ts';
import { addInto, addRows } from './update.ts';

export type BatchArray = Float32Array | BigInt64Array | Int32Array | Uint8Array;
export type BatchInputs = Readonly<Record<string, BatchArray>>;

/** A loaded program: its weights are fed where they lie, and its dense gradients written where the update reads them. */
export interface ProgramSession {
  /** Adds the batch's gradients to what is there, or puts them in its place when it is the first of an update. Returns the loss. */
  readonly run: (inputs: BatchInputs, place: { readonly step: number; readonly part: number }) => Promise<number>;
}

export const createProgramSession = async (
  program: TrainingProgram,
  { parameters, masks, threads }: { parameters: Parameters; masks: Masks; threads: number },
): Promise<ProgramSession> => {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const floatTensor = ({ data }: Pick<Floats, 'data'>, shape: readonly number[]): OnnxTensor => new Tensor('float32', data, shape);
  const session = await InferenceSession.create(program.onnx, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Threads that spin while they wait slow down everything else on a shared machine.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  });
  const { params, gradients, rowGradients, loss } = program;
  const weights = Object.fromEntries(params.map(({ name, shape }) => [name, floatTensor(parameters.weights.get(name)!, shape)]));
  const shapes = new Map(params.map(({ name, shape }) => [name, shape]));
  const inPlace = gradients.map(
    ({ param, output }) => [output, floatTensor(parameters.trainable.get(param)!.g, shapes.get(param)!)] as const,
  );
  const isRead = Object.fromEntries([loss, ...rowGradients.map(({ output }) => output)].map((output) => [output, null]));
  const fetchInPlace = { ...isRead, ...Object.fromEntries(inPlace) };
  const fetchApart = { ...isRead, ...Object.fromEntries(gradients.map(({ output }) => [output, null])) };

  return {
    run: async (inputs, { step, part }) => {
      const feeds: Record<string, OnnxTensor> = { ...weights };
      for (const input of program.inputs) {
        feeds[input.name] = new Tensor(input.type as 'float32', wholeBatch(input, inputs[input.name]) as Float32Array, input.shape);
      }
      const drawn = masks.draw(program.masks, { step, part });
      for (const [i, { name, shape }] of program.masks.entries()) feeds[name] = floatTensor(drawn[i]!, shape);
      const results = await session.run(feeds, part === 0 ? fetchInPlace : fetchApart);
      if (part > 0) {
        for (const { param, output } of gradients) addInto(parameters.trainable.get(param)!.g.data, floatsOf(results[output]!));
      }
      for (const { param, ids, output } of rowGradients) {
        addRows(parameters.trainable.get(param)!, inputs[ids] as BigInt64Array, floatsOf(results[output]!));
      }
      return floatsOf(results[loss]!)[0]!;
    },
  };
};

const floatsOf = ({ data }: { readonly data: unknown }): Float32Array => data as Float32Array;

const wholeBatch = ({ name, shape }: TrainingProgram['inputs'][number], data: BatchArray | undefined): BatchArray => {
  const count = shape.reduce((a, b) => a * b, 1);
  if (data?.length !== count) {
    throw invalid(
      `A batch brings ${data?.length ?? 'no'} values for ${name}; its shape [${shape.join(', ')}] takes ${count}`,
      'wrong_shape',
      { name },
    );
  }
  return data;
};
