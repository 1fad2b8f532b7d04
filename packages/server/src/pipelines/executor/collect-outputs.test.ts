import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type PortSpec, blobDigest, treeDigest } from '@boucle/contract';
import { type OutputArtifact, attemptLayout } from '@boucle/project/runner';
import { createBlobs } from '../../platform/blobs/index.ts';
import { collectOutputs } from './collect-outputs.ts';

const nothing = '0'.repeat(64);

/** An attempt that left one output of the given files, and the store it goes to. */
const anAttempt = async (t: TestContext, kind: PortSpec['kind'], files: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'boucle-outputs-'));
  t.after(() => rm(folder, { recursive: true }));
  const output = attemptLayout(folder).output('out');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(output, name)), { recursive: true });
    await writeFile(path.join(output, name), text);
  }
  const blobs = await createBlobs(path.join(folder, 'blobs'));
  const { tree, entries } = await blobs.putFolder(output);
  const collect = (claimed: Partial<OutputArtifact>) =>
    collectOutputs(
      { ports: { inputs: {}, outputs: { out: { kind } } } },
      { out: { kind, tree, digest: `blob:${nothing}`, files: [], ...claimed } },
      { blobs, folder },
    );
  const blobOf = (name: string) => entries.find((entry) => entry.path === name)!.blob;
  return { collect, blobOf, blobs, folder };
};

test('an output is taken in as it was claimed, without the list of its files', async (t) => {
  const { collect, blobOf, blobs } = await anAttempt(t, 'value', { 'value.json': '{"f1":0.9}', 'manifest.json': '{}' });
  const { out } = await collect({ digest: blobOf('value.json'), value: { f1: 0.9 } });
  assert.deepEqual(Object.keys(out!).sort(), ['digest', 'kind', 'tree', 'value']);
  assert.equal((await blobs.tree(out!.tree as `tree:${string}`)).length, 2);
});

test('a folder and a model are held against the tree of their content', async (t) => {
  for (const [kind, at] of [
    ['folder', 'files'],
    ['model', 'model'],
  ] as const) {
    const { collect, folder } = await anAttempt(t, kind, { [`${at}/a.txt`]: 'a', [`${at}/deep/b.txt`]: 'b', 'manifest.json': '{}' });
    const content = await createBlobs(path.join(folder, 'other'));
    const { tree } = await content.putFolder(path.join(attemptLayout(folder).output('out'), at));
    assert.equal((await collect({ digest: tree }))['out']?.digest, tree);
    await assert.rejects(collect({ digest: treeDigest(nothing) }), { reason: 'output_changed' });
  }
});

test('a claim that does not fit what is there is refused', async (t) => {
  const { collect, blobOf } = await anAttempt(t, 'value', { 'value.json': '1', 'manifest.json': '{}' });
  const digest = blobOf('value.json');
  await assert.rejects(collect({ digest: blobDigest(nothing), value: 1 }), { reason: 'output_changed' });
  await assert.rejects(collect({ digest, value: 2 }), { reason: 'output_changed' });
  await assert.rejects(collect({ digest, value: 1, tree: treeDigest(nothing) }), { reason: 'output_changed' });
  await assert.rejects(collect({ digest, value: 1, kind: 'file' }), { reason: 'output_missing' });
  const file = await anAttempt(t, 'file', { file: 'x', 'manifest.json': '{}' });
  await assert.rejects(file.collect({ digest: file.blobOf('manifest.json') }), { reason: 'output_changed' });
});
