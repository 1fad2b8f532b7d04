import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadConfig } from './config.ts';

const withFile = async (content: string, check: (file: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-config-'));
  await writeFile(path.join(folder, 'boucle.json'), content);
  await check(path.join(folder, 'boucle.json')).finally(() => rm(folder, { recursive: true }));
};

test('flags win over the environment, and the environment over the file', async () => {
  await withFile('{ "port": 1, "host": "a", "maxBody": "2Mi" }', async (file) => {
    const config = await loadConfig({ file, env: { BOUCLE_PORT: '2', BOUCLE_HOST: 'b' }, flags: { port: 3 } });
    assert.deepEqual([config.port, config.host, config.maxBody, config.data], [3, 'b', 2 * 2 ** 20, '.boucle']);
  });
});

test('an unknown key is refused with the nearest known one, wherever it stands', async () => {
  await withFile('{ "prot": 1 }', (file) =>
    assert.rejects(loadConfig({ file, env: {} }), {
      reason: 'unknown_setting',
      message: /boucle\.json: there is no setting "prot"; did you mean "port"\?/,
    }),
  );
  await assert.rejects(loadConfig({ env: { BOUCLE_STEP_MEMROY: '1Gi' } }), {
    message: /environment BOUCLE_STEP_MEMROY: .*did you mean "stepMemory"\?/,
  });
  await assert.rejects(loadConfig({ env: {}, flags: { zzz: 1 } }), { message: /there are: host, port/ });
});

test('a place for artifacts is taken without the slash at its end, and nothing else is', async () => {
  assert.equal((await loadConfig({ env: {}, flags: { artifactRoot: 's3://bucket/runs/' } })).artifactRoot, 's3://bucket/runs');
  for (const artifactRoot of ['runs', '', 's3://bucket?region=a', 'file:runs'])
    await assert.rejects(loadConfig({ env: {}, flags: { artifactRoot } }), { reason: 'invalid_setting' });
});

test('secrets and the addresses of clients in the environment are no settings', async () => {
  assert.equal(
    (await loadConfig({ env: { BOUCLE_SECRET_TOKEN: 'x', BOUCLE_URL: 'http://127.0.0.1', BOUCLE_TEST_POSTGRES: 'y' } })).port,
    5050,
  );
});

test('a value that does not fit is named, and a secret one is not shown', async () => {
  await assert.rejects(loadConfig({ env: {}, flags: { port: 'eighty' } }), {
    message: '--port: port must be a whole number from 0 to 65535, and is "eighty"',
  });
  await assert.rejects(loadConfig({ env: {}, flags: { adminToken: 7 } }), (error: Error) => !error.message.includes('7'));
});

test('a file that is not a JSON object says so', async () => {
  await withFile('port = 1', (file) => assert.rejects(loadConfig({ file, env: {} }), { reason: 'invalid_config' }));
  await withFile('[]', (file) => assert.rejects(loadConfig({ file, env: {} }), { message: /one JSON object/ }));
  await assert.rejects(loadConfig({ file: '/nowhere/boucle.json', env: {} }), { code: 'not_found' });
});
