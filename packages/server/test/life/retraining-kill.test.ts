import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Retraining } from '@boucle/contract';
import { createRandom } from '@boucle/project/runner';
import type { Client } from '@boucle/sdk';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, startServer, tempFolder } from './start-server.ts';

const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));
const rounds = Number(process.env['RETRAINING_ROUNDS'] ?? 2);
const params = { project };

const retrainer = `{ endpoint: texts, retrain: { pipeline: training, on: ['drift'], labels: { dataset: examples, column: 'label', minimum: 2 } } }`;

test(`a server killed in each of ${rounds} retrainings makes one version, one run and one rollout of each`, async (t) => {
  t.diagnostic(`LIFE_SEED=${seed}`);
  const random = createRandom(seed);
  const data = path.join(await tempFolder(t), 'data');
  const folder = path.join(await tempFolder(t), 'project');
  await writeProject(folder, { monitors: { retrainer } });
  let server = await startServer(t, data);
  await applyProject(server.client, folder);
  await addExamples(server.client, examples(60));
  assert.equal((await runPipeline(server.client, 'training')).status, 'succeeded');
  await server.client.endpoints.deploy({ params: { ...params, endpoint: 'texts' }, body: {} });
  await untilReady(server);

  for (let round = 0; round < rounds; round += 1) {
    await label(server, round);
    const before = await counted(server.client);
    const asked = await server.client.retrainings.start({ params, body: { monitor: 'retrainer' } }, { idempotencyKey: randomUUID() });
    // Several times, so that also what goes on after a kill is killed.
    for (let kills = 1 + Math.floor(random() * 3); kills > 0; kills -= 1) {
      await sleep(random() * 1500);
      await server.kill();
      server = await startServer(t, data);
    }
    const ended = await untilEnded(server.client, asked.id);
    assert.deepEqual([ended.status, ended.rows?.added], ['done', 4], JSON.stringify(ended));
    const now = await counted(server.client);
    assert.deepEqual([now.versions - before.versions, now.runs - before.runs], [1, 1]);
    assert.ok(ended.rolloutId !== null || ended.reason === 'already_deployed', ended.message ?? '');
    assert.equal(now.rollouts - before.rollouts, ended.rolloutId === null ? 0 : 1);
    await rollBack(server.client, ended.rolloutId);
    await untilReady(server);
  }
});

/** Four predictions, and what was true of them. */
const label = async ({ address, client }: RunningServer, round: number): Promise<void> => {
  const texts = Array.from({ length: 4 }, (_, i) => `round ${round}, flight ${i} was ${i % 2 ? 'rude' : 'smooth'}`);
  const answer = await fetch(`${address}/v2/models/texts/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [texts.length], datatype: 'BYTES', data: texts }] }),
  });
  assert.equal(answer.status, 200, await answer.text());
  const id = answer.headers.get('x-boucle-request-id');
  const items = texts.map((_, i) => ({ predictionId: `${id}.${i}`, label: i % 2 ? 'bad' : 'good' }));
  const { items: results } = await client.feedback.give({ params, body: { items } });
  assert.ok(
    results.every(({ result }) => result === 'recorded'),
    JSON.stringify(results),
  );
};

const counted = async (client: Client) => {
  const query = { limit: 500 };
  const { items: versions } = await client.datasets.versions.list({ params: { ...params, dataset: 'examples' }, query });
  const { items: runs } = await client.pipelineRuns.list({ params, query: { ...query, pipeline: 'training' } });
  const { items: rollouts } = await client.rollouts.list({ params, query });
  return { versions: versions.length, runs: runs.length, rollouts: rollouts.length };
};

const untilEnded = async (client: Client, retrainingId: string): Promise<Retraining> => {
  for (const start = Date.now(); Date.now() - start < 240_000; await sleep(100)) {
    const found = await client.retrainings.get({ params: { ...params, retrainingId } });
    if (found.endedAt !== null) return found;
  }
  return assert.fail(JSON.stringify(await client.retrainings.get({ params: { ...params, retrainingId } })));
};

/** So that the next one is not held back by it. */
const rollBack = async (client: Client, rolloutId: string | null): Promise<void> => {
  if (rolloutId === null) return;
  for (;;) {
    const { rollout } = await client.rollouts.get({ params: { ...params, rolloutId } });
    if (rollout.endedAt !== null) return;
    if (rollout.stage !== 'gates') await client.rollouts.rollBack({ params: { ...params, rolloutId }, body: { reason: 'enough seen' } });
    else await sleep(50);
  }
};

const untilReady = async ({ client }: RunningServer): Promise<void> => {
  for (;;) {
    const { deployment } = await client.endpoints.get({ params: { ...params, endpoint: 'texts' } });
    if (deployment?.status === 'ready') return;
    await sleep(50);
  }
};
