import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aServer } from './testing/a-server.ts';
import { type Ended, runCli } from './testing/run-cli.ts';

let server: Awaited<ReturnType<typeof aServer>>;
before(async () => {
  server = await aServer();
});
after(() => server.close());
const boucle = (line: string, { stdin, token }: { stdin?: string; token?: string } = {}): Promise<Ended> =>
  runCli(line.split(' '), {
    cwd: server.folder,
    env: { BOUCLE_URL: server.address, ...(token !== undefined && { BOUCLE_TOKEN: token }) },
    ...(stdin !== undefined && { stdin }),
  });

test('a token is made before the first user, and opens the server after', async () => {
  assert.match((await boucle('users list')).out, /^No users/);
  const made = await boucle('tokens create mine');
  assert.match(made.out, /^bcl_[\w-]{43}\n$/);
  assert.match(made.err, /shown this once/);
  const token = made.out.trim();
  const ada = await boucle('users create ada', { stdin: 'a password of hers\n' });
  assert.equal(ada.out, 'ada may come in, as an administrator.\n');
  assert.match(ada.err, /needs BOUCLE_TOKEN next time/);
  assert.equal((await boucle('users list')).status, 3);
  assert.match((await boucle('users list', { token })).out, /^ada +yes /m);

  assert.equal((await boucle('users create bob', { stdin: 'a password of his\n', token })).out, 'bob may come in.\n');
  assert.equal((await boucle('users role bob edit', { token })).out, 'bob may edit in default.\n');
  assert.equal((await boucle('users role bob rule', { token })).status, 2);
  assert.match((await boucle('users password bob', { stdin: 'short\n', token })).err, /at least 12 characters/);
  assert.equal((await boucle('users password bob', { stdin: 'another of his\n', token })).out, 'bob has another password.\n');
  assert.match((await boucle('users remove bob', { token })).out, /^bob comes in no more/);

  const narrow = (await boucle('tokens create ci --only default --may datasets:read --for 7d', { token })).out.trim();
  assert.equal((await boucle('datasets list', { token: narrow })).status, 0);
  assert.equal((await boucle('experiments list', { token: narrow })).status, 3);
  const [ci] = JSON.parse((await boucle('tokens list --json', { token })).out) as [{ id: string; name: string; token?: string }];
  assert.deepEqual([ci.name, ci.token], ['ci', undefined]);
  assert.equal((await boucle(`tokens revoke ${ci.id}`, { token })).out, 'ci opens nothing any more.\n');
  assert.equal((await boucle('datasets list', { token: narrow })).status, 3);
  assert.match((await boucle('tokens list', { token })).out, new RegExp(`^${ci.id} +ci .* revoked `, 'm'));
});
