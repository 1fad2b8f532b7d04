import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aServer } from '../testing/a-server.ts';
import { world, writeMlflowDatabase, writeMlruns } from '../testing/mlflow-files.ts';
import { type Ended, runCli } from '../testing/run-cli.ts';
import type { Copied } from './copy.ts';
import { readServer } from './read-server.ts';
import type { MlflowFile, MlflowRun, MlflowSource } from './source.ts';
import { withoutOwn } from './target.ts';
import { createWire } from './wire.ts';

type Server = Awaited<ReturnType<typeof aServer>>;
let servers: Server[];
before(async () => {
  servers = [await aServer(), await aServer(), await aServer(), await aServer()];
  await writeMlruns(join(servers[0]!.folder, 'mlruns'));
});
after(() => Promise.all(servers.map((server) => server.close())));

const boucle = (server: Server, args: readonly string[]): Promise<Ended> =>
  runCli(args, { cwd: server.folder, env: { BOUCLE_URL: server.address } });
const copied = async (server: Server, args: readonly string[]): Promise<Copied> =>
  JSON.parse((await boucle(server, [...args, '--json'])).out) as Copied;

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};
const textOf = async (open: MlflowFile['open']): Promise<string> => new Response(await open()).text();

/** All that a server says, by names: its ids are its own. */
const everything = async (server: Server) => {
  const source: MlflowSource = readServer(createWire({ url: server.address }));
  const names = new Map<string, string>();
  const runFacts = async (run: MlflowRun) => ({
    name: run.name,
    status: run.status,
    userId: run.userId,
    times: [run.startTime, run.endTime],
    isDeleted: run.isDeleted,
    params: run.params,
    tags: {
      ...withoutOwn(run.tags),
      ...(run.tags['mlflow.parentRunId'] && { 'mlflow.parentRunId': names.get(run.tags['mlflow.parentRunId']) }),
    },
    points: Object.fromEntries(
      await Promise.all(Object.keys(run.metrics).map(async (key) => [key, await all(source.points(run, key))] as const)),
    ),
    datasets: run.datasets,
    files: await Promise.all((await all(source.files(run))).map(async ({ path, size, open }) => [path, size, await textOf(open)])),
  });
  const experiments = [];
  for (const experiment of await all(source.experiments())) {
    const runs = await all(source.runs(experiment));
    for (const { id, name } of runs) names.set(id, name);
    experiments.push({
      name: experiment.name,
      isDeleted: experiment.isDeleted,
      tags: withoutOwn(experiment.tags),
      runs: (await Promise.all(runs.map(runFacts))).sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
  }
  const models = [];
  for (const model of await all(source.models())) {
    const versions = (await all(source.versions(model))).map(({ source: from, runId, tags, ...rest }) => ({
      ...rest,
      tags: withoutOwn(tags),
      run: names.get(runId),
      source: from.replace(/^mlflow-artifacts:\/\d+\/([0-9a-f]{32})/, (_, id: string) => names.get(id) ?? id),
    }));
    models.push({ ...model, versions });
  }
  return { experiments: experiments.filter(({ name }) => name !== 'Default').sort((a, b) => (a.name < b.name ? -1 : 1)), models };
};

const first = {
  name: "ada's first",
  status: 'FINISHED',
  userId: 'ada',
  times: [world.start, world.start + 5000],
  isDeleted: false,
  params: { lr: '0.1', 'model/kind': 'bert\nlarge' },
  tags: { stage: 'trial', 'mlflow.runName': "ada's first" },
  points: {
    loss: [
      { key: 'loss', value: 1, timestamp: world.start, step: 0 },
      { key: 'loss', value: 0.5, timestamp: world.start + 1, step: 1 },
      { key: 'loss', value: 'NaN', timestamp: world.start + 2, step: '9007199254740993' },
    ],
    'val/acc': [{ key: 'val/acc', value: Number.MAX_VALUE, timestamp: world.start, step: 0 }],
  },
  datasets: [
    {
      name: 'rows',
      digest: 'abc',
      source_type: 'local',
      source: '{"uri":"x"}',
      schema: '{"n":1}',
      tags: { 'mlflow.data.context': 'train' },
    },
  ],
  files: [
    ['notes ü.txt', 5, 'hello'],
    ['model/MLmodel', 12, 'flavors: {}\n'],
  ],
};
const child = {
  ...first,
  name: 'child',
  status: 'FAILED',
  times: [world.start - 1, world.start + 5000],
  params: {},
  tags: { 'mlflow.runName': 'child', 'mlflow.parentRunId': "ada's first" },
  points: {},
  datasets: [],
  files: [],
};
const version = { description: '', runLink: '', stage: 'None', tags: {}, run: "ada's first", source: "ada's first/artifacts/model" };
const expected = {
  experiments: [
    { name: 'dead', isDeleted: true, tags: {}, runs: [] },
    {
      name: 'fraud',
      isDeleted: false,
      tags: { team: 'risk' },
      runs: [
        first,
        child,
        { ...child, name: 'gone', status: 'FINISHED', times: first.times, isDeleted: true, tags: { 'mlflow.runName': 'gone' } },
      ],
    },
  ],
  models: [
    {
      name: 'spam',
      description: 'about spam',
      tags: { owner: 'ada' },
      aliases: { champion: '3' },
      versions: [
        { ...version, number: 1, stage: 'Production', tags: { checked: 'yes' } },
        { ...version, number: 3, description: 'better' },
      ],
    },
  ],
};
/** The folder's child has an empty file beside it. */
const ofFolder = structuredClone(expected);
ofFolder.experiments[1]!.runs[1]!.files = [['.keep', 0, '']];

test('a folder mlruns comes over whole, and is not doubled when it is brought again', async () => {
  const [server] = servers;
  const { failures, ...counts } = await copied(server!, ['import', 'mlflow', '--from', 'mlruns']);
  assert.deepEqual(failures, []);
  assert.deepEqual([counts.experiments, counts.runs, counts.points, counts.files, counts.models, counts.versions], [2, 3, 4, 3, 1, 2]);
  assert.deepEqual(await everything(server!), ofFolder);

  const again = await copied(server!, ['import', 'mlflow', '--from', 'mlruns']);
  assert.deepEqual([again.runs, again.runsThere, again.points, again.files, again.versions, again.versionsThere], [0, 3, 0, 0, 0, 2]);
  assert.deepEqual(await everything(server!), ofFolder);
});

test('wherever it is broken off, also after the server took something and could not say so, doing it again makes it whole', async () => {
  const server = await aServer();
  try {
    const args = ['import', 'mlflow', '--from', join(servers[0]!.folder, 'mlruns'), '--json'];
    const around = { cwd: server.folder, env: { BOUCLE_URL: server.address } };
    let broken = 0;
    for (let most = 1; ; most += 3) {
      let asked = 0;
      const cut = async (url: string, init: RequestInit): Promise<Response> => {
        asked += 1;
        if (asked > most) throw new Error('the line is cut');
        const response = await fetch(url, init);
        if (asked < most) return response;
        await response.body?.cancel();
        throw new Error('the answer is lost');
      };
      const { status } = await runCli(args, { ...around, fetch: cut });
      if (status === 0) break;
      broken += 1;
    }
    assert.ok(broken > 5);
    assert.deepEqual(await everything(server), ofFolder);
  } finally {
    await server.close();
  }
});

test('of a run that went on, only what is new is added', async () => {
  const [server] = servers;
  const run = join(server!.folder, 'mlruns', '7', world.parent);
  await writeFile(join(run, 'metrics', 'late'), `${world.start} 7 0\n`);
  await writeFile(join(run, 'artifacts', 'more.txt'), 'more');
  const { runs, runsThere, files, filesThere, failures } = await copied(server!, ['import', 'mlflow', '--from', 'mlruns']);
  assert.deepEqual([runs, runsThere, files, filesThere, failures], [1, 2, 1, 2, []]);
  const [, fraud] = (await everything(server!)).experiments;
  assert.deepEqual(fraud!.runs[0]!.points['loss'], first.points.loss);
  assert.equal(fraud!.runs.length, 3);
  await rm(join(run, 'metrics', 'late'));
  await rm(join(run, 'artifacts', 'more.txt'));
});

test('a database comes over like its folder would; files that cannot be found leave their run named', async () => {
  const server = servers[1]!;
  await writeMlflowDatabase(join(server.folder, 'mlflow.db'), join(server.folder, 'kept', '7', world.parent, 'artifacts'));
  const lost = await boucle(server, ['import', 'mlflow', '--from', 'sqlite:///mlflow.db']);
  assert.equal(lost.status, 1);
  assert.match(lost.err, /^Not brought: run b+: The files of mlflow-artifacts:.* lie where its server kept them: .* --artifact-folder\n/);
  const found = await copied(server, ['import', 'mlflow', '--from', 'sqlite:///mlflow.db', '--artifact-folder', 'kept']);
  assert.deepEqual([found.failures, found.runs, found.runsThere], [[], 2, 1]);
  assert.deepEqual(await everything(server), expected);
});

test('what a server has is read from it, and sent to another', async () => {
  const [, from, to, further] = servers as [Server, Server, Server, Server];
  assert.deepEqual((await copied(to, ['import', 'mlflow', '--from', from.address])).failures, []);
  assert.deepEqual(await everything(to), expected);
  assert.deepEqual((await copied(to, ['export', 'mlflow', '--to', further.address])).failures, []);
  assert.deepEqual(await everything(further), expected);
  assert.equal((await copied(to, ['export', 'mlflow', '--to', further.address])).runsThere, 3);
});

test('logged models come along, and versions of them point at the new ones', async () => {
  const [, , from, to] = servers as [Server, Server, Server, Server];
  const wire = createWire({ url: from.address });
  const api = '/api/2.0/mlflow';
  const { experiment_id } = await wire.post<{ experiment_id: string }>(`${api}/experiments/create`, { name: 'logged' });
  const { run } = await wire.post<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, { experiment_id });
  const { model } = await wire.post<{ model: { info: { model_id: string; artifact_uri: string } } }>(`${api}/logged-models`, {
    experiment_id,
    name: 'net',
    source_run_id: run.info.run_id,
    params: [{ key: 'depth', value: '3' }],
  });
  const { model_id: id, artifact_uri: uri } = model.info;
  await wire.upload(`/api/2.0/mlflow-artifacts/artifacts/${uri.replace('mlflow-artifacts:/', '')}/MLmodel`, 'flavors: {}\n');
  await wire.patch(`${api}/logged-models/${id}`, { model_id: id, status: 'LOGGED_MODEL_READY' });
  await wire.post(`${api}/registered-models/create`, { name: 'net' });
  await wire.post(`${api}/model-versions/create`, { name: 'net', source: `models:/${id}`, model_id: id });

  assert.deepEqual((await copied(from, ['export', 'mlflow', '--to', to.address])).failures, []);
  const source = readServer(createWire({ url: to.address }));
  const experiment = (await all(source.experiments())).find(({ name }) => name === 'logged')!;
  const [logged] = await all(source.loggedModels(experiment));
  assert.deepEqual([logged!.name, logged!.params, logged!.status], ['net', { depth: '3' }, 'LOGGED_MODEL_READY']);
  assert.deepEqual(await Promise.all((await all(source.modelFiles(logged!))).map(({ open }) => textOf(open))), ['flavors: {}\n']);
  const [run2] = await all(source.runs(experiment));
  assert.equal(logged!.sourceRunId, run2!.id);
  const [version2] = await all(source.versions({ name: 'net', description: '', tags: {}, aliases: {} }));
  assert.match(version2!.source, new RegExp(`${logged!.id}`));
  assert.equal((await copied(from, ['export', 'mlflow', '--to', to.address])).loggedModels, 0);
});

test('a prompt, which searches hide unless they ask for it, is not doubled either', async () => {
  const [, , from, to] = servers as [Server, Server, Server, Server];
  const wire = createWire({ url: from.address });
  const isPrompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
  await wire.post('/api/2.0/mlflow/registered-models/create', { name: 'greet', tags: isPrompt });
  const tags = [...isPrompt, { key: 'mlflow.prompt.text', value: 'Hello {{name}}' }];
  await wire.post('/api/2.0/mlflow/model-versions/create', { name: 'greet', source: 'dummy-source', tags });
  assert.equal((await copied(from, ['export', 'mlflow', '--to', to.address])).versions, 1);
  assert.equal((await copied(from, ['export', 'mlflow', '--to', to.address])).versions, 0);
});

test('what is no source is refused with what to do', async () => {
  const [server] = servers;
  const said = async (from: string): Promise<[number, string]> => {
    const { status, err } = await boucle(server!, ['import', 'mlflow', '--from', from]);
    return [status, err];
  };
  await writeFile(join(server!.folder, 'text.db'), 'no database');
  assert.deepEqual(await said('text.db'), [2, `boucle: ${server!.folder}/text.db is neither a database of MLflow nor a folder\n`]);
  assert.deepEqual((await said('postgresql://u@h/db'))[0], 2);
  assert.deepEqual(await said('data'), [4, 'boucle: There is nothing of MLflow there: it has no experiments\n']);
  assert.equal((await said(`${server!.address}/nowhere`))[0], 4);
});
