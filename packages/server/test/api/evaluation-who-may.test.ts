import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothDatabases, startAnew } from '../contract/anew.ts';

type Answer = { status: number; text: string };
const passwordOf = (name: string): string => `the password of ${name}`;
const basic = (name: string): string => `Basic ${Buffer.from(`${name}:${passwordOf(name)}`).toString('base64')}`;
const admin = 'Bearer the token of the admin';

for (const database of bothDatabases) {
  test(`evaluation datasets and scorers are those of their experiments, on ${database}`, async (t) => {
    const { address } = await startAnew(t, { adminToken: 'the token of the admin', database });
    const send = async (authorization: string, request: string, given?: object): Promise<Answer> => {
      const [method = '', path = ''] = request.split(' ');
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(`${address}/api/${path}`, { method, headers, ...(given && { body: JSON.stringify(given) }) });
      return { status: response.status, text: await response.text() };
    };
    const done = async <T>(authorization: string, request: string, given?: object): Promise<T> => {
      const { status, text } = await send(authorization, request, given);
      assert.equal(status, 200, `${request}: ${text}`);
      return JSON.parse(text) as T;
    };
    for (const username of ['bob', 'eve']) await done(admin, 'POST 2.0/mlflow/users/create', { username, password: passwordOf(username) });
    const [bob, eve] = [basic('bob'), basic('eve')];
    const experiment = async (name: string) =>
      (await done<{ experiment_id: string }>(bob, 'POST 2.0/mlflow/experiments/create', { name })).experiment_id;
    const [hidden, open] = [await experiment('hidden'), await experiment('open')];
    const v3 = '3.0/mlflow';
    const dataset = async (name: string, ...experiment_ids: string[]) =>
      (await done<{ dataset: { dataset_id: string } }>(bob, `POST ${v3}/datasets/create`, { name, experiment_ids })).dataset.dataset_id;
    const [secret, both, plain] = [await dataset('secret', hidden), await dataset('both', hidden, open), await dataset('plain', open)];
    const scorer = { experiment_id: hidden, name: 'secret', serialized_scorer: '{}' };
    const { scorer_id } = await done<{ scorer_id: string }>(bob, `POST ${v3}/scorers/register`, scorer);

    const reads = (id: string): [string, object?][] => [
      [`GET ${v3}/datasets/${id}`],
      [`GET ${v3}/datasets/${id}/records`],
      [`GET ${v3}/datasets/${id}/experiment-ids`],
    ];
    const ofScorer: [string, object?][] = [
      [`GET ${v3}/scorers/get?experiment_id=${hidden}&name=secret`],
      [`GET ${v3}/scorers/versions?experiment_id=${hidden}&name=secret`],
      [`GET ${v3}/scorers/online-configs?scorer_ids=${scorer_id}`],
    ];
    const writes = (id: string): [string, object?][] => [
      [`POST ${v3}/datasets/${id}/records`, { records: '[]' }],
      [`DELETE ${v3}/datasets/${id}/records`, { dataset_record_ids: [] }],
      [`PATCH ${v3}/datasets/${id}/tags`, { tags: '{}' }],
      [`POST ${v3}/datasets/${id}/add-experiments`, { experiment_ids: [open] }],
      [`POST ${v3}/datasets/${id}/remove-experiments`, { experiment_ids: [open] }],
      [`DELETE ${v3}/datasets/${id}`],
      [`POST ${v3}/scorers/register`, scorer],
      [`DELETE ${v3}/scorers/delete`, { experiment_id: hidden, name: 'secret' }],
    ];
    for (const [request, given] of [...reads(secret), ...ofScorer]) assert.equal((await send(eve, request, given)).status, 200, request);
    for (const [request, given] of writes(secret)) assert.equal((await send(eve, request, given)).status, 403, request);

    // Hidden, it is nowhere; what serves an open experiment too is not shown there either.
    const none = { experiment_id: hidden, username: 'eve', permission: 'NO_PERMISSIONS' };
    await done(bob, 'POST 2.0/mlflow/experiments/permissions/create', none);
    const refused = [...reads(secret), ...reads(both), ...ofScorer, ...writes(both)];
    for (const [request, given] of refused) assert.equal((await send(eve, request, given)).status, 403, request);
    for (const [request, given] of reads(plain)) assert.equal((await send(eve, request, given)).status, 200, request);
    const found = await done<{ datasets: { name: string }[] }>(eve, `POST ${v3}/datasets/search`, { max_results: 1 });
    assert.deepEqual(
      found.datasets.map(({ name }) => name),
      ['plain'],
    );
    assert.equal((await send(eve, `POST ${v3}/datasets/search`, { experiment_ids: [hidden] })).text, '{}');
    assert.equal((await send(eve, `GET ${v3}/scorers/list`)).text, '{}');
    const count = { view_type: 'TRACES', metric_name: 'trace_count', aggregations: [{ aggregation_type: 'COUNT' }] };
    const sums = (who: string) => send(who, `POST ${v3}/traces/metrics`, { ...count, experiment_ids: [hidden] });
    assert.equal((await sums(eve)).text, '{}');
    assert.match((await sums(bob)).text, /"COUNT":0/);

    // An editor of one may not take what serves another, and removes nothing.
    const edit = { experiment_id: hidden, username: 'eve', permission: 'EDIT' };
    await done(bob, 'PATCH 2.0/mlflow/experiments/permissions/update', edit);
    await done(eve, `POST ${v3}/datasets/${secret}/records`, { records: '[{"inputs":{}}]' });
    assert.equal((await send(eve, `POST ${v3}/datasets/${both}/records`, { records: '[]' })).status, 403);
    assert.equal((await send(eve, `DELETE ${v3}/datasets/${secret}`)).status, 403);
    assert.equal((await send(eve, `DELETE ${v3}/scorers/delete`, { experiment_id: hidden, name: 'secret' })).status, 403);
    await done(bob, `DELETE ${v3}/datasets/${secret}`);
    await done(bob, `DELETE ${v3}/scorers/delete`, { experiment_id: hidden, name: 'secret' });
  });
}
