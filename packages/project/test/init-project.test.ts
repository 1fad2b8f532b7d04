import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type NewProject, initProject, makeManifest } from '../src/bundle/index.ts';
import { temporaryFolder } from '../src/testing/step-lab.ts';

const run = promisify(execFile);
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

const kinds: [name: string, about: NewProject][] = [
  ['tweets', {}],
  ['a file of texts, of which only the columns are known', { name: 'mail', source: '/tmp/mail.tsv', text: 'body', label: 'kind of mail' }],
  [
    'a file with a key, of which one label counts',
    { source: 'x.csv', text: 'text', label: 'airline_sentiment', key: 'tweet_id', positive: 'negative' },
  ],
  [
    'labels that need quoting',
    { source: "it's.csv", text: 'a "b"', label: 'c\\d', labels: ["don't", 'other', 'x"y'], positive: 'other', key: 'a "b"' },
  ],
];
for (const [name, about] of kinds) {
  test(`a new project about ${name} compiles, passes its tests and gives a manifest`, async (t) => {
    const folder = join(await temporaryFolder(t), 'new');
    await initProject(folder, about);
    await run(process.execPath, [compiler, '-p', '.'], { cwd: folder }).catch((error: { stdout: string }) => assert.fail(error.stdout));
    const env = { ...process.env };
    delete env['NODE_TEST_CONTEXT'];
    const { stdout } = await run(process.execPath, ['--test'], { cwd: folder, env });
    assert.match(stdout, /pass 2/);
    const { manifest, files } = await makeManifest(folder);
    assert.deepEqual(
      manifest.pipelines[0]?.steps.map(({ id }) => id),
      ['validate', 'clean', 'split', 'train', 'evaluate', 'register'],
    );
    assert.equal(manifest.bundle.packages.length, 0);
    assert.ok(files.size >= 3);
  });
}

test('a folder with something in it is left alone', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'thesis.md'), '');
  await assert.rejects(initProject(folder, {}), { code: 'conflict', message: /not empty \(thesis\.md\)/ });
});

test('names that contradict each other are refused before anything is written', async (t) => {
  const folder = join(await temporaryFolder(t), 'new');
  await assert.rejects(initProject(folder, { source: 'x.csv', text: 'a', label: 'a' }), { reason: 'same_column' });
  await assert.rejects(initProject(folder, { positive: 'angry' }), { reason: 'unknown_label' });
  await assert.rejects(initProject(folder, { name: 'a b' }), { reason: 'bad_name' });
});
