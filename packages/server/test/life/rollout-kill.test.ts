import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rollout } from '@boucle/contract';
import { createRandom } from '@boucle/project/runner';
import type { Client } from '@boucle/sdk';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, startServer, tempFolder } from './start-server.ts';

const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));
/** `ROLLOUT_LIVES=50` for a long look. */
const lives = Number(process.env['ROLLOUT_LIVES'] ?? 3);
const params = { project };
const endpoint = 'texts';
const policy = { canary: { shares: [0.3, 0.6], alpha: 0.05, margin: 2, step: { requests: 15 }, minEvents: 5 }, lateness: '0s' };

test(`a server killed ${lives} times during rollouts has one champion, and takes each verdict once`, async (t) => {
  t.diagnostic(`LIFE_SEED=${seed}`);
  const random = createRandom(seed);
  const data = path.join(await tempFolder(t), 'data');
  const folder = path.join(await tempFolder(t), 'project');
  await writeProject(folder);
  let server = await startServer(t, data);
  await prepare(server.client, folder);

  const started: Rollout[] = [];
  let people = 0;
  /** Asks and labels until it is killed; now the candidate is the better one, now the baseline. */
  const traffic = async ({ client, address }: RunningServer, isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      const unit = `person-${++people}`;
      const text = `flight ${people} was late and rude`;
      const body = { inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }] };
      const answer = await fetch(`${address}/v2/models/${endpoint}/infer`, {
        method: 'POST',
        headers: { 'boucle-project': project, 'boucle-unit': unit },
        body: JSON.stringify(body),
      });
      if (!answer.ok) {
        await sleep(20);
        continue;
      }
      const predictionId = `${answer.headers.get('x-boucle-request-id')}.0`;
      const { prediction } = await client.predictions.get({ params: { ...params, predictionId } });
      const said = (prediction.outputs as { label: string }).label;
      const isCandidateBetter = started.length % 2 === 1;
      const isWrong = (prediction.variant === 'candidate') !== isCandidateBetter && people % 10 < 8;
      const label = isWrong ? (said === 'bad' ? 'good' : 'bad') : said;
      await client.feedback.give({ params, body: { items: [{ predictionId, label }] } });
    }
  };
  const startNext = async (client: Client): Promise<void> => {
    const { items } = await client.rollouts.list({ params, query: { limit: 1 } });
    if (items[0]?.endedAt === null) return;
    const { deployment } = await client.endpoints.get({ params: { ...params, endpoint } });
    const version = deployment!.variants[0]!.version === 1 ? 2 : 1;
    started.push(
      await client.rollouts.start(
        { params: { ...params, endpoint }, body: { model: `texts/${version}`, policy, correlationId: storyOf(items[0]?.number ?? 0) } },
        { idempotencyKey: `rollout ${items[0]?.number ?? 0}` },
      ),
    );
  };

  for (let life = 0; life < lives; life += 1) {
    let isKilled = false;
    const isOver = (): boolean => isKilled;
    const cut = (error: unknown): void => assert.ok(isKilled, error as Error);
    const working = Promise.all([
      startNext(server.client).catch(cut),
      traffic(server, isOver).catch(cut),
      traffic(server, isOver).catch(cut),
    ]);
    await Promise.race([sleep(200 + random() * 3000), working]);
    isKilled = true;
    await server.kill();
    await working;
    server = await startServer(t, data);
    await isConsistent(server.client);
  }

  let isDone = false;
  const working = traffic(server, () => isDone);
  const all = await untilEnded(server.client);
  isDone = true;
  await working;
  for (const rollout of all) {
    const verified = await server.client.rollouts.verify({ params: { ...params, rolloutId: rollout.id } });
    assert.equal(verified.same, true, JSON.stringify(verified));
  }
  const ends = Object.entries(Object.groupBy(all, ({ status }) => status)).map(([status, some]) => `${some!.length} ${status}`);
  t.diagnostic(`${lives} lives, ${all.length} rollouts: ${ends.join(', ')}`);
  await server.stop();
});

const storyOf = (number: number): string => number.toString(16).padStart(32, '0');

/** Two versions of one model; the first is the champion and answers. */
const prepare = async (client: Client, folder: string): Promise<void> => {
  await applyProject(client, folder);
  await addExamples(client, examples(60));
  for (const seedOf of [7, 8]) assert.equal((await runPipeline(client, 'training', { params: { seed: seedOf } })).status, 'succeeded');
  await client.aliases.set({ params: { ...params, model: 'texts', alias: 'champion' }, body: { number: 1 } });
  const { status } = await client.endpoints.deploy({ params: { ...params, endpoint }, body: { model: 'texts@champion' } });
  assert.equal(status, 'ready');
};

/** Verdict, routing, alias and news agree: none without the others, none twice. */
const isConsistent = async (client: Client): Promise<void> => {
  const { items } = await client.rollouts.list({ params, query: {} });
  assert.ok(items.filter(({ endedAt }) => endedAt === null).length <= 1);
  const [last] = items;
  if (!last) return;
  // Read until nothing moved in between.
  for (;;) {
    const before = await client.rollouts.get({ params: { ...params, rolloutId: last.id } });
    const [{ deployment }, { aliases }] = await Promise.all([
      client.endpoints.get({ params: { ...params, endpoint } }),
      client.models.get({ params: { ...params, model: 'texts' } }),
    ]);
    const { rollout, verdicts } = await client.rollouts.get({ params: { ...params, rolloutId: last.id } });
    if (verdicts.length !== before.verdicts.length || rollout.stage === 'loading') {
      await sleep(20);
      continue;
    }
    assert.deepEqual(
      verdicts.map(({ number }) => number),
      verdicts.map((_, i) => i + 1),
    );
    for (const kind of ['gates', 'load', 'promote', 'roll_back'])
      assert.ok(verdicts.filter((one) => one.kind === kind).length <= 1, `${kind} twice`);
    const champion = rollout.status === 'promoted' ? rollout.candidate : rollout.baseline!;
    assert.equal(aliases['champion'], champion.version);
    const shares = deployment!.variants.map(({ version, share }) => [version, share]);
    const { share } = rollout;
    const isRouted = rollout.stage === 'canary';
    if (isRouted)
      assert.deepEqual(shares, [
        [rollout.baseline!.version, 1 - share],
        [rollout.candidate.version, share],
      ]);
    else if (rollout.endedAt !== null) assert.deepEqual(shares, [[champion.version, 1]]);
    const { chapters } = await client.reports.story({ params: { ...params, correlationId: rollout.correlationId }, query: {} });
    const ends = chapters.filter(({ type }) => type === 'rollout.ended').length;
    assert.equal(ends, rollout.endedAt === null ? 0 : 1);
    return;
  }
};

const untilEnded = async (client: Client): Promise<Rollout[]> => {
  for (;;) {
    const { items } = await client.rollouts.list({ params, query: { limit: 500 } });
    if (items.every(({ endedAt }) => endedAt !== null)) return items;
    await sleep(100);
  }
};
