import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aServer } from '../src/testing/a-server.ts';
import { type Ended, runCli } from '../src/testing/run-cli.ts';

let server: Awaited<ReturnType<typeof aServer>>;
let folder: string;
before(async () => {
  server = await aServer();
  folder = join(server.folder, 'mood');
});
after(() => server.close());
const boucle = (line: string, ...more: readonly string[]): Promise<Ended> =>
  runCli([...line.split(' '), ...more], { cwd: folder, env: { BOUCLE_URL: server.address } });
const said = async (line: string, ...more: readonly string[]): Promise<string> => {
  const { status, out, err } = await boucle(line, ...more);
  assert.equal(status, 0, `${line}\n${err}`);
  return out;
};

const complaints = ['late again', 'lost my bag', 'rude crew', 'no refund yet', 'two hours on hold'];
const praise = ['great crew', 'landed early', 'thank you', 'lovely flight', 'what time is boarding'];
const tweets = (): string => {
  const rows = Array.from({ length: 240 }, (_, i) => {
    const isComplaint = i % 3 > 0;
    const phrases = isComplaint ? complaints : praise;
    return `${1000 + i},"@air ${phrases[i % phrases.length]!} ${i}",${isComplaint ? 'negative' : 'other'}`;
  });
  return ['id,text,sentiment', ...rows].join('\n');
};

test('a newcomer goes from nothing to a traced prediction', { timeout: 120_000 }, async (t) => {
  await t.test('init writes a project and says what to do next', async () => {
    await mkdir(folder);
    const written = await said('init');
    assert.match(written, /^Wrote mood into /);
    assert.match(written, /put rows into data\/tweets\.csv: id, text, sentiment \(negative or other\)\n/);
    assert.match(written, /boucle datasets add tweets\n/);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'tweets.csv'), tweets());
  });

  await t.test('plan shows everything as new, apply records it, and then there is nothing to change', async () => {
    const before = await said('plan');
    assert.match(before, /^Project mood, which is not on the server yet\n/);
    assert.match(before, /^ {2}\+ step training\.clean$/m);
    assert.match(before, /^ {2}\d+ files to send/m);
    assert.match(await said('apply'), /^Project mood, manifest 1 /);
    assert.match(await said('apply'), /manifest 1 .* was in force already\n$/);
    assert.match(await said('plan'), /Nothing to change/);
  });

  await t.test('the declared source becomes a version', async () => {
    assert.match(await said('datasets add tweets'), /^New version tweets@1\n(.*\n)*rows +240\n/);
  });

  await t.test('a run is followed step by step, and the second one is answered from the cache', async () => {
    const { status, out, err } = await boucle('pipelines run training');
    assert.equal(status, 0, err);
    for (const step of ['validate', 'clean', 'split', 'train', 'evaluate', 'register'])
      assert.match(err, new RegExp(`✓ ${step} +succeeded`));
    assert.match(out, /^training 1 succeeded in .*\nversion: mood\/1\n$/);
    assert.match((await boucle('pipelines run training')).err, /= train +cached/);
    assert.match(await said('why training.train'), /did not run/);
    assert.match(await said('steps log training.clean'), /of 240 rows kept/);
  });

  let prediction = '';
  await t.test('an endpoint answers, and the answer is traced to its rows', async () => {
    assert.match(await said('deploy mood'), /^mood answers, deployment 1\nmain +mood\/1 /);
    const predicted = JSON.parse(await said('predict mood --json --text', 'they lost my bag', 'thank you, lovely flight')) as {
      predictions: { id: string; outputs: { label: string } }[];
    };
    assert.deepEqual(
      predicted.predictions.map(({ outputs }) => outputs.label),
      ['negative', 'other'],
    );
    prediction = predicted.predictions[0]!.id;
    assert.equal(await said(`feedback ${prediction} other`), 'Recorded.\n');
    assert.equal(await said(`feedback ${prediction} other`), 'That was known already.\n');
    const story = await said(`trace ${prediction}`);
    for (const part of [
      /answered label negative/,
      /feedback: other/,
      /model mood, version 1 \(champion\)/,
      /from tweets@1/,
      /train: \d+ rows/,
    ])
      assert.match(story, part);
  });

  await t.test('the run behind it comes out equal when it is run again', async () => {
    const { run } = JSON.parse(await said(`trace ${prediction} --json`)) as { run: { id: string } };
    assert.match(await said(`reproduce ${run.id}`), /^model +tree:.*equal$[^]*Equal: every output has the digest that was recorded\.\n$/m);
  });

  await t.test('an edit that breaks a step is told with its place and its log, and the status says so', async () => {
    const step = join(folder, 'steps', 'clean.ts');
    await writeFile(
      step,
      (await readFile(step, 'utf8')).replace(
        'let [seen',
        "log('before it breaks'); if (minLength > 0) throw new Error('kaboom');\n    let [seen",
      ),
    );
    assert.match(await said('plan'), /^ {2}~ step training\.clean {2}code$/m);
    await said('apply');
    const { status, err } = await boucle('pipelines run training');
    assert.equal(status, 1);
    assert.match(err, /training\.clean failed: kaboom\n {2}at steps\/clean\.ts:\d+\n {2}The end of its log:\n {4}before it breaks\n/);
    assert.match(await said('why training.clean'), /clean ran: code/);
  });

  await t.test('and the step fails alone in the same way, without a server', async () => {
    const { status, err } = await boucle('steps run training.clean --url http://127.0.0.1:9');
    assert.equal(status, 6);
    assert.match(err, /First training\.validate\nbefore it breaks\nboucle: training\.clean failed: kaboom\n/);
  });
});
