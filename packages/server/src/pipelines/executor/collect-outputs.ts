import { createHash } from 'node:crypto';
import path from 'node:path';
import { type StepArtifact, type TreeEntry, blobDigest, canonicalJson, invalid, treeDigest, treeListing } from '@boucle/contract';
import { type OutputArtifact, type StepSpec, attemptLayout, contentOf } from '@boucle/project/runner';
import type { Blobs } from '../../platform/blobs/index.ts';

/**
 * Puts what an attempt left into the store, and holds what its child said of it against what was stored. The digest of a table's rows
 * is taken on trust: it was computed by our own runner on this machine, and reading every row again would double the step.
 */
export const collectOutputs = async (
  { ports }: Pick<StepSpec, 'ports'>,
  claimed: Readonly<Record<string, OutputArtifact>>,
  { blobs, folder }: { blobs: Blobs; folder: string },
): Promise<Record<string, StepArtifact>> => {
  const outputs: Record<string, StepArtifact> = {};
  for (const [name, { kind }] of Object.entries(ports.outputs)) {
    const { files: _, ...artifact } = claimed[name] ?? { kind: undefined, files: [] };
    if (artifact.kind !== kind) throw invalid(`The step left no ${kind} for its output "${name}"`, 'output_missing', { output: name });
    const { tree, entries } = await blobs.putFolder(attemptLayout(folder).output(name));
    if (tree !== artifact.tree || !digestFits(artifact, entries)) {
      throw invalid(
        `The output "${name}" was changed after the step had finished: something it started went on writing`,
        'output_changed',
        {
          output: name,
        },
      );
    }
    outputs[name] = artifact;
  }
  return outputs;
};

const digestFits = ({ kind, digest, value }: StepArtifact, entries: readonly TreeEntry[]): boolean => {
  const content = contentOf[kind];
  switch (kind) {
    case 'table':
      return digest.startsWith('rows:');
    case 'value':
      return digest === blobDigest(sha256(canonicalJson(value))) && digest === blobOf(entries, content);
    case 'file':
      return digest === blobOf(entries, content);
    case 'folder':
    case 'model':
      return digest === treeDigest(sha256(treeListing(below(entries, content))));
  }
};

const blobOf = (entries: readonly TreeEntry[], file: string) => entries.find((entry) => entry.path === file)?.blob;

const below = (entries: readonly TreeEntry[], folder: string): TreeEntry[] =>
  entries
    .filter((entry) => entry.path.startsWith(`${folder}/`))
    .map((entry) => ({ ...entry, path: path.posix.relative(folder, entry.path) }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
