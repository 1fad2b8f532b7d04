import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aServer } from './testing/a-server.ts';
import { type Ended, runCli } from './testing/run-cli.ts';

let server: Awaited<ReturnType<typeof aServer>>;
before(async () => {
  server = await aServer();
});
after(() => server.close());
const boucle = (line: string, stdin = ''): Promise<Ended> =>
  runCli(line.split(' '), { cwd: server.folder, env: { BOUCLE_URL: server.address }, stdin });

test('a backup of a running server is made, checked and restored by commands, which say that the key is not in it', async () => {
  const data = join(server.folder, 'data');
  await boucle('secrets set TOKEN', 'a secret value\n');
  const made = await boucle(`backup kept --data ${data}`);
  assert.equal(made.status, 0, made.err);
  assert.match(made.out, /^Backup \d{8}T\d{9}Z: .* all checked\.$/m);
  assert.match(made.err, /Their key is not: keep a copy of .*secrets\.key elsewhere/);
  const { id, key, added } = JSON.parse((await boucle(`backup kept --data ${data} --json`)).out) as {
    id: string;
    key: { included: boolean; file: string };
    added: { blobs: number };
  };
  assert.deepEqual(key, { included: false, file: join(data, 'secrets.key') });
  assert.ok(added.blobs <= 2);
  assert.match((await boucle('restore kept --check')).out, new RegExp(`^Backup ${id} is whole`));
  const restored = await boucle(`restore kept --backup ${id} --data ${join(server.folder, 'again')}`);
  assert.equal(restored.status, 0, restored.err);
  assert.match(restored.out, /boucle up --data/);
  assert.match(restored.err, /bring their key to .*secrets\.key first/);
  assert.ok((await readdir(join(server.folder, 'again'))).includes('boucle.sqlite'));
  assert.equal((await boucle(`restore kept --data ${data}`)).status, 5);
  assert.equal((await boucle(`backup kept --keep 0 --data ${data}`)).status, 2);
  assert.equal((await boucle('backup kept --data nowhere')).status, 4);
});

test('a damaged backup is named, and nothing is restored from it', async () => {
  const { id } = JSON.parse((await boucle(`backup worn --data ${join(server.folder, 'data')} --json`)).out) as { id: string };
  const [shard] = (await readdir(join(server.folder, 'worn', 'blobs'))).filter((name) => name.length === 2);
  const [rest] = await readdir(join(server.folder, 'worn', 'blobs', shard!));
  await writeFile(join(server.folder, 'worn', 'blobs', shard!, rest!), 'worn out');
  const checked = await boucle(`restore worn --backup ${id} --check`);
  assert.equal(checked.status, 6);
  assert.match(checked.err, new RegExp(`blob:${shard}${rest}`));
});

test('garbage is told of before it goes', async () => {
  assert.match((await boucle('gc --dry-run')).out, /^0 blobs \(0 B\) would go\. /);
  const { dryRun, freed } = JSON.parse((await boucle('gc --grace 2 --json')).out) as { dryRun: boolean; freed: object };
  assert.deepEqual([dryRun, freed], [false, { blobs: 0, bytes: 0 }]);
  assert.match((await boucle('gc --grace 0')).err, /whole number of hours/);
});
