import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { blobDigest } from '@boucle/contract';
import { makeManifest } from '../src/bundle/index.ts';
import { sha256 } from '../src/folder-tree.ts';
import { attemptLayout, runStep, stageStep } from '../src/runner/index.ts';
import { createLab, oneStepProject, specOf, temporaryFolder, writeProject } from '../src/testing/step-lab.ts';

const run = promisify(execFile);
const columns = ['text', 'label'].map((name) => ({ name, type: { type: 'text' } as const }));
const work = `
  import { Type, defineStep, table, value } from '@boucle/project';
  import { shout } from 'shouter';
  export const work = defineStep(import.meta, 'work', {
    inputs: { rows: table({ text: Type.String(), label: Type.String() }) },
    outputs: { said: value(Type.String()) },
    run: async ({ rows }, { out }) => {
      for await (const [row] of rows.batches()) out.said.set(shout(row!.text));
    },
  });
`;
const shouter = {
  'node_modules/shouter/package.json':
    '{ "name": "shouter", "version": "2.0.0", "type": "module", "exports": "./index.js", "dependencies": { "upper": "*" } }',
  'node_modules/shouter/index.js': `import { upper } from 'upper'; export const shout = (text) => upper(text) + '!';`,
  'node_modules/upper/package.json': '{ "name": "upper", "version": "1.0.0", "type": "module", "exports": "./upper.js" }',
  'node_modules/upper/upper.js': 'export const upper = (text) => text.toUpperCase();',
};

test('a machine that has the blobs has the project: its packages travel with it', async (t) => {
  const folder = await temporaryFolder(t);
  await writeProject(join(folder, 'project'), oneStepProject(work, shouter));
  const project = await makeManifest(join(folder, 'project'));
  assert.deepEqual(
    project.manifest.bundle.packages.map(({ name, version }) => `${name}@${version}`),
    ['shouter@2.0.0', 'upper@1.0.0'],
  );
  for (const [digest, file] of project.files) {
    const bytes = await buffer(file.open());
    assert.equal(digest, blobDigest(sha256(bytes)));
    assert.equal(file.size, bytes.length);
  }
  const lab = createLab(folder);
  await lab.keepBundle(project);
  await rm(join(folder, 'project'), { recursive: true });

  const rows = await lab.keepTable({ columns }, [{ text: 'late', label: 'a' }]);
  const spec = specOf(project, 'work', { inputs: { rows: [rows] } });
  const attempt = lab.next();
  await stageStep(spec, lab.source, attempt);
  const result = await runStep(attempt);
  assert.equal(result.status === 'succeeded' && result.outputs['said']?.value, 'LATE!');
});

test('bytes that are not what their digest says are refused while they are copied', async (t) => {
  const folder = await temporaryFolder(t);
  await writeProject(join(folder, 'project'), oneStepProject(work, shouter));
  const project = await makeManifest(join(folder, 'project'));
  const lab = createLab(folder);
  await lab.keepBundle(project);
  const damaged = { ...lab.source, read: async () => Readable.from([Buffer.from('something else')]) };
  await assert.rejects(stageStep(specOf(project, 'work'), damaged, lab.next()), { code: 'unavailable', reason: 'blob_damaged' });
  const escaping = { ...lab.source, tree: async () => [{ path: '../../x', blob: blobDigest('0'.repeat(64)), size: 1 }] };
  await assert.rejects(stageStep(specOf(project, 'work'), escaping, lab.next()), { reason: 'path_outside' });
});

test('a step of another version of the library is not run', async (t) => {
  const project = await makeManifest(join(import.meta.dirname, 'airline'));
  const lab = createLab(await temporaryFolder(t));
  await lab.keepBundle(project);
  const data = await lab.keepTable({ columns }, [{ text: 'late', label: 'a' }]);
  const attempt = lab.next();
  await stageStep(
    { ...specOf(project, 'split', { inputs: { data: [data] }, params: { seed: 1 } }), codeDigest: blobDigest('0'.repeat(64)) },
    lab.source,
    attempt,
  );
  const result = await runStep(attempt);
  assert.equal(result.status === 'failed' && result.failure.reason, 'library_changed');
  assert.ok(await readFile(attemptLayout(attempt).result, 'utf8'));
});

test('the manifest says at which commit the sources stood, and what was not committed', async (t) => {
  const folder = await temporaryFolder(t);
  const git = (...args: string[]) => run('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: folder });
  await writeProject(folder, oneStepProject(work, { ...shouter, '.gitignore': 'node_modules', 'notes.txt': '' }));
  const sourceNow = async () => (await makeManifest(folder)).manifest.source;
  assert.deepEqual(await sourceNow(), { commit: null, changes: null });
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  const clean = await sourceNow();
  assert.match(clean.commit ?? '', /^[0-9a-f]{40}$/);
  assert.equal(clean.changes, null);
  await writeFile(join(folder, 'unrelated.txt'), 'not a source of any step');
  assert.equal((await sourceNow()).changes, null);
  await appendFile(join(folder, 'steps/work.ts'), '// edited');
  const edited = await sourceNow();
  await appendFile(join(folder, 'steps/work.ts'), ' again');
  const again = await sourceNow();
  assert.equal(new Set([clean.changes, edited.changes, again.changes]).size, 3);
  assert.equal(again.commit, clean.commit);
});

test('the same project gives the same manifest', async (t) => {
  const [a, b] = [await temporaryFolder(t), await temporaryFolder(t)];
  for (const folder of [a, b]) await writeProject(folder, oneStepProject(work, shouter));
  assert.deepEqual((await makeManifest(a)).manifest, (await makeManifest(b)).manifest);
});
