import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createClient } from '@boucle/sdk';
import { bothDatabases, startAnew } from '../contract/anew.ts';

type Answer = Record<string, unknown> & { error_code?: string };
const passwordOf = (name: string): string => `the password of ${name}`;
const basic = (name: string): string => `Basic ${Buffer.from(`${name}:${passwordOf(name)}`).toString('base64')}`;

/** A server with an administrator (ada) and two users, asked over MLflow's wire. */
const withUsers = async (t: TestContext, flags: Parameters<typeof startAnew>[1]) => {
  const server = await startAnew(t, { adminToken: 'the token of the admin', ...flags });
  const send = async (authorization: string | undefined, method: string, path: string, given: Record<string, unknown> = {}) => {
    const query = method === 'GET' ? `?${new URLSearchParams(given as Record<string, string>).toString()}` : '';
    const response = await fetch(`${server.address}${path}${query}`, {
      method,
      headers: { ...(authorization && { authorization }), ...(method !== 'GET' && { 'content-type': 'application/json' }) },
      ...(method !== 'GET' && { body: JSON.stringify(given) }),
    });
    const text = await response.text();
    const body = text.startsWith('{') ? (JSON.parse(text) as Answer) : {};
    return { status: response.status, headers: response.headers, text, body };
  };
  const as = (name: string) => (method: string, path: string, given?: Record<string, unknown>) =>
    send(basic(name), method, `/api/2.0/mlflow/${path}`, given);
  const newer = (name: string) => (method: string, path: string, given?: Record<string, unknown>) =>
    send(basic(name), method, `/api/3.0/mlflow/${path}`, given);
  for (const name of ['ada', 'bob', 'eve']) {
    const given = { username: name, password: passwordOf(name) };
    assert.equal((await send('Bearer the token of the admin', 'POST', '/api/2.0/mlflow/users/create', given)).status, 200);
  }
  return { ...server, send, newer, ada: as('ada'), bob: as('bob'), eve: as('eve') };
};
const idOf = ({ body }: { body: Answer }): string => String(body['experiment_id']);
const namesOf = ({ body }: { body: Answer }): unknown[] => ((body['experiments'] ?? []) as { name: string }[]).map(({ name }) => name);

