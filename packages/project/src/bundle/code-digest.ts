import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError, type BlobDigest, type PlannedStep, blobDigest, canonicalJson } from '@boucle/contract';
import { hashFile, sha256 } from '../folder-tree.ts';
import { isLibraryModule, libraryFile } from '../library/address.ts';
import { type Closure, type ModuleGraph, createModuleGraph } from './module-graph.ts';
import type { PackageHome } from './package-home.ts';

/** What a step's code is made of: its digest, and the project's files and the packages that a machine needs to run it. */
export interface StepCode {
  readonly digest: BlobDigest;
  /** Relative to the project, with slashes. */
  readonly files: readonly string[];
  /** Packages that have to travel with them. */
  readonly travelling: readonly PackageHome[];
}
type CodedStep = Pick<PlannedStep, 'step' | 'code'>;

const format = 'boucle.code/1';
const digestOf = (parts: object): BlobDigest => blobDigest(sha256(canonicalJson({ format, ...parts })));

/** The code digest of a step: of what it can load, and of nothing else. */
export const codeOf = async ({ step, code }: CodedStep, root: string, graph: ModuleGraph = createModuleGraph()): Promise<StepCode> => {
  if ('effect' in code) return { digest: digestOf({ effect: code.effect }), files: [], travelling: [] };
  if ('command' in code) return commandCode(code, root);
  // A step of the library is the same code for every project, wherever that is.
  const closure = isLibraryModule(code.module)
    ? await graph.closureOf(libraryFile(code.module))
    : await graph.closureOf(join(root, code.module), root);
  return {
    digest: closureDigest(step, closure),
    // Of a module of the project, `path` is where it is below the root.
    files: closure.modules.filter(({ path, file }) => join(root, path) === file).map(({ path }) => path),
    travelling: closure.travelling,
  };
};

/** One module may hold several steps: which one is part of the code. */
const closureDigest = (step: string, { modules, packages }: Closure): BlobDigest =>
  digestOf({
    step,
    modules: modules.map(({ path, sha256: hash }) => ({ path, sha256: hash })),
    packages,
  });

const commandCode = async (code: { command: string[]; reads: string[]; python?: { lock: string } }, root: string): Promise<StepCode> => {
  const { command, python } = code;
  const found = new Set<string>();
  for (const pattern of [...code.reads, ...(python ? [python.lock] : [])]) {
    const before = found.size;
    for await (const entry of glob(pattern, { cwd: root, withFileTypes: true })) {
      if (entry.isFile())
        found.add(
          join(entry.parentPath, entry.name)
            .slice(root.length + 1)
            .replaceAll(sep, '/'),
        );
    }
    if (found.size === before) {
      throw new AppError(
        'failed_precondition',
        `The command "${command.join(' ')}" reads "${pattern}", and no file of the project fits that`,
        { reason: 'reads_nothing' },
      );
    }
  }
  const files = [...found].sort();
  const hashes = await Promise.all(files.map(async (path) => ({ path, blob: await hashFile(join(root, path)) })));
  return { digest: digestOf({ command, files: hashes, ...(python && { python }) }), files, travelling: [] };
};
