import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups } from './catalogue.ts';
import { runCli } from './testing/run-cli.ts';

const entries = groups.flatMap((group) => group.entries);

test('help names every command, with all nouns described', async () => {
  const { status, out } = await runCli(['--help']);
  assert.equal(status, 0);
  for (const { words } of entries) assert.match(out, new RegExp(`^  ${words.split(' ')[0]!}  +\\S`, 'm'));
});

for (const { words, about } of entries) {
  test(`boucle ${words} --help says what it does`, async () => {
    const { status, out, err } = await runCli([...words.split(' '), '--help']);
    assert.deepEqual([status, err], [0, '']);
    assert.ok(out.startsWith(`Usage: boucle ${words} `) && out.includes(`\n${about}\n`) && out.includes('--json'));
  });
}

test('a word that is nearly right is answered with the right one', async () => {
  assert.match((await runCli(['pipeline'])).err, /unknown command 'pipeline'\n\(Did you mean pipelines\?\)/);
  assert.match((await runCli(['runs', 'lst'])).err, /Did you mean list\?/);
  assert.match((await runCli(['runs', 'list', '--jsno'])).err, /Did you mean --json\?/);
});

test('a command line that cannot be understood ends with 2, and says so like any other error', async () => {
  for (const args of [
    ['nope'],
    ['runs'],
    ['trace'],
    ['trace', 'x'],
    ['runs', 'list', '--limit', '0'],
    ['pipelines', 'run', 'a', '--param', 'x'],
  ]) {
    assert.equal((await runCli(args)).status, 2, args.join(' '));
  }
  assert.match((await runCli(['trace'])).err, /^boucle: missing required argument 'prediction'\n/);
});

test('global options are known before and behind a command', async () => {
  const env = { BOUCLE_URL: 'http://127.0.0.1:40001' };
  for (const args of [
    ['--url', 'nonsense', 'runs', 'list'],
    ['runs', 'list', '--url', 'nonsense'],
  ]) {
    const { status, err } = await runCli(args, { env });
    assert.deepEqual([status, err], [2, 'boucle: "nonsense" is no address of a server; write it like http://127.0.0.1:5050\n']);
  }
});

test('routes are listed without a server', async () => {
  const { out } = await runCli(['api']);
  assert.match(out, /^PUT {5}\/api\/v1\/projects\/:project\/manifest +manifests:write +Record a manifest/m);
  const routes = JSON.parse((await runCli(['api', '--json'])).out) as { name: string }[];
  assert.ok(routes.some(({ name }) => name === 'datasets.versions.create'));
});
