import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type BlobDigest, type TableSchema, type TreeEntry, blobDigest, readTreeListing } from '@boucle/contract';
import { createTableWriter } from '@boucle/data';
import type { BundledProject } from '../bundle/index.ts';
import { sha256, treeOf } from '../folder-tree.ts';
import { type ArtifactSource, type StepResult, type StepSpec, attemptLayout, contentOf, seedOf } from '../runner/index.ts';
import { broughtPackages } from '../runner/brought-packages.ts';
import type { OutputArtifact } from '../runner/step-spec.ts';

export const temporaryFolder = async (t: TestContext): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'boucle-project-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A user's project, as an installation would leave it. */
export const writeProject = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const [name, target] of Object.entries(broughtPackages())) {
    await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
    await symlink(target, join(folder, 'node_modules', name));
  }
};

/** A project with one pipeline that holds one step of its own, `work`, from steps/work.ts. */
export const oneStepProject = (work: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  'steps/work.ts': work,
  'boucle.config.ts': `
    import { Type, defineDataset, definePipeline, defineProject } from '@boucle/project';
    import { work } from './steps/work.ts';
    const rows = defineDataset('rows', { source: 'rows.csv', columns: { text: Type.String(), label: Type.String() } });
    const pipeline = definePipeline('main', { inputs: { rows } }, ({ rows }) => work({ rows }));
    export default defineProject('lab', { problem: '', owners: [], risk: 'minimal', kpis: {}, datasets: [rows], pipelines: [pipeline], endpoints: [], monitors: [] });
  `,
  ...more,
});

/** Keeps artifacts and bundles as a store would, and stages from there. */
export const createLab = (folder: string) => {
  const blobs = new Map<BlobDigest, string>();
  let count = 0;
  const next = (): string => join(folder, String(++count));
  const keepText = async (text: string): Promise<void> => {
    const path = next();
    await writeFile(path, text);
    blobs.set(blobDigest(sha256(text)), path);
  };
  const source: ArtifactSource = {
    read: async (blob) => createReadStream(blobs.get(blob) ?? ''),
    tree: async (tree): Promise<readonly TreeEntry[]> =>
      readTreeListing(await readFile(blobs.get(blobDigest(tree.slice(5))) ?? '', 'utf8')),
  };
  return {
    source,
    blobs,
    next,
    keepBundle: async ({ files }: BundledProject): Promise<void> => {
      for (const [digest, file] of files) {
        const path = next();
        await writeFile(path, file.open());
        blobs.set(digest, path);
      }
    },
    /** Takes over the outputs of a step, as the store does when it commits. */
    keepOutputs: async (attempt: string, result: StepResult): Promise<Record<string, OutputArtifact>> => {
      if (result.status === 'failed') throw new Error(result.failure.message);
      for (const [name, { files }] of Object.entries(result.outputs)) {
        for (const { path, blob } of files) blobs.set(blob, join(attemptLayout(attempt).output(name), path));
        await keepText(treeOf(files).listing);
      }
      return result.outputs;
    },
    keepTable: async (schema: TableSchema, rows: readonly Readonly<Record<string, unknown>>[]): Promise<OutputArtifact> => {
      const path = next();
      const writer = await createTableWriter(path, schema);
      await writer.appendNew(rows);
      const { digest, rows: count } = await writer.finish();
      const content = await readFile(path);
      const file = { path: contentOf.table, blob: blobDigest(sha256(content)), size: content.length };
      blobs.set(file.blob, path);
      const tree = treeOf([file]);
      await keepText(tree.listing);
      return { kind: 'table', digest, tree: tree.digest, rows: count, files: [file] };
    },
  };
};
export type Lab = ReturnType<typeof createLab>;

/** The spec of a step in a manifest, with the inputs given. */
export const specOf = (
  { manifest }: BundledProject,
  id: string,
  { inputs = {}, params = {} }: { inputs?: StepSpec['inputs']; params?: Record<string, unknown> } = {},
): StepSpec => {
  const step = manifest.pipelines.flatMap(({ steps }) => steps).find((one) => one.id === id);
  if (!step) throw new Error(`No step ${id}`);
  const written = Object.entries(step.params).flatMap(([name, param]) => ('value' in param ? [[name, param.value]] : []));
  return {
    format: 'boucle.step/1',
    id,
    step: step.step,
    code: step.code,
    codeDigest: step.codeDigest,
    ports: step.ports,
    bundle: manifest.bundle,
    inputs,
    params: { ...Object.fromEntries(written), ...params },
    seed: seedOf(id),
    secrets: step.secrets,
    limits: {},
  };
};