for (const database of bothDatabases) {
  test(`who is not known is told so in MLflow's words, on ${database}`, async (t) => {
    const { send, bob, ada } = await withUsers(t, { database });
    for (const authorization of [undefined, 'Bearer wrong', 'Basic d3Jvbmc6d3Jvbmc=']) {
      const refused = await send(authorization, 'POST', '/api/2.0/mlflow/experiments/search', { max_results: 5 });
      assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Basic realm="mlflow"']);
      assert.match(refused.text, /^You are not authenticated\./);
    }
    assert.equal((await send(undefined, 'GET', '/health')).status, 200);
    const refused = await bob('GET', 'users/list');
    assert.equal(refused.status, 403);
    assert.match(refused.text, /^Permission denied/);
    assert.deepEqual(
      ((await ada('GET', 'users/list')).body['users'] as { username: string; is_admin: boolean }[]).map((one) => [
        one.username,
        one.is_admin,
      ]),
      [
        ['ada', true],
        ['bob', false],
        ['eve', false],
      ],
    );
    const { user } = (await bob('GET', 'users/current')).body as { user: Record<string, unknown> };
    assert.deepEqual(user, { id: user['id'], username: 'bob', is_admin: false });
    const { user: whole } = (await bob('GET', 'users/get', { username: 'bob' })).body as { user: Record<string, unknown> };
    assert.deepEqual([whole['id'], whole['experiment_permissions'], whole['scorer_permissions']], [user['id'], [], []]);
    assert.equal((await bob('GET', 'users/get', { username: 'eve' })).status, 403);
    const nobody = { username: 'nobody' };
    const missing = { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'User with username=nobody not found' };
    assert.deepEqual((await ada('GET', 'users/get', nobody)).body, missing);
    assert.deepEqual((await ada('DELETE', 'users/delete', nobody)).body, missing);
    const again = { username: 'bob', password: passwordOf('bob') };
    assert.deepEqual((await ada('POST', 'users/create', again)).body.error_code, 'RESOURCE_ALREADY_EXISTS');
    assert.equal((await ada('POST', 'users/create', { username: 'x', password: 'short' })).status, 400);
    for (const username of ['x'.repeat(201), 'a:b', 'a\nb', 'ü'.repeat(5000)])
      assert.equal((await ada('POST', 'users/create', { username, password: 'a password of hers' })).status, 400);
  });

  test(`a password is changed with the current one, or by an administrator, on ${database}`, async (t) => {
    const { bob, ada } = await withUsers(t, { database });
    const own = { username: 'bob', password: passwordOf('bob') };
    assert.equal((await bob('PATCH', 'users/update-password', own)).status, 400);
    assert.equal((await bob('PATCH', 'users/update-password', { ...own, current_password: 'a wrong one' })).status, 400);
    assert.equal((await bob('PATCH', 'users/update-password', { ...own, username: 'eve' })).status, 403);
    assert.equal((await bob('PATCH', 'users/update-password', { ...own, current_password: passwordOf('bob') })).status, 200);
    assert.equal((await ada('PATCH', 'users/update-password', { username: 'bob', password: 'another one for bob' })).status, 200);
    assert.equal((await bob('GET', 'users/current')).status, 401);
    assert.equal((await bob('PATCH', 'users/update-admin', { username: 'bob', is_admin: true })).status, 401);
    assert.equal((await ada('PATCH', 'users/update-admin', { username: 'ada', is_admin: false })).status, 400);
    assert.equal((await ada('DELETE', 'users/delete', { username: 'bob' })).status, 200);
    assert.equal((await ada('GET', 'users/get', { username: 'bob' })).status, 404);
  });

  test(`nobody removes themselves over MLflow's wire, not even the only one, on ${database}`, async (t) => {
    const { send, ada } = await withUsers(t, { database });
    const refused = { status: 400, code: 'BAD_REQUEST' };
    const removed = async (name: string) => {
      const { status, body } = await ada('DELETE', 'users/delete', { username: name });
      if (status !== 200) assert.match(String(body['message']), /^Users cannot delete their own account/);
      return { status, code: body.error_code };
    };
    assert.equal((await ada('PATCH', 'users/update-admin', { username: 'bob', is_admin: true })).status, 200);
    assert.deepEqual(await removed('ada'), refused);
    for (const name of ['bob', 'eve']) assert.equal((await removed(name)).status, 200);
    assert.deepEqual(await removed('ada'), refused);
    assert.equal((await ada('GET', 'users/list')).status, 200);
    // Who comes with the token of the server is no user, whatever a user is called.
    const byToken = (method: string, path: string, given: Record<string, unknown>) =>
      send('Bearer the token of the admin', method, `/api/2.0/mlflow/users/${path}`, given);
    const named = { username: 'admin', password: 'another one for admin' };
    assert.equal((await byToken('POST', 'create', named)).status, 200);
    assert.equal((await byToken('PATCH', 'update-password', { ...named, password: 'yet another for admin' })).status, 200);
    assert.equal((await byToken('DELETE', 'delete', { username: 'admin' })).status, 200);
  });

  test(`where everybody is asked the last administrator stays, on ${database}`, async (t) => {
    const { address } = await withUsers(t, { database, auth: true });
    const admin = createClient({ baseUrl: address, token: 'the token of the admin' });
    for (const user of ['bob', 'eve']) await admin.users.remove({ params: { user } });
    await assert.rejects(admin.users.remove({ params: { user: 'ada' } }), { reason: 'last_admin' });
    assert.equal((await admin.users.list({ query: {} })).items.length, 1);
  });

  test(`what is given by the newer routes is given once, said in MLflow's words and listed, on ${database}`, async (t) => {
    const { ada, bob, eve, newer, address } = await withUsers(t, { database });
    const id = idOf(await bob('POST', 'experiments/create', { name: 'bobs' }));
    const toEve = { username: 'eve', resource_type: 'experiment', resource_id: id };
    const grant = (name: string, more: Record<string, unknown>) =>
      newer(name)('POST', 'users/permissions/grant', { ...toEve, permission: 'READ', ...more });
    const roles = async (asker: string, name: string) => {
      const { status, body } = await newer(asker)('GET', 'users/roles/list', { username: name });
      return status === 200 ? (body['roles'] as Answer[]) : status;
    };
    const given = async (asker: string, name: string) =>
      ((await roles(asker, name)) as Answer[]).flatMap(({ permissions }) =>
        (permissions as Answer[]).map((one) => [one['resource_type'], one['resource_pattern'], one['permission']]),
      );
    assert.deepEqual(await roles('ada', 'eve'), []);
    assert.deepEqual(await given('bob', 'bob'), [['experiment', id, 'MANAGE']]);
    assert.equal((await grant('bob', {})).status, 200);
    const again = (await grant('bob', { permission: 'EDIT' })).body;
    assert.equal(again.error_code, 'RESOURCE_ALREADY_EXISTS');
    assert.match(
      String(again['message']),
      new RegExp(`^Permission for user=eve on resource_type=experiment, resource_id=${id} already exists`),
    );
    assert.deepEqual(await given('eve', 'eve'), [['experiment', id, 'READ']]);
    const [role] = (await roles('ada', 'eve')) as [Answer];
    const [permission] = role['permissions'] as [Answer];
    const { user } = (await eve('GET', 'users/current')).body as { user: { id: string } };
    assert.deepEqual(role, {
      id: `__user_${user.id}__`,
      name: `__user_${user.id}__`,
      workspace: 'default',
      description: null,
      permissions: [permission],
    });
    assert.deepEqual([permission['id'], permission['role_id']], [`experiment/${id}`, role['id']]);
    // Others are told of by administrators alone, and so is who is there.
    assert.equal(await roles('eve', 'bob'), 403);
    assert.equal(await roles('eve', 'nobody'), 403);
    assert.equal(await roles('ada', 'nobody'), 404);
    // In a whole project, and nothing in another one.
    const admin = createClient({ baseUrl: address, token: 'the token of the admin' });
    await admin.roles.set({ params: { project: 'default', user: 'eve' }, body: { level: 'edit' } });
    await admin.projects.create({ body: { name: 'airline' } });
    await admin.roles.set({ params: { project: 'airline', user: 'eve' }, body: { level: 'none' } });
    assert.deepEqual(await given('eve', 'eve'), [
      ['experiment', '*', 'EDIT'],
      ['registered_model', '*', 'EDIT'],
      ['experiment', id, 'READ'],
    ]);
    const elsewhere = await fetch(`${address}/api/3.0/mlflow/users/roles/list?username=eve`, {
      headers: { authorization: basic('ada'), 'x-mlflow-workspace': 'airline' },
    });
    const { roles: there } = (await elsewhere.json()) as { roles: { workspace: string; permissions: Answer[] }[] };
    assert.deepEqual(
      there.map(({ workspace, permissions }) => [workspace, permissions.map((one) => one['permission'])]),
      [['airline', ['NO_PERMISSIONS', 'NO_PERMISSIONS']]],
    );
    // Taken back, it is not there to take; and to give nothing at all has a name of its own.
    const revoke = () => newer('bob')('POST', 'users/permissions/revoke', toEve);
    assert.equal((await revoke()).status, 200);
    const missing = (await revoke()).body;
    assert.equal(missing.error_code, 'RESOURCE_DOES_NOT_EXIST');
    assert.match(
      String(missing['message']),
      new RegExp(`^Permission for user=eve on resource_type=experiment, resource_id=${id} not found`),
    );
    assert.equal((await grant('bob', { permission: 'DENY' })).status, 200);
    assert.equal((await eve('GET', 'experiments/get', { experiment_id: id })).status, 403);
    assert.deepEqual((await given('eve', 'eve')).at(-1), ['experiment', id, 'DENY']);
    assert.deepEqual((await newer('eve')('GET', 'users/permissions/get', toEve)).body, { allowed: false, permission: 'NO_PERMISSIONS' });
    for (const [more, words] of [
      [{ username: 'nobody' }, /^User with username=nobody not found/],
      [{ resource_type: 'bogus' }, /^Invalid resource type 'bogus'/],
      [{ resource_type: 'scorer', resource_id: 'no-slash-here' }, /^Invalid scorer resource_id/],
      [{ resource_type: 'workspace', resource_id: '*' }, /^resource_type 'workspace' is not supported by the per-user permission/],
      [{ resource_id: '*' }, /^Invalid resource_id '\*'/],
      [{ permission: 'NO_PERMISSIONS' }, /^Invalid permission 'NO_PERMISSIONS'/],
      [{ permission: 'ALL' }, /^Invalid permission 'ALL'/],
      [{ permission: undefined }, /^Missing value for required parameter 'permission'/],
    ] as const)
      assert.match(String((await grant('ada', more)).body['message']), words);
    // What is refused changed nothing, and who does not manage it gives nothing.
    assert.deepEqual((await given('ada', 'eve')).at(-1), ['experiment', id, 'DENY']);
    assert.equal((await grant('eve', { permission: 'MANAGE' })).status, 403);
    assert.equal((await ada('DELETE', 'users/delete', { username: 'eve' })).status, 200);
  });

  test(`an experiment is its maker's, others read it as far as they were given, on ${database}`, async (t) => {
    const { ada, bob, eve, address } = await withUsers(t, { database });
    const id = idOf(await bob('POST', 'experiments/create', { name: 'bobs' }));
    const open = idOf(await ada('POST', 'experiments/create', { name: 'open' }));
    const about = { experiment_id: id };
    const { run } = (await bob('POST', 'runs/create', about)).body as { run: { info: { run_id: string } } };
    const run_id = run.info.run_id;
    const metric = { run_id, key: 'loss', value: 1, timestamp: 1 };
    assert.equal((await bob('POST', 'runs/log-metric', metric)).status, 200);
    // Everybody may read, and no more.
    assert.equal((await eve('GET', 'runs/get', { run_id })).status, 200);
    assert.equal((await eve('POST', 'runs/create', about)).status, 403);
    assert.equal((await eve('POST', 'runs/log-metric', metric)).status, 403);
    assert.equal((await bob('POST', 'runs/create', { experiment_id: open })).status, 403);
    // Only who manages it gives it to others.
    const toEve = { ...about, username: 'eve' };
    assert.equal((await eve('POST', 'experiments/permissions/create', { ...toEve, permission: 'MANAGE' })).status, 403);
    const given = await bob('POST', 'experiments/permissions/create', { ...toEve, permission: 'EDIT' });
    assert.deepEqual(Object.keys(given.body['experiment_permission'] as object), ['experiment_id', 'user_id', 'permission']);
    assert.equal(
      (await bob('POST', 'experiments/permissions/create', { ...toEve, permission: 'EDIT' })).body.error_code,
      'RESOURCE_ALREADY_EXISTS',
    );
    assert.equal((await eve('POST', 'runs/log-metric', metric)).status, 200);
    assert.equal((await eve('POST', 'runs/delete', { run_id })).status, 403);
    assert.equal((await eve('POST', 'experiments/delete', about)).status, 403);
    assert.equal((await eve('GET', 'experiments/permissions/get', toEve)).status, 403);
    // Hidden, it is nowhere.
    assert.equal((await bob('PATCH', 'experiments/permissions/update', { ...toEve, permission: 'NO_PERMISSIONS' })).status, 200);
    for (const [method, path, more] of [
      ['GET', 'experiments/get', about],
      ['GET', 'experiments/get-by-name', { experiment_name: 'bobs' }],
      ['GET', 'runs/get', { run_id }],
      ['GET', 'metrics/get-history', { run_id, metric_key: 'loss' }],
      ['GET', 'artifacts/list', { run_id }],
      ['POST', 'runs/set-tag', { run_id, key: 'a', value: 'b' }],
    ] as const)
      assert.equal((await eve(method, path, more)).status, 403, path);
    for (const path of [
      `mlflow-artifacts/artifacts/${id}/${run_id}/artifacts/a.txt`,
      `mlflow-artifacts/artifacts/${open}/${run_id}/artifacts/a.txt`,
    ])
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const headers = { authorization: basic('eve') };
        assert.equal(
          (await fetch(`${address}/api/2.0/${path}`, { method, headers, ...(method === 'PUT' && { body: 'x' }) })).status,
          403,
          `${method} ${path}`,
        );
      }
    // Nor do its files come out by a version that is made of them.
    assert.equal((await eve('POST', 'registered-models/create', { name: 'eves' })).status, 200);
    const { model } = (await bob('POST', 'logged-models', about)).body as { model: { info: { model_id: string } } };
    for (const source of [
      `mlflow-artifacts:/${id}/${run_id}/artifacts/model`,
      `mlflow-artifacts:/${open}/${run_id}/artifacts/model`,
      `runs:/${run_id}/model`,
      `models:/${model.info.model_id}`,
    ]) {
      assert.equal((await eve('POST', 'model-versions/create', { name: 'eves', source })).status, 403, source);
      assert.equal((await bob('POST', 'registered-models/create', { name: `bobs ${source.replaceAll(/\W/g, ' ')}` })).status, 200);
      assert.equal(
        (await bob('POST', 'model-versions/create', { name: `bobs ${source.replaceAll(/\W/g, ' ')}`, source })).status,
        200,
        source,
      );
    }
    assert.equal((await eve('POST', 'model-versions/create', { name: 'eves', source: 's3://bucket/model' })).status, 200);
    for (let made = 0; made < 6; made += 1) {
      const hidden = idOf(await bob('POST', 'experiments/create', { name: `hidden ${made}` }));
      await bob('POST', 'experiments/permissions/create', { experiment_id: hidden, username: 'eve', permission: 'NO_PERMISSIONS' });
    }
    const search = { max_results: 2, order_by: ['name'] };
    assert.deepEqual(namesOf(await eve('POST', 'experiments/search', search)), ['Default', 'open']);
    assert.equal(namesOf(await bob('POST', 'experiments/search', { max_results: 100 })).length, 9);
    assert.equal((await eve('POST', 'runs/search', { experiment_ids: [id] })).body['runs'], undefined);
    assert.equal(((await bob('POST', 'runs/search', { experiment_ids: [id] })).body['runs'] as unknown[]).length, 1);
    // Our own routes ask the same.
    const own = async (path: string, init: RequestInit = {}) =>
      fetch(`${address}/api/v1/projects/default/${path}`, { ...init, headers: { authorization: basic('eve') } });
    assert.equal((await own(`runs/${run_id}`)).status, 403);
    assert.equal((await own(`experiments/${id}`)).status, 403);
    assert.equal((await own(`metrics/chart?runs=${run_id}&key=loss`)).status, 403);
    assert.deepEqual(
      ((await (await own('experiments')).json()) as { items: { name: string }[] }).items.map(({ name }) => name),
      ['Default', 'open'],
    );
    assert.deepEqual(((await (await own('runs')).json()) as { items: object[] }).items, []);
    // What was taken back is as if it had never been said.
    assert.equal((await bob('DELETE', 'experiments/permissions/delete', toEve)).status, 200);
    assert.equal((await eve('GET', 'runs/get', { run_id })).status, 200);
    assert.equal((await bob('DELETE', 'experiments/permissions/delete', toEve)).status, 404);
    assert.equal((await bob('POST', 'runs/delete', { run_id })).status, 200);
  });

  test(`a model is its maker's, and what was given goes where its name goes, on ${database}`, async (t) => {
    const { ada, bob, eve } = await withUsers(t, { database });
    assert.equal((await bob('POST', 'registered-models/create', { name: 'm' })).status, 200);
    assert.equal((await eve('PATCH', 'registered-models/update', { name: 'm', description: 'mine' })).status, 403);
    const toEve = { name: 'm', username: 'eve', permission: 'EDIT' };
    const given = (await bob('POST', 'registered-models/permissions/create', toEve)).body['registered_model_permission'] as Answer;
    assert.deepEqual([given['workspace'], given['name'], given['permission']], ['default', 'm', 'EDIT']);
    assert.equal((await eve('PATCH', 'registered-models/update', { name: 'm', description: 'ours' })).status, 200);
    // What was said before of another thing by that name counts no more.
    assert.equal((await ada('POST', 'registered-models/permissions/create', { ...toEve, name: 'n', permission: 'READ' })).status, 200);
    assert.equal((await bob('POST', 'registered-models/rename', { name: 'm', new_name: 'n' })).status, 200);
    assert.equal((await eve('PATCH', 'registered-models/update', { name: 'n', description: 'still' })).status, 200);
    assert.equal((await eve('DELETE', 'registered-models/delete', { name: 'n' })).status, 403);
    await bob('PATCH', 'registered-models/permissions/update', { ...toEve, name: 'n', permission: 'NO_PERMISSIONS' });
    assert.equal((await eve('GET', 'registered-models/get', { name: 'n' })).status, 403);
    assert.equal((await eve('GET', 'registered-models/search')).body['registered_models'], undefined);
    assert.equal((await bob('DELETE', 'registered-models/delete', { name: 'n' })).status, 200);
    // Another one of that name is another one.
    assert.equal((await bob('POST', 'registered-models/create', { name: 'n' })).status, 200);
    assert.equal((await eve('GET', 'registered-models/get', { name: 'n' })).status, 200);
  });

  test(`a token narrows: to a project, to permissions, and to its user, on ${database}`, async (t) => {
    const { address, send } = await withUsers(t, { database });
    const client = (token: string) => createClient({ baseUrl: address, token });
    const admin = client('the token of the admin');
    await admin.projects.create({ body: { name: 'airline' } });
    const { token } = await admin.tokens.create({
      body: { name: 'ci', project: 'airline', permissions: ['experiments:read', 'experiments:write'] },
    });
    const ci = client(token);
    await ci.experiments.create({ params: { project: 'airline' }, body: { name: 'by ci' } });
    await assert.rejects(ci.experiments.list({ params: { project: 'default' }, query: {} }), { code: 'permission_denied' });
    await assert.rejects(ci.runs.list({ params: { project: 'airline' }, query: {} }), { code: 'permission_denied' });
    await assert.rejects(ci.tokens.create({ body: { name: 'more' } }), { code: 'permission_denied' });
    // Without a header the token says which project.
    const found = await send(`Bearer ${token}`, 'POST', '/api/2.0/mlflow/experiments/search', { max_results: 10 });
    assert.deepEqual(namesOf(found), ['by ci']);
    const own = await fetch(`${address}/api/v1/tokens`, {
      method: 'POST',
      headers: { authorization: basic('bob'), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'script' }),
    });
    const bobs = (await own.json()) as { token: string; id: string };
    const script = client(bobs.token);
    assert.deepEqual(await script.users.current({ query: { project: 'airline' } }), { id: 'bob', isAdmin: false, level: 'read' });
    // What a token makes is bound as it is, and ends with it.
    const brief = await script.tokens.create({ body: { name: 'brief', permissions: ['tokens:write', 'users:self'] } });
    await assert.rejects(client(brief.token).tokens.create({ body: { name: 'more', permissions: ['runs:read'] } }), {
      reason: 'beyond_own_rights',
    });
    const child = await client(brief.token).tokens.create({ body: { name: 'child' } });
    assert.deepEqual([child.user, child.permissions], ['bob', ['tokens:write', 'users:self']]);
    await assert.rejects(script.experiments.remove({ params: { project: 'default', experimentId: '0' } }), {
      code: 'permission_denied',
    });
    await admin.roles.set({ params: { project: 'airline', user: 'bob' }, body: { level: 'edit' } });
    await script.runs.create({ params: { project: 'airline' }, body: {} });
    await assert.rejects(script.runs.create({ params: { project: 'default' }, body: {} }), { code: 'permission_denied' });
    await admin.tokens.revoke({ params: { tokenId: bobs.id } });
    for (const { token: revoked } of [bobs, brief, child])
      await assert.rejects(client(revoked).users.current({ query: {} }), { reason: 'unknown_token' });
  });

  test(`webhooks are made, changed, listed, tried and removed over MLflow's wire, on ${database}`, async (t) => {
    const { ada, bob } = await withUsers(t, { database });
    const event = { entity: 'MODEL_VERSION', action: 'CREATED' };
    const given = { name: 'desk', url: 'https://127.0.0.1/hook', events: [event], secret: 'never shown' };
    assert.equal((await ada('POST', 'webhooks', given)).body.error_code, 'INVALID_PARAMETER_VALUE');
    const url = 'https://hooks.example/hook';
    assert.equal((await bob('POST', 'webhooks', { ...given, url })).status, 403);
    const { webhook } = (await ada('POST', 'webhooks', { ...given, url })).body as { webhook: Answer };
    assert.deepEqual([webhook['name'], webhook['events'], webhook['status'], webhook['secret']], ['desk', [event], 'ACTIVE', undefined]);
    const at = `webhooks/${String(webhook['webhook_id'])}`;
    assert.deepEqual((await ada('GET', at)).body, { webhook });
    const changed = (await ada('PATCH', at, { status: 'DISABLED', description: 'off' })).body as { webhook: Answer };
    assert.deepEqual([changed.webhook['status'], changed.webhook['description'], changed.webhook['url']], ['DISABLED', 'off', url]);
    await ada('POST', 'webhooks', { ...given, url, name: 'second' });
    const first = (await ada('GET', 'webhooks', { max_results: 1 })).body as { webhooks: Answer[]; next_page_token: string };
    const rest = (await ada('GET', 'webhooks', { max_results: 1, page_token: first.next_page_token })).body as { webhooks: Answer[] };
    assert.deepEqual(
      [...first.webhooks, ...rest.webhooks].map(({ name }) => name),
      ['second', 'desk'],
    );
    const tried = (await ada('POST', `${at}/test`, { event })).body as { result: { success: boolean; error_message: string } };
    assert.equal(tried.result.success, false);
    assert.match(tried.result.error_message, /hooks\.example/);
    for (const wrong of [
      { events: [] },
      { events: [{ ...event, action: 'SET' }] },
      { events: [{ entity: 'NOTHING', action: 'SET' }] },
      { name: '-' },
      { url: 'nope' },
    ])
      assert.equal(
        (await ada('POST', 'webhooks', { ...given, url, ...wrong })).body.error_code,
        'INVALID_PARAMETER_VALUE',
        JSON.stringify(wrong),
      );
    assert.deepEqual((await ada('DELETE', at)).body, {});
    assert.equal((await ada('GET', at)).body.error_code, 'RESOURCE_DOES_NOT_EXIST');
  });
}

test('with auth and nobody to let in, the server does not start', async (t) => {
  await assert.rejects(startAnew(t, { auth: true }), { reason: 'admin_token_missing' });
});

test('with auth the owner is asked, too', async (t) => {
  const { address, client } = await startAnew(t, { auth: true, adminToken: 'the token of the admin' });
  await assert.rejects(client.projects.list({ query: {} }), { reason: 'token_missing' });
  assert.ok(await createClient({ baseUrl: address, token: 'the token of the admin' }).projects.list({ query: {} }));
});
