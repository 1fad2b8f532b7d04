import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type BlobDigest, type TreeEntry, blobDigest } from '@boucle/contract';
import { isLibraryModule } from '../library/address.ts';
import { broughtPackages } from './brought-packages.ts';
import { type StepSpec, attemptLayout } from './step-spec.ts';

/** Where bytes come from: a store on this machine, or one far away. */
export interface ArtifactSource {
  read(blob: BlobDigest): Promise<Readable>;
  tree(tree: string): Promise<readonly TreeEntry[]>;
}

/** Lays out a step in a folder: the project's sources, packages, inputs. All is copied, and checked against its digest on the way. */
export const stageStep = async (spec: StepSpec, source: ArtifactSource, folder: string): Promise<void> => {
  const layout = attemptLayout(folder);
  await mkdir(layout.bundle, { recursive: true });
  if (spec.bundle && !('module' in spec.code && isLibraryModule(spec.code.module))) {
    await copyTree(source, spec.bundle.tree, layout.bundle);
    for (const { name, tree } of spec.bundle.packages) {
      if (tree) await copyTree(source, tree, join(layout.bundle, 'node_modules', name));
    }
    await linkBrought(layout.bundle);
  }
  for (const [name, artifacts] of Object.entries(spec.inputs)) {
    for (const [i, { tree }] of artifacts.entries()) await copyTree(source, tree, layout.input(name, i));
  }
  await writeFile(layout.spec, JSON.stringify(spec));
};

/** The staged modules import the runner's own copies, for `defineStep` and the runner have to speak of one `Step`. */
const linkBrought = async (bundle: string): Promise<void> => {
  for (const [name, folder] of Object.entries(broughtPackages())) {
    const link = join(bundle, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(folder, link, 'junction');
  }
};

const copyTree = async (source: ArtifactSource, tree: string, target: string): Promise<void> => {
  await mkdir(target, { recursive: true });
  for (const { path, blob } of await source.tree(tree)) {
    const file = resolve(target, path);
    if (!file.startsWith(target + sep))
      throw new AppError('invalid_request', `${path} leads out of the folder it is meant for`, { reason: 'path_outside' });
    await mkdir(dirname(file), { recursive: true });
    await copyBlob(await source.read(blob), blob, file);
  }
};

/** A tree knows no modes, and a command may be one of its files: hence 755. */
const copyBlob = async (bytes: Readable, expected: BlobDigest, file: string): Promise<void> => {
  const hash = createHash('sha256');
  const check = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(bytes, check, createWriteStream(file, { mode: 0o755 }));
  const found = blobDigest(hash.digest('hex'));
  if (found !== expected) {
    throw new AppError('unavailable', `The blob ${expected} is damaged: its bytes are those of ${found}`, { reason: 'blob_damaged' });
  }
};
