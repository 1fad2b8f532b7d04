import { readdir } from 'node:fs/promises';
import { damaged, fileLimits, readPackageText } from '../package/package-file.ts';
import { readMlflowSignature, type SaidSignature } from './mlflow-signature.ts';
import { readService, type Service } from './service.ts';
import { unservable } from './unservable.ts';
import { yamlOf } from './yaml.ts';

/** What a model's folder holds, and so what answers for it. */
export type PackageKind =
  | { readonly kind: 'boucle' }
  /** Inputs and outputs are said by the file. */
  | { readonly kind: 'onnx'; readonly file: string }
  | { readonly kind: 'python'; readonly said: SaidSignature; readonly pythonVersion: string | undefined }
  | { readonly kind: 'service'; readonly said: SaidSignature; readonly service: Service };

/** Reads what a folder says of itself. */
export const readPackageKind = async (folder: string): Promise<PackageKind> => {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw damaged('its folder cannot be read', cause);
  });
  return packageKindIn(files, () => readPackageText(folder, 'MLmodel', fileLimits.mlModel));
};

/** By the names of its files, and by MLmodel where that is there. Where there is none, one ONNX file is a model too. */
export const packageKindIn = async (files: readonly string[], readMlModel: () => Promise<string>): Promise<PackageKind> => {
  if (files.includes('MLmodel')) return packageKindOf(await readMlModel());
  const onnx = files.filter((file) => /^[^/]+\.onnx$/.test(file));
  if (onnx.length === 1) return { kind: 'onnx', file: onnx[0]! };
  throw damaged(onnx.length === 0 ? 'it has neither an MLmodel nor an ONNX file' : `it has no MLmodel, and ${onnx.length} ONNX files`);
};

/** By the text of MLmodel alone. Of several flavors the one that needs least to run is taken. */
export const packageKindOf = (text: string): PackageKind => {
  const content = yamlOf('MLmodel', text);
  const flavors = isRecord(content) ? content['flavors'] : undefined;
  if (!isRecord(content) || !isRecord(flavors)) throw damaged('MLmodel names no flavors');
  if (flavors['boucle'] !== undefined) return { kind: 'boucle' };
  const { boucle_service: service, onnx, python_function: python } = flavors;
  if (service !== undefined) return { kind: 'service', said: readMlflowSignature(content['signature']), service: readService(service) };
  if (isRecord(onnx)) return { kind: 'onnx', file: fileOf(onnx['data'] ?? 'model.onnx') };
  if (isRecord(python)) {
    const { python_version: version } = python;
    return {
      kind: 'python',
      said: readMlflowSignature(content['signature']),
      pythonVersion: typeof version === 'string' && /^\d+(\.\d+){1,2}$/.test(version) ? version : undefined,
    };
  }
  throw unservable(
    `The model has ${Object.keys(flavors).slice(0, 10).join(', ') || 'no flavor'}, of which nothing runs here: ` +
      'log it so that it also has MLflow’s python_function or onnx, or name a command or an address that serves it',
  );
};

const fileOf = (data: unknown): string => {
  if (typeof data !== 'string' || data === '') throw damaged('the flavor onnx names no file');
  return data;
};
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
