import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const run = promisify(execFile);
const { folder, remove } = await temporaryFolder();
after(remove);
const script = path.join(folder, 'completion.bash');
await writeFile(script, (await runCli(['completion', 'bash'])).out);

/** What bash offers for the last of the words. */
const offered = async (...words: string[]): Promise<string[]> => {
  const ask = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _boucle; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', ask, 'bash', script, 'boucle', ...words]);
  return stdout.split('\n').filter(Boolean);
};

test('the first word is a command or a noun', async () => {
  assert.deepEqual(await offered('pip'), ['pipelines']);
  const all = await offered('');
  for (const word of ['up', 'runs', 'models', '--json', '--help']) assert.ok(all.includes(word), word);
});

test('behind a noun come its verbs, behind a verb its options', async () => {
  assert.deepEqual(await offered('runs', 'comp'), ['compare']);
  const options = await offered('pipelines', 'run', 'training', '--');
  for (const option of ['--param', '--project']) assert.ok(options.includes(option), option);
  assert.ok(!options.includes('--text'));
});

test('options before and between the words change nothing', async () => {
  assert.deepEqual(await offered('--json', 'runs', 'comp'), ['compare']);
  assert.deepEqual(await offered('--project', 'airline', 'mod'), ['models']);
});

test('where no word fits the shell goes on with files', async () => {
  assert.deepEqual(await offered('datasets', 'add', 'tweets', './da'), []);
});

for (const shell of ['bash', 'zsh', 'fish']) {
  test(`${shell} has each command, described where the shell shows that`, async () => {
    const { status, out } = await runCli(['completion', shell]);
    assert.equal(status, 0);
    assert.match(out, /reproduce/);
    assert.equal(out.includes('Run a run again, and compare digests'), shell !== 'bash');
  });
}

test('another shell is refused with those that are known', async () => {
  const { status, err } = await runCli(['completion', 'tcsh']);
  assert.equal(status, 2);
  assert.match(err, /bash, zsh, fish/);
});
