import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { systemMetrics } from '@boucle/project/system-metrics';
import { createClient, startRun } from '@boucle/sdk';
import { aServer } from '../src/testing/a-server.ts';

let server: Awaited<ReturnType<typeof aServer>>;
before(async () => {
  server = await aServer();
});
after(() => server.close());

test('the example in the README of the SDK does what it says, and its process ends', async () => {
  const readme = await readFile(new URL('../../sdk/README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const program = join(server.folder, 'example.ts');
  const here = import.meta.resolve('@boucle/sdk');
  await writeFile(program, example.replace("'@boucle/sdk'", `'${here}'`).replace('http://127.0.0.1:5050', server.address));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  assert.equal(stdout, 'first try: true\n');

  const client = createClient({ baseUrl: server.address });
  const params = { project: 'default' };
  const {
    items: [run],
  } = await client.runs.search({ params, body: { filter: "run_name = 'first try'" } });
  assert.deepEqual([run!.status, run!.params, run!.tags], ['finished', { lr: '0.1', epochs: '3' }, { checked: 'true' }]);
  const history = await client.runs.history({ params: { ...params, runId: run!.id }, query: { key: 'loss' } });
  assert.deepEqual(
    history.items.map(({ step }) => step),
    Array.from({ length: 300 }, (_, i) => i),
  );
  const file = await client.runs.artifacts.get({ params: { ...params, runId: run!.id }, query: { path: 'model.json' } });
  assert.deepEqual(Object.keys((await file.json()) as object), ['weight']);
});

test('a param with another value is refused by the server, and the run ends all the same', async () => {
  const client = createClient({ baseUrl: server.address });
  const run = await startRun(client, { experiment: 'second', params: { lr: 1 } });
  run.params({ lr: 1, depth: 2 });
  run.params({ lr: 2 });
  run.metric('loss', 0.5);
  await assert.rejects(run.end('failed'), { code: 'conflict' });
  const ended = await client.runs.get({ params: { project: 'default', runId: run.id } });
  assert.deepEqual([ended.status, ended.params, ended.metrics], ['failed', { lr: '1', depth: '2' }, { loss: 0.5 }]);
});

test('what the machine uses is logged until the run ends', async () => {
  const client = createClient({ baseUrl: server.address });
  const run = await startRun(client, { systemMetrics: (logger) => systemMetrics(logger, { firstMs: 10, everyMs: 20 }) });
  const params = { project: 'default', runId: run.id };
  for (let points = 0; points < 2; points = Object.keys((await client.runs.get({ params })).metrics).length) await run.flush();
  const { metrics } = await run.end();
  assert.ok(Number(metrics['system/system_memory_usage_megabytes']) > 0);
});
