import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { temporaryFolder } from '../src/testing/temporary-folder.ts';

const launcher = join(import.meta.dirname, '..', 'bin', 'boucle.js');
const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string };

/** Makes the Node that starts the launcher take itself for an old one; the Node that the launcher starts does not. */
const asOldNode = `--import=data:text/javascript,${encodeURIComponent(
  "const versions = { ...process.versions, node: '18.20.0' }; Object.defineProperty(process, 'versions', { value: versions });",
)}`;
const start = (nodeArgs: readonly string[], args: readonly string[]) => spawn(process.execPath, [...nodeArgs, launcher, ...args]);

test('under an old Node it finds the pinned one, and passes on what it says and its status', async () => {
  const child = start([asOldNode], ['--version']);
  assert.equal(await text(child.stdout), `${version}\n`);
  const wrong = start([asOldNode], ['nope']);
  const [[status], err] = await Promise.all([once(wrong, 'close'), text(wrong.stderr)]);
  assert.equal(status, 2);
  assert.match(err, /^boucle: unknown command 'nope'/);
});

for (const [name, nodeArgs] of [
  ['', []],
  [' behind an old Node', [asOldNode]],
] as const) {
  test(`a server${name} that is told to end does so in good order`, { timeout: 30_000 }, async (t) => {
    const { folder, remove } = await temporaryFolder();
    t.after(remove);
    const child = start(nodeArgs, ['up', '--port', '0', '--data', folder, '--log-level', 'silent']);
    t.after(() => child.kill('SIGKILL'));
    const ended = once(child, 'close');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const address = /^Boucle is ready at (http:\S+)/.exec(said.toString())?.[1];
    assert.equal((await fetch(`${address}/healthz`)).status, 200);
    const again = start([], ['up', '--port', '0', '--data', folder]);
    assert.match(await text(again.stderr), new RegExp(`in use by process \\d+ .*, at ${address}`));
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
}
