import { createReadStream, existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import Value from 'typebox/value';
import { AppError, type BlobDigest, Manifest, type TreeEntry, blobDigest, hexOf } from '@boucle/contract';
import { type FolderTree, hashFile, treeOf } from '../folder-tree.ts';
import { type StepCode, codeOf } from './code-digest.ts';
import { configName, type Evaluated } from './describe-project.ts';
import { type EvaluationLimits, evaluateConfig } from './evaluate-config.ts';
import { gitState } from './git-state.ts';
import { describePackage, packageTree } from './installed-packages.ts';
import { createModuleGraph } from './module-graph.ts';
import type { PackageHome } from './package-home.ts';

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
  for (const home of travellingPackages(codes)) {
    const { name, version, integrity } = await describePackage(home);
    const tree = await packageTree(home);
    addTree(files, tree, home.folder);
    packages.push({ name, version, integrity, tree: tree.digest });
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

/** Each name once, for they are staged side by side; one that lies within another travels with that. */
const travellingPackages = (codes: readonly StepCode[]): PackageHome[] => {
  const homes = new Map(codes.flatMap((code) => code.travelling.map((home) => [home.folder, home])));
  const outermost = [...homes.values()].filter(({ folder }) => ![...homes.keys()].some((other) => folder.startsWith(other + sep)));
  const byName = new Map<string, PackageHome>();
  for (const home of outermost) {
    const other = byName.get(home.name);
    if (other) {
      throw new AppError(
        'failed_precondition',
        `The steps reach two copies of ${home.name}, ${other.version} and ${home.version}; let one serve them all ("npm dedupe")`,
        { reason: 'two_versions' },
      );
    }
    byName.set(home.name, home);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
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
