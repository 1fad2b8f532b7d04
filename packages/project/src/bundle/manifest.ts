import { createReadStream, existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Value from 'typebox/value';
import { AppError, type BlobDigest, Manifest, type TreeEntry, blobDigest, hexOf } from '@boucle/contract';
import { type FolderTree, hashFile, treeOf } from '../folder-tree.ts';
import { type StepCode, codeOf } from './code-digest.ts';
import { configName, type Evaluated } from './describe-project.ts';
import { type EvaluationLimits, evaluateConfig } from './evaluate-config.ts';
import { gitState } from './git-state.ts';
import { type InstalledPackage, isBrought, packageTree } from './installed-packages.ts';
import { createModuleGraph } from './module-graph.ts';

/** Bytes of the bundle, to be stored under their digest. */
export interface BundleFile {
  readonly size: number;
  open(): Readable;
}
export interface BundledProject {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<BlobDigest, BundleFile>;
}

/** The whole project as data: its definitions evaluated, its steps' code by digest, and the bytes that a machine needs to run them. */
export const makeManifest = async (givenFolder: string, limits: EvaluationLimits = {}): Promise<BundledProject> => {
  const evaluated = await evaluateConfig(givenFolder, limits);
  const folder = await realpath(givenFolder);
  return bundleProject(evaluated, folder);
};

const bundleProject = async ({ pipelines: written, ...framing }: Evaluated, folder: string): Promise<BundledProject> => {
  const graph = createModuleGraph();
  const codes: StepCode[] = [];
  const pipelines: Manifest['pipelines'] = [];
  for (const { steps: called, ...plan } of written) {
    const steps: Manifest['pipelines'][number]['steps'] = [];
    for (const step of called) {
      const code = await codeOf(step, folder, graph);
      codes.push(code);
      steps.push({ ...step, codeDigest: code.digest });
    }
    pipelines.push({ format: 'boucle.plan/1', ...plan, steps });
  }

  const files = new Map<BlobDigest, BundleFile>();
  const paths = new Set(codes.flatMap((code) => code.files));
  // It says how the modules are to be read, and what #names mean.
  if (paths.size > 0 && existsSync(join(folder, 'package.json'))) paths.add('package.json');
  const sources = treeOf(await Promise.all([...paths].map((path) => entryOf(folder, path))));
  addTree(files, sources, folder);

  const packages: Manifest['bundle']['packages'] = [];
  for (const { home, ...one } of reachedPackages(codes)) {
    if (!home || isBrought(one.name)) continue;
    const tree = await packageTree(home);
    addTree(files, tree, home.folder);
    packages.push({ ...one, tree: tree.digest });
  }
  const source = await gitState(folder, [configName, ...paths]);
  const manifest = {
    format: 'boucle.manifest/1',
    ...framing,
    pipelines,
    bundle: { format: 'boucle.bundle/1', tree: sources.digest, packages },
    source,
  };
  return { manifest: checked(manifest), files };
};

/** Packages of the user's steps. Steps of the library bring their own on every machine. */
const reachedPackages = (codes: readonly StepCode[]): InstalledPackage[] => {
  const reached = new Map<string, InstalledPackage>();
  for (const { packages, files } of codes) {
    if (files.length === 0) continue;
    for (const one of packages) {
      const other = reached.get(one.name);
      if (other && other.version !== one.version && !isBrought(one.name)) {
        throw new AppError(
          'failed_precondition',
          `The steps reach two versions of ${one.name}, ${other.version} and ${one.version}; let one version serve them all`,
          { reason: 'two_versions' },
        );
      }
      reached.set(one.name, one);
    }
  }
  return [...reached.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};

const entryOf = async (folder: string, path: string): Promise<TreeEntry> => {
  const file = join(folder, path);
  return { path, blob: await hashFile(file), size: (await stat(file)).size };
};

const addTree = (files: Map<BlobDigest, BundleFile>, { digest, listing, entries }: FolderTree, folder: string): void => {
  for (const { path, blob, size } of entries) files.set(blob, { size, open: () => createReadStream(join(folder, path)) });
  files.set(blobDigest(hexOf(digest)), { size: Buffer.byteLength(listing), open: () => Readable.from([Buffer.from(listing)]) });
};

const checked = (manifest: unknown): Manifest => {
  const [wrong] = Value.Errors(Manifest, manifest);
  if (!wrong) return manifest as Manifest;
  throw new AppError('invalid_request', `${configName}: ${wrong.instancePath || 'the project'} ${wrong.message}`, {
    reason: 'manifest_invalid',
    details: { path: wrong.instancePath },
  });
};
