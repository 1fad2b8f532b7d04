import { AppError } from '@boucle/contract';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-node';
import type { TensorData } from './model.ts';
import { unreadable } from './protobuf-cursor.ts';
import { onnxRuntime } from './runtime.ts';

/** A loaded model. */
export interface Session {
  /** All outputs by name. */
  readonly run: (feeds: Readonly<Record<string, TensorData>>) => Promise<Record<string, TensorData>>;
  /** Once the runs in flight have ended. Whoever asks later is refused. */
  readonly close: () => Promise<void>;
}

/** Loads a model from its bytes or its file; from a file where weights lie beside it. */
export const createSession = async (model: Uint8Array | string, { threads = 1 }: { readonly threads?: number } = {}): Promise<Session> => {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await load(InferenceSession, model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads that spin while they wait slow down everything else on a shared machine.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  });
  let running: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const run = async (feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> => {
    const tensors = Object.entries(feeds).map(([name, tensor]) => [name, tensorOf(Tensor, tensor)] as const);
    try {
      const outputs = await session.run(Object.fromEntries(tensors));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { type, dims, data }]) => [name, { type, shape: dims, data } as TensorData]),
      );
    } catch (cause) {
      throw new AppError('internal', `The model failed on its input: ${firstLine(cause)}`, { reason: 'model_failed', cause });
    }
  };
  return {
    // One after the other: a session has one pool of threads, and is never let go while it runs.
    run: (feeds) => {
      if (isClosed) return Promise.reject(new Error('This session was closed'));
      const result = running.then(() => run(feeds));
      running = result.catch(() => {});
      return result;
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await running;
      await session.release();
    },
  };
};

const load = async (
  sessions: InferenceSessionFactory,
  model: Uint8Array | string,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> => {
  try {
    return await (typeof model === 'string' ? sessions.create(model, options) : sessions.create(model, options));
  } catch (cause) {
    throw unreadable(firstLine(cause), cause);
  }
};

const tensorOf = (Tensor: TensorConstructor, { type, data, shape }: TensorData): Tensor =>
  new Tensor(type as 'float32', data as Float32Array, shape);

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 500);
