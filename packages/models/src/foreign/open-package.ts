import type { Columns } from '@boucle/contract';
import type { Predictor } from '../package/approach.ts';
import { loadModel } from '../package/load-model.ts';
import { loadOnnx } from './load-onnx.ts';
import { readPackageKind } from './package-kind.ts';
import { unservable } from './unservable.ts';

/** A model that Node itself runs, with what it says of itself. */
export interface OpenedPackage extends Predictor {
  readonly labels: readonly string[];
  /** Where the package holds one. */
  readonly inputExample?: Columns;
  /** What the trainer answered to it. */
  readonly expectedOutput?: Columns;
  readonly tolerance: number;
}

/** Opens a package of ours, or an ONNX model of anybody's. */
export const openPackage = async (folder: string, { threads = 1 }: { readonly threads?: number } = {}): Promise<OpenedPackage> => {
  const found = await readPackageKind(folder);
  switch (found.kind) {
    case 'boucle':
      return loadModel(folder, { threads });
    case 'onnx':
      return { ...(await loadOnnx(folder, found.file, { threads })), labels: [], tolerance: 0 };
    case 'python':
    case 'service':
      throw unservable('The model needs a program of its own, which a server starts: deploy it at an endpoint');
  }
};
