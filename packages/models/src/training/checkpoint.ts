import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError, invalid } from '@boucle/contract';
import { bytesOf, digestOf, digestOfFile, fillArrays, syncFolder, writeSynced } from './checkpoint-files.ts';
import type { Recipe } from './recipe.ts';
import type { Parameters } from './parameters.ts';

/**
 * `boucle.checkpoint/1`: below the folder, `checkpoint-<n>/` with `manifest.json` and arrays of float32, little-endian, one parameter
 * after the other in the manifest's order. A new one is written beside the old, synced, renamed to the next number, and only then is the
 * old one removed: whenever the process is killed, one or the other is there, whole.
 */
const format = 'boucle.checkpoint/1';
const temporary = '.writing';
const folderName = /^checkpoint-(\d{8})$/;

interface Manifest {
  readonly format: typeof format;
  readonly updates: number;
  readonly recipe: Recipe;
  readonly parameters: readonly { readonly name: string; readonly count: number }[];
  readonly trainable: readonly { readonly name: string; readonly width: number | null }[];
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** Where the loop around the trainer was. */
  readonly progress: unknown;
}

interface State {
  readonly recipe: Recipe;
  readonly parameters: Parameters;
}

/** Files, and the arrays in them. */
const filesOf = ({ weights, trainable, kept }: Parameters): Record<string, readonly Float32Array[]> => {
  const learning = [...trainable.values()];
  const squares = learning.flatMap(({ v }) => (v ? [v.data] : []));
  return {
    'weights.bin': [...weights.values()].map(({ data }) => data),
    'first-moments.bin': learning.map(({ m }) => m.data),
    ...(squares.length > 0 && { 'second-moments.bin': squares }),
    ...(kept.size > 0 && { 'kept-weights.bin': [...kept.values()] }),
  };
};

const contentOf = ({ weights, trainable }: Parameters): Pick<Manifest, 'parameters' | 'trainable'> => ({
  parameters: [...weights].map(([name, { data }]) => ({ name, count: data.length })),
  trainable: [...trainable.values()].map(({ name, touched }) => ({ name, width: touched?.width ?? null })),
});

export const writeCheckpoint = async (
  folder: string,
  { recipe, parameters, updates, progress }: State & { updates: number; progress: unknown },
): Promise<void> => {
  const writing = join(folder, temporary);
  await rm(writing, { recursive: true, force: true });
  await mkdir(writing, { recursive: true });
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, arrays] of Object.entries(filesOf(parameters))) {
    const bytes = arrays.map(bytesOf);
    await writeSynced(join(writing, name), bytes);
    files[name] = { bytes: bytes.reduce((sum, { length }) => sum + length, 0), sha256: digestOf(bytes) };
  }
  const manifest: Manifest = { format, updates, recipe, ...contentOf(parameters), files, progress };
  await writeSynced(join(writing, 'manifest.json'), [Buffer.from(`${JSON.stringify(manifest)}\n`)]);
  await syncFolder(writing);
  const before = await checkpointsIn(folder);
  const next = Number(before.at(-1)?.match(folderName)?.[1] ?? 0) + 1;
  await rename(writing, join(folder, `checkpoint-${String(next).padStart(8, '0')}`));
  await syncFolder(folder);
  for (const name of before) await rm(join(folder, name), { recursive: true, force: true });
};

/** Puts everything back as it was; what is damaged, or of another training, is refused and changes nothing. No checkpoint: undefined. */
export const readCheckpoint = async (
  folder: string,
  { recipe, parameters }: State,
): Promise<{ updates: number; progress: unknown } | undefined> => {
  const newest = (await checkpointsIn(folder)).at(-1);
  if (newest === undefined) return undefined;
  const path = join(folder, newest);
  const manifest = await readManifest(path);
  refuseOther(path, manifest, recipe, contentOf(parameters).parameters);
  for (const [name, expected] of Object.entries(manifest.files)) await verify(join(path, name), expected);
  parameters.train(manifest.trainable.map(({ name, width }) => ({ name, width: width ?? undefined })));
  if ('kept-weights.bin' in manifest.files) parameters.keep();
  const files = Object.entries(filesOf(parameters));
  for (const [name, arrays] of files) {
    const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (manifest.files[name]?.bytes !== bytes) throw damaged(path, `${name} has not the ${bytes} bytes that this training needs`);
  }
  for (const [name, arrays] of files) await fillArrays(join(path, name), arrays.map(bytesOf));
  return { updates: manifest.updates, progress: manifest.progress };
};

const checkpointsIn = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => folderName.test(name)).sort();
};

const readManifest = async (path: string): Promise<Manifest> => {
  const text = await readFile(join(path, 'manifest.json'), 'utf8').catch((cause: unknown) => {
    throw damaged(path, 'there is no manifest.json', cause);
  });
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch (cause) {
    throw damaged(path, 'manifest.json is not whole', cause);
  }
  if (manifest?.format !== format) throw damaged(path, `its format is ${String(manifest?.format)}, not ${format}`);
  return manifest as Manifest;
};

const refuseOther = (path: string, manifest: Manifest, recipe: Recipe, parameters: Manifest['parameters']): void => {
  const other = Object.keys(recipe).find((name) => !isDeepStrictEqual(manifest.recipe[name as keyof Recipe], recipe[name as keyof Recipe]));
  const what = other ?? (isDeepStrictEqual(manifest.parameters, parameters) ? undefined : 'names or sizes of weights');
  if (what === undefined) return;
  throw invalid(`${path} is of a training with other ${what}; resume it as it was, or begin in another folder`, 'other_training', { what });
};

const verify = async (path: string, { bytes, sha256 }: { bytes: number; sha256: string }): Promise<void> => {
  const found = await digestOfFile(path);
  if (found.bytes !== bytes || found.sha256 !== sha256) throw damaged(path, 'its content is not what the manifest says');
};

const damaged = (path: string, why: string, cause?: unknown): AppError =>
  new AppError('failed_precondition', `The checkpoint ${path} is damaged: ${why}; remove it, and begin again or resume from another`, {
    reason: 'damaged_checkpoint',
    cause,
  });
