import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Value from 'typebox/value';
import { AppError, type Digest, type PortSpec, blobDigest, canonicalJson, invalid } from '@boucle/contract';
import { hashFile, readFolderTree, sha256 } from '../folder-tree.ts';
import type { Attempt } from './attempt.ts';
import { type OutputArtifact, contentOf } from './step-spec.ts';
import { createTableOutput } from './table-output.ts';

interface Content {
  readonly digest: Digest;
  readonly rows?: number;
  readonly value?: unknown;
}
interface Output {
  /** What the step's code is given as `out.<name>`. */
  readonly held: unknown;
  /** Reads what the step left there; throws where it left nothing, or something else than the port says. */
  finish(): Promise<Content>;
  abort(): Promise<void>;
}

export interface StepOutputs {
  readonly held: Readonly<Record<string, unknown>>;
  finish(): Promise<Record<string, OutputArtifact>>;
  abort(): Promise<void>;
}

export const createOutputs = async ({ spec: { ports }, layout }: Pick<Attempt, 'spec' | 'layout'>): Promise<StepOutputs> => {
  const outputs: [name: string, port: PortSpec, output: Output][] = [];
  for (const [name, port] of Object.entries(ports.outputs)) {
    const folder = layout.output(name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    outputs.push([name, port, await createOutput(name, port, join(folder, contentOf[port.kind]))]);
  }
  return {
    held: Object.fromEntries(outputs.map(([name, , { held }]) => [name, held])),
    finish: async () => {
      const artifacts: Record<string, OutputArtifact> = {};
      for (const [name, { kind }, output] of outputs)
        artifacts[name] = await finishArtifact(kind, layout.output(name), await output.finish());
      return artifacts;
    },
    abort: async () => {
      for (const [, , output] of outputs) await output.abort();
    },
  };
};

const finishArtifact = async (kind: PortSpec['kind'], folder: string, { digest, rows, value }: Content): Promise<OutputArtifact> => {
  const counted = rows === undefined ? {} : { rows };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify({ format: 'boucle.artifact/1', kind, digest, ...counted })}\n`);
  const tree = await readFolderTree(folder);
  return { kind, digest, tree: tree.digest, ...counted, ...(value !== undefined && { value }), files: [...tree.entries] };
};

const createOutput = async (name: string, port: PortSpec, path: string): Promise<Output> => {
  switch (port.kind) {
    case 'table':
      return createTableOutput(port, path);
    case 'value':
      return valueOutput(name, port, path);
    case 'file':
      return onDisk(name, path, { is: 'isFile', digestOf: hashFile });
    case 'folder':
      await mkdir(path);
      return onDisk(name, path, wholeFolder);
    case 'model':
      return onDisk(name, path, wholeFolder);
  }
};

interface Place {
  readonly is: 'isFile' | 'isDirectory';
  readonly digestOf: (path: string) => Promise<Digest>;
}
const wholeFolder: Place = { is: 'isDirectory', digestOf: async (path) => (await readFolderTree(path)).digest };

const onDisk = (name: string, path: string, { is, digestOf }: Place): Output => ({
  held: { path },
  finish: async () => {
    const found = await stat(path).catch(() => undefined);
    if (!found?.[is]())
      throw invalid(`The step left no ${is === 'isFile' ? 'file' : 'folder'} at out.${name}.path`, 'output_missing', { output: name });
    return { digest: await digestOf(path) };
  },
  abort: async () => {},
});

const valueOutput = (name: string, port: PortSpec, path: string): Output => {
  let value: unknown;
  return {
    held: {
      set: (given: unknown) => {
        value = given;
      },
    },
    finish: async () => {
      // A command writes the file itself.
      value ??= await readFile(path, 'utf8').then(
        (text) => JSON.parse(text) as unknown,
        () => undefined,
      );
      if (value === undefined) throw invalid(`The step never called out.${name}.set`, 'output_missing', { output: name });
      const [wrong] = Value.Errors(port.schema ?? {}, value);
      if (wrong)
        throw invalid(`out.${name}${wrong.instancePath.replaceAll('/', '.')} ${wrong.message}`, 'output_invalid', { output: name });
      const text = writable(name, value);
      await writeFile(path, text);
      return { digest: blobDigest(sha256(text)), value: JSON.parse(text) as unknown };
    },
    abort: async () => {},
  };
};

const writable = (name: string, value: unknown): string => {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw new AppError(
      'invalid_request',
      `out.${name} holds what JSON cannot say: ${cause instanceof Error ? cause.message : String(cause)}`,
      { reason: 'output_invalid', cause },
    );
  }
};
