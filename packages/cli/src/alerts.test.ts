import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aServer } from './testing/a-server.ts';
import { runCli } from './testing/run-cli.ts';

let server: Awaited<ReturnType<typeof aServer>>;
before(async () => {
  server = await aServer();
});
after(() => server.close());
const boucle = (...args: string[]) => runCli(args, { cwd: server.folder, env: { BOUCLE_URL: server.address } });
const said = async (...args: string[]): Promise<string> => {
  const { status, out, err } = await boucle(...args);
  assert.deepEqual([status, err], [0, ''], args.join(' '));
  return out;
};

test('lists of alerts, channels and messages are empty at first, and say so', async () => {
  assert.equal(await said('alerts', 'list'), 'No alerts.\n');
  assert.equal(await said('notifications', 'list'), 'Nothing was sent yet.\n');
  assert.match(await said('channels', 'list'), /^No channels\. Declare some with defineChannel/);
});

test('a silence is made, listed and ended', async () => {
  assert.match(
    await said('silences', 'add', 'alertname=bad buzz', 'severity!=critical', '--for', '2h', '--comment', 'known'),
    /^Nothing is sent of them until \S+ \S+Z\. End it with: boucle silences remove [0-9a-f]{32}\n$/,
  );
  const [silence] = JSON.parse(await said('silences', 'list', '--json')) as [{ id: string; status: string }];
  assert.equal(silence.status, 'active');
  assert.match(await said('silences', 'list'), /active +alertname=bad buzz severity!=critical .* owner +known/);
  assert.match(await said('silences', 'remove', silence.id), /^The silence has ended/);
  assert.match(await said('silences', 'list'), / ended /);
});

test('what cannot be done says why', async () => {
  assert.match((await boucle('silences', 'add', 'alertname', '--for', '2h')).err, /"alertname" is no matcher: write name=value/);
  assert.match((await boucle('silences', 'add', 'a=b')).err, /Say --for or --until/);
  assert.match((await boucle('silences', 'add', 'a=b', '--for', 'long')).err, /Write it as 90s, 5m, 6h or 7d/);
  assert.equal((await boucle('channels', 'test', 'nobody')).status, 4);
  assert.equal((await boucle('alerts', 'show', 'f'.repeat(32))).status, 4);
  assert.equal((await boucle('alerts', 'ack', 'f'.repeat(32))).status, 4);
});
