import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothDatabases, startAnew } from '../contract/anew.ts';

const passwordOf = (name: string): string => `the password of ${name}`;
const basic = (name: string): string => `Basic ${Buffer.from(`${name}:${passwordOf(name)}`).toString('base64')}`;
const admin = 'Bearer the token of the admin';

for (const database of bothDatabases) {
  test(`issues and queries tell what the routes would, on ${database}`, async (t) => {
    const { address } = await startAnew(t, { adminToken: 'the token of the admin', database });
    const send = async (authorization: string, request: string, given: object = {}): Promise<{ status: number; text: string }> => {
      const [method = '', path = ''] = request.split(' ');
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(`${address}${path}`, { method, headers, ...(method !== 'GET' && { body: JSON.stringify(given) }) });
      return { status: response.status, text: await response.text() };
    };
    const done = async <T>(authorization: string, request: string, given?: object): Promise<T> => {
      const { status, text } = await send(authorization, request, given);
      assert.equal(status, 200, text);
      return JSON.parse(text) as T;
    };
    const [older, newer] = ['/api/2.0/mlflow', '/api/3.0/mlflow'];
    for (const username of ['bob', 'eve']) await done(admin, `POST ${older}/users/create`, { username, password: passwordOf(username) });
    const [bob, eve] = [basic('bob'), basic('eve')];
    const { experiment_id } = await done<{ experiment_id: string }>(bob, `POST ${older}/experiments/create`, { name: 'bobs secret' });
    const { run } = await done<{ run: { info: { run_id: string } } }>(bob, `POST ${older}/runs/create`, { experiment_id });
    const { run_id } = run.info;
    await done(bob, `POST ${older}/registered-models/create`, { name: 'secret model' });
    await done(bob, `POST ${older}/model-versions/create`, { name: 'secret model', source: 's3://bucket/a', run_id });
    const said = { experiment_id, name: 'secret issue', description: 'It takes long' };
    const { issue } = await done<{ issue: { issue_id: string } }>(bob, `POST ${newer}/issues`, said);
    const at = `${newer}/issues/${issue.issue_id}`;

    const whole = `{
      mlflowGetExperiment(input: { experimentId: "${experiment_id}" }) { experiment { name } }
      mlflowGetRun(input: { runId: "${run_id}" }) { run { experiment { name } modelVersions { name } } }
      mlflowSearchRuns(input: { experimentIds: ["${experiment_id}"] }) { runs { experiment { name } } }
      mlflowListArtifacts(input: { runId: "${run_id}" }) { files { path } }
      mlflowSearchModelVersions(input: {}) { modelVersions { name } }
    }`;
    const ask = (who: string) => done<{ data: Record<string, unknown>; errors: string[] | null }>(who, 'POST /graphql', { query: whole });
    const models = [{ name: 'secret model' }];
    const everything = {
      mlflowGetExperiment: { experiment: { name: 'bobs secret' } },
      mlflowGetRun: { run: { experiment: { name: 'bobs secret' }, modelVersions: models } },
      mlflowSearchRuns: { runs: [{ experiment: { name: 'bobs secret' } }] },
      mlflowListArtifacts: { files: [] },
      mlflowSearchModelVersions: { modelVersions: models },
    };
    for (const who of [bob, eve]) assert.deepEqual(await ask(who), { data: everything, errors: null });
    assert.equal((await send('Basic d3Jvbmc6d3Jvbmc=', 'POST /graphql', { query: whole })).status, 401);
    assert.equal((await send(eve, `GET ${at}`)).status, 200);
    assert.equal((await send(eve, `PATCH ${at}`, { status: 'resolved' })).status, 403);
    assert.equal((await send(eve, `POST ${newer}/issues`, said)).status, 403);
    assert.match((await send(eve, `POST ${newer}/issues/search`)).text, /secret issue/);

    // The model is hidden: the run says nothing of it.
    const hide = { username: 'eve', permission: 'NO_PERMISSIONS' };
    await done(bob, `POST ${older}/registered-models/permissions/create`, { name: 'secret model', ...hide });
    const { data, errors } = await ask(eve);
    assert.equal(errors, null);
    assert.deepEqual(data['mlflowGetRun'], { run: { experiment: { name: 'bobs secret' }, modelVersions: [] } });
    assert.deepEqual(data['mlflowSearchModelVersions'], { modelVersions: [] });

    // The experiment is hidden: so is what is in it.
    await done(bob, `POST ${older}/experiments/permissions/create`, { experiment_id, ...hide });
    const hidden = await ask(eve);
    assert.deepEqual(hidden.data, {
      mlflowGetExperiment: null,
      mlflowGetRun: null,
      mlflowSearchRuns: { runs: [] },
      mlflowListArtifacts: null,
      mlflowSearchModelVersions: { modelVersions: [] },
    });
    assert.match(hidden.errors!.join(), /^Permission denied\./);
    assert.equal((await send(eve, `GET ${at}`)).status, 403);
    assert.deepEqual(await done(eve, `POST ${newer}/issues/search`), { next_page_token: '' });
    assert.deepEqual(await done(eve, `POST ${newer}/issues/search`, { experiment_id }), { next_page_token: '' });
    assert.equal((await send(bob, `PATCH ${at}`, { status: 'resolved' })).status, 200);
  });
}
