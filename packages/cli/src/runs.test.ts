import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Client, createClient } from '@boucle/sdk';
import { aServer } from './testing/a-server.ts';
import { type Ended, runCli } from './testing/run-cli.ts';

let server: Awaited<ReturnType<typeof aServer>>;
let client: Client;
const params = { project: 'default' };
before(async () => {
  server = await aServer();
  client = createClient({ baseUrl: server.address });
});
after(() => server.close());
const boucle = (...args: string[]): Promise<Ended> => runCli(args, { cwd: server.folder, env: { BOUCLE_URL: server.address } });
const said = async (...args: string[]): Promise<string> => {
  const { status, out, err } = await boucle(...args);
  assert.deepEqual([status, err], [0, ''], args.join(' '));
  return out;
};
const aRun = async (name: string, { lr, f1 }: { lr: string; f1: number }): Promise<string> => {
  const { id: runId } = await client.runs.create({ params, body: { experiment: 'fraud', name, params: { lr, kind: 'bert' } } });
  await client.runs.log({ params: { ...params, runId }, body: { metrics: [{ key: 'f1', value: f1 }] } });
  await client.runs.finish({ params: { ...params, runId }, body: { status: 'finished' } });
  return runId;
};
let slow: string;
let quick: string;

test('runs are listed by a filter and an order, and a filter that cannot be read shows its place', async () => {
  slow = await aRun('slow', { lr: '0.1', f1: 0.91 });
  quick = await aRun('quick, "so"', { lr: '1', f1: 0.5 });
  const list = JSON.parse(await said('runs', 'list', '--experiment', 'fraud', '--order-by', 'metrics.f1 DESC', '--json')) as {
    id: string;
  }[];
  assert.deepEqual(
    list.map(({ id }) => id),
    [slow, quick],
  );
  assert.match(
    await said('runs', 'ls', '--filter', "metrics.f1 > 0.9 AND params.kind = 'bert'"),
    new RegExp(`^id.*\n${slow} +slow +finished .* f1=0.91\n$`),
  );
  assert.equal(await said('runs', 'list', '--filter', 'metrics.f1 > 7'), 'No run is like that.\n');
  const bad = await boucle('runs', 'list', '--filter', 'metrics.f1 >');
  assert.equal(bad.status, 2);
  assert.match(
    (await boucle('runs', 'list', '--experiment', 'nope')).err,
    /^boucle: experiment nope does not exist\n"boucle experiments list" lists them/,
  );
});

test('a comparison shows what differs, and all of it where that is asked for', async () => {
  assert.equal(
    await said('runs', 'compare', slow, quick),
    'params\n    slow  quick, "so"\nlr  0.1   1\n\nlast metrics\n    slow  quick, "so"\nf1  0.91  0.5\n',
  );
  assert.match(await said('runs', 'compare', slow, quick, '--all'), /^kind +bert +bert$/m);
  assert.equal((await boucle('runs', 'compare', slow)).status, 2);
});

test('a table of runs is a file that is there when all of it is', async () => {
  assert.equal(await said('runs', 'export', '--experiment', 'fraud', '--to', 'runs.csv'), 'runs.csv has 2 runs.\n');
  const [head, ...lines] = (await readFile(join(server.folder, 'runs.csv'), 'utf8')).trim().split('\r\n');
  assert.equal(head, 'id,name,experimentId,status,startedAt,endedAt,userId,parentRunId,params.kind,params.lr,metrics.f1');
  assert.ok(lines.some((line) => line.startsWith(`${quick},"quick, ""so""",`) && line.endsWith(',bert,1,0.5')));
  await said('runs', 'export', '--filter', 'metrics.f1 > 0.9', '--to', 'runs.jsonl');
  const run = JSON.parse(await readFile(join(server.folder, 'runs.jsonl'), 'utf8')) as { id: string };
  assert.equal(run.id, slow);
  assert.match((await boucle('runs', 'export', '--to', 'runs.xlsx')).err, /end it in \.csv or \.jsonl/);
  assert.equal((await boucle('runs', 'export', '--filter', 'x', '--to', 'none.csv')).status, 2);
  await assert.rejects(readFile(join(server.folder, 'none.csv')), { code: 'ENOENT' });
});

test('watching a run says what moves, and ends when it does', async () => {
  const { id: runId } = await client.runs.create({ params, body: { name: 'live' } });
  await client.runs.log({ params: { ...params, runId }, body: { metrics: [{ key: 'loss', value: 1 }] } });
  const watching = boucle('runs', 'watch', runId);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.runs.log({ params: { ...params, runId }, body: { metrics: [{ key: 'loss', value: 0.5, step: 1 }] } });
  await client.runs.finish({ params: { ...params, runId }, body: { status: 'finished' } });
  const { status, out, err } = await watching;
  assert.deepEqual([status, err], [0, 'loss 1\nloss 0.5\n']);
  assert.match(out, /^live {2}finished\nmetric +last value\nloss +0\.5\n$/);
});

test('an experiment is renamed, deleted and brought back by its name', async () => {
  assert.equal(await said('experiments', 'rename', 'fraud', "ada's"), "Experiment 1 is called ada's.\n");
  assert.match(await said('experiments', 'show', "ada's"), new RegExp(`^ada's\nid +1\n(.*\n)+run +name.*\n${quick} .*\n${slow} .*\n$`));
  assert.match(await said('experiments', 'remove', "ada's"), /come back with: boucle experiments restore 1\n$/);
  assert.equal(JSON.parse(await said('experiments', 'list', '--json', '--filter', "name = 'fraud'")).length, 0);
  assert.match(await said('experiments', 'ls', '--view', 'deleted'), /^id +name +created\n1 +ada's, deleted /);
  assert.match(await said('experiments', 'restore', '1'), /^ada's is back/);
});

test('models are tagged, staged, renamed and removed', async () => {
  await client.models.create({ params, body: { name: 'spam' } });
  assert.equal(await said('models', 'tag', 'spam', 'team=risk', 'a=b'), 'spam is tagged team=risk a=b.\n');
  assert.match(await said('models', 'list', '--filter', "tags.team = 'risk'"), /^name.*\nspam /);
  assert.equal(await said('models', 'untag', 'spam', 'team'), 'spam has no tag team any more.\n');
  assert.equal(await said('models', 'list', '--filter', "tags.team = 'risk'"), 'No model is like that.\n');
  assert.equal((await boucle('models', 'stage', 'spam', '1', 'production')).status, 4);
  assert.equal((await boucle('models', 'stage', 'spam', '1', 'somewhere')).status, 2);
  assert.equal(await said('models', 'rename', 'spam', 'ham'), 'spam is called ham.\n');
  assert.equal(await said('models', 'remove', 'ham'), 'ham is removed, with its versions.\n');
  assert.equal((await boucle('models', 'show', 'ham')).status, 4);
});
