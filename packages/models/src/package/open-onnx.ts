import path from 'node:path';
import { inspectOnnx } from '../onnx/read-onnx.ts';
import { createSession, type Session } from '../onnx/run.ts';
import type { PackageFiles } from './approach.ts';
import { damaged } from './package-file.ts';

/** The ONNX model of a package, loaded once its structure was looked at: its weights lie in it, or in the file of role `external`. */
export const openOnnx = async (files: PackageFiles, { threads }: { readonly threads: number }): Promise<Session> => {
  const file = await files.path('model');
  const { weightFiles } = await soundly(async () => inspectOnnx(file));
  for (const beside of weightFiles) {
    if (beside !== path.basename(await files.path('external')))
      throw damaged(`model.onnx has weights in ${beside}, which MLmodel does not name`);
  }
  return soundly(() => createSession(file, { threads }));
};

const soundly = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : 'model.onnx cannot be loaded', cause);
  }
};
