import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Columns } from '@boucle/contract';
import { inspectOnnx } from '../onnx/read-onnx.ts';
import type { Predictor, Task } from './approach.ts';
import { billOfMaterials, type Library } from './bill-of-materials.ts';
import { type Digests, digestOf, digestOfFile, digestsFile, digestsText } from './digests.ts';
import { type BoucleFlavor, mlModelText } from './ml-model.ts';
import { modelCard } from './model-card.ts';
import { onnxFlavor, requirementsText } from './onnx-flavor.ts';
import { fileLimits } from './package-file.ts';

export interface PackageFile {
  readonly name: string;
  /** Or what writes the file at a path, and its neighbours whose names begin with its own. */
  readonly content: string | Uint8Array | ((path: string) => Promise<void>);
  /** In bytes; what reads the file has the same limit. */
  readonly limit?: number;
}
export interface PackageContent {
  readonly task: Task;
  readonly approach: string;
  /** Left out for a regression. */
  readonly labels?: readonly string[];
  /** What `load` of the approach has to know beside the files; plain JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  /** By the role under which `load` asks for them; `model` is what `openOnnx` loads. A file called `model.onnx` gets MLflow's flavor. */
  readonly files: Readonly<Record<string, PackageFile>>;
  /** Of others, that answer with it; the runtime of `model` goes without saying. */
  readonly libraries?: readonly Library[];
  /** What was trained. It answers the input example, and its answer is what the loaded one is held against. */
  readonly predictor: Pick<Predictor, 'signature' | 'predict'>;
}
export interface PackageAbout {
  readonly inputExample: Columns;
  readonly requirements?: readonly string[];
}

/** Writes a model package. `MLmodel` comes last: a folder without it is no package, so a half-written one is never loaded. */
export const savePackage = async (folder: string, content: PackageContent, about: PackageAbout): Promise<void> => {
  const { labels, predictor } = content;
  const answered = await predictor.predict(about.inputExample);
  await makeEmptyFolder(folder);
  const ofLabels = labels && { labels: { name: 'labels.json', content: jsonText(labels), limit: fileLimits.labels } };
  const named: Readonly<Record<string, PackageFile>> = { ...ofLabels, ...content.files };
  for (const file of Object.values(named)) await write(folder, file);
  await write(folder, { name: 'input_example.json', content: jsonText(about.inputExample), limit: fileLimits.example });
  await write(folder, { name: 'expected_output.json', content: jsonText(answered), limit: fileLimits.example });
  const data = await rolesIn(folder, named);
  await describe(folder, { content, about, data });
};

/** Names by role. Where the weights of `model.onnx` lie in a file beside it, that has a role too. */
const rolesIn = async (folder: string, named: Readonly<Record<string, PackageFile>>): Promise<Record<string, string>> => {
  const roles = Object.fromEntries(Object.entries(named).map(([role, { name }]) => [role, name]));
  return (await readdir(folder)).includes(externalFile) ? { ...roles, external: externalFile } : roles;
};
const onnxFile = 'model.onnx';
const externalFile = `${onnxFile}.data`;

interface Written {
  readonly content: PackageContent;
  readonly about: PackageAbout;
  readonly data: Readonly<Record<string, string>>;
}

/** What is told of the files that are there: to people, to those who check what a model is made of, to pip, and to whoever loads it. */
const describe = async (folder: string, { content, about, data }: Written): Promise<void> => {
  const { task, approach, labels, config, predictor, libraries = [] } = content;
  const { requirements = ['node >=24'] } = about;
  const flavor: BoucleFlavor = {
    format: 'boucle.model/1',
    task,
    approach,
    data,
    config,
    signature: predictor.signature,
    inputExample: 'input_example.json',
    expectedOutput: 'expected_output.json',
    requirements,
    digests: digestsFile,
  };
  const hasOnnx = Object.values(data).includes(onnxFile);
  const onnx = hasOnnx ? onnxFlavor(inspectOnnx(join(folder, onnxFile)).model, onnxFile) : undefined;
  const mlModel = mlModelText(flavor, onnx);
  const materials = { task, approach, libraries: 'model' in data ? [...libraries, 'onnxruntime-node' as const] : libraries };
  await write(folder, { name: 'sbom.cdx.json', content: jsonText(billOfMaterials({ ...materials, digests: await digestsIn(folder) }), 2) });
  await write(folder, { name: 'requirements.txt', content: requirementsText(requirements, { hasOnnx }) });
  await write(folder, { name: 'card.md', content: modelCard(flavor, { labels, hasOnnx }) });
  const digests = new Map([...(await digestsIn(folder)), ['MLmodel', digestOf(mlModel)]]);
  await write(folder, { name: digestsFile, content: digestsText(digests) });
  await write(folder, { name: 'MLmodel', content: mlModel, limit: fileLimits.mlModel });
};

const digestsIn = async (folder: string): Promise<Digests> => {
  const digests = new Map<string, string>();
  for (const name of (await readdir(folder)).toSorted()) digests.set(name, await digestOfFile(join(folder, name)));
  return digests;
};

const makeEmptyFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length === 0) return;
  throw new AppError('conflict', `${folder} is not empty; save the model package into a folder of its own`, { reason: 'folder_not_empty' });
};

const write = async (folder: string, { name, content, limit = Infinity }: PackageFile): Promise<void> => {
  if (typeof content === 'function') return content(join(folder, name));
  if (Buffer.byteLength(content) > limit) {
    throw new AppError('too_large', `${name} would have more than ${limit} bytes; lower maxFeatures, or give a smaller input example`, {
      reason: 'package_too_large',
    });
  }
  await writeFile(join(folder, name), content);
};

const jsonText = (value: unknown, indent?: number): string => `${JSON.stringify(value, null, indent)}\n`;
