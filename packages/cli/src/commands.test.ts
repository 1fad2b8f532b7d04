import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aServer } from './testing/a-server.ts';
import { type Ended, runCli } from './testing/run-cli.ts';

let server: Awaited<ReturnType<typeof aServer>>;
before(async () => {
  server = await aServer();
});
after(() => server.close());
const boucle = (line: string, stdin?: string): Promise<Ended> =>
  runCli(line.split(' '), { cwd: server.folder, env: { BOUCLE_URL: server.address }, ...(stdin !== undefined && { stdin }) });
const said = async (line: string, stdin?: string): Promise<string> => {
  const { status, out, err } = await boucle(line, stdin);
  assert.deepEqual([status, err], [0, ''], line);
  return out;
};

test('lists of a new server are empty, and say how to begin', async () => {
  assert.match(await said('datasets list'), /^No datasets yet\. Add one with: boucle datasets add NAME FILE\n$/);
  assert.match(await said('approvals list'), /^Nothing waits for anybody to agree\.\n$/);
  assert.match(await said('runs list'), /^No runs yet\.\n$/);
  assert.equal(await said('models list --json'), '[]\n');
  assert.match(await said('projects list'), /^name +applied +created +problem\ndefault +no /);
});

test('a secret is read from standard input, and never shown', async () => {
  assert.equal(await said('secrets set HF_TOKEN', 'hush\n'), 'HF_TOKEN is sealed.\n');
  const list = await said('secrets list');
  assert.match(list, /^HF_TOKEN +sealed/m);
  assert.ok(!list.includes('hush'));
  assert.equal(await said('secrets remove HF_TOKEN'), 'HF_TOKEN is forgotten.\n');
  assert.deepEqual(await boucle('secrets set HF_TOKEN', ''), {
    status: 2,
    out: '',
    err: 'boucle: The value is empty: nothing was changed\n',
  });
});

test('a file becomes a version, the same rows do not become another, and rows are found by identity', async () => {
  await writeFile(join(server.folder, 'tweets.csv'), 'id,text\n1,"late, again"\n2,thanks\n2,thanks a lot\n');
  const added = await said('datasets add tweets tweets.csv --key id');
  assert.match(
    added,
    /^New version tweets@1\ndigest +rows:[0-9a-f]{12}…\nrows +3\ncolumns +id int, text text\nkey +id\nrepeated keys +1 row /,
  );
  assert.match(await said('datasets add tweets tweets.csv --key id'), /^The same rows are there already: tweets@1\n/);
  const rows = JSON.parse(await said('datasets rows tweets --json')) as { _row: string; text: string }[];
  assert.deepEqual(new Set(rows.map(({ text }) => text)), new Set(['late, again', 'thanks', 'thanks a lot']));
  const late = rows.find(({ text }) => text === 'late, again')!;
  assert.match(await said(`datasets rows tweets@1 --row ${late._row}`), /\n\S+ +1 +late, again\n$/);
  assert.match(await said('datasets show tweets'), /^id +int +0 +2 +1\.6667 +2 ×2, 1 ×1$/m);
});

test('what is not there is named, with where to look', async () => {
  const { status, err } = await boucle('datasets show tweets@9');
  assert.equal(status, 4);
  assert.match(err, /^boucle: .*tweets.*\n"boucle datasets list" shows the latest\.\ncode not_found, request [0-9a-f]{32}\n$/);
  assert.match((await boucle('runs list --project nope')).err, /Make it with "boucle apply" in its folder/);
  assert.match((await boucle('datasets add tweets nothing.csv')).err, /^boucle: There is no file .*nothing\.csv\n$/);
  assert.match((await boucle('datasets add tweets')).err, /There is no boucle\.config\.ts/);
  assert.match((await boucle('why training.clean')).err, /Pipeline training never ran/);
  assert.match((await boucle('predict nowhere --text a')).err, /nowhere.*\n(.*\n)?code not_found, request /);
});

test('rollouts are listed, and what is not there or not said is refused', async () => {
  const id = 'f'.repeat(32);
  assert.match(await said('rollouts list'), /^No rollouts yet\. Start one with: boucle rollouts start ENDPOINT\n$/);
  assert.equal((await boucle(`rollouts show ${id}`)).status, 4);
  assert.equal((await boucle(`rollout verify ${id}`)).status, 4);
  assert.equal((await boucle(`rollouts pause ${id}`)).status, 2);
  assert.match((await boucle('rollouts start nowhere')).err, /nowhere.*say which model/);
  assert.match((await boucle('rollouts start nowhere --policy none.json')).err, /There is no file none\.json/);
});

test('an explanation asks for a version that is there, and for a tolerance that makes sense', async () => {
  const { status, err } = await boucle('models explain sentiment 1 --text late');
  assert.equal(status, 4);
  assert.match(err, /^boucle: .*sentiment/);
  assert.equal((await boucle('models explain sentiment first --text late')).status, 2);
  assert.match((await boucle('models explain sentiment 1 --text late --tolerance 7')).err, /It takes a share from 0\.0001 to 1\./);
});

test('a token that is not known ends with 3', async () => {
  assert.equal((await boucle('runs list --token nope')).status, 3);
});

test('news is printed and ends where there is no more; the story of one upload is found by its id', async () => {
  const events = (await said('events --json'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; correlationId: string });
  const { correlationId } = events.find(({ type }) => type === 'dataset_version.created')!;
  assert.match(await said(`story ${correlationId}`), /Version 1 of dataset tweets came, with .* rows/);
  assert.match(await said(`story ${correlationId} --events`), /dataset_version\.created {2}dataset=tweets number=1/);
  assert.match(await said('story'), new RegExp(correlationId!));
});
