import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BlobDigest, invalid, type Prediction } from '@boucle/contract';
import { newId } from '../platform/index.ts';
import { type Files, diskFiles } from '../platform/files/index.ts';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, type ServingGround } from '../testing/serving-ground.ts';
import { latencyQuantile, mergeHistograms, openThreadHost, type OpenHost, type PredictionCall } from './index.ts';

let isFull = false;
/** A disk that can be full. */
const files: Files = {
  ...diskFiles,
  open: async (file) => withFullness(await diskFiles.open(file)),
  create: async (file) => withFullness(await diskFiles.create(file)),
};
const withFullness = (file: Awaited<ReturnType<Files['open']>>): typeof file => ({
  ...file,
  write: async (bytes, at) => {
    if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    return file.write(bytes, at);
  },
});
/** A model in a thread that dies when it is asked to, and takes its time when it is asked to. */
const openMoody: OpenHost = async (folder) => {
  const host = await openThreadHost(folder);
  return {
    ...host,
    predict: async (columns) => {
      if (columns['text']!.includes('die')) void host.close();
      if (columns['text']!.includes('dawdle')) await sleep(30);
      return host.predict(columns);
    },
  };
};

describe('predictions', () => {
  let ground: ServingGround;
  before(async () => {
    ground = await layServingGround(databases.sqlite, {
      openHost: openMoody,
      logOptions: { files },
      limits: { inlineBytes: 1000, requestRows: 50, batchRows: 5, waitingRows: 5 },
    });
    await ground.deploy();
  });
  beforeEach(() => {
    isFull = false;
  });
  after(() => ground.stop());

  const predict = (texts: unknown[], more: Partial<PredictionCall> = {}) =>
    ground.serving.predict(ground.serving.endpointCalled('sentiment'), callOf({ text: texts }, more));
  const logged = async (requestId: string, row = 0): Promise<Prediction> => {
    const found = await ground.serving.find(ground.actor.project, `${requestId}.${row}`);
    assert.ok(found, `${requestId}.${row} is not in the log`);
    return found;
  };
  /** Sends what cannot be answered, and tells what the log says of it. */
  const refused = async (texts: unknown[], more: Partial<PredictionCall> = {}) => {
    const requestId = newId();
    await assert.rejects(predict(texts, { ...more, requestId }));
    const { outcome, status, inputs, outputs, error, row } = await logged(requestId);
    assert.deepEqual([outputs, row, typeof error], [null, 0, 'string']);
    return { outcome, status, inputs, error };
  };

  test('each row is logged with what was said of it', async () => {
    const requestId = newId();
    const about = { unit: 'flight 7', subject: 'ann', correlationId: newId(), eventTime: '2025-12-31T23:00:00.000Z', clientId: 'mine' };
    const { outputs } = await predict(['flight delayed', 'thank you'], { requestId, said: () => ({ about }) });
    const record = await logged(requestId, 1);
    const { deployment } = await ground.serving.get(ground.actor, 'sentiment');
    const [variant] = deployment!.variants;
    assert.deepEqual(record, {
      ...about,
      id: `${requestId}.1`,
      requestId,
      row: 1,
      project: 'airline',
      endpoint: 'sentiment',
      deploymentId: deployment!.id,
      variant: variant!.name,
      share: 1,
      shadowOf: null,
      digest: variant!.digest,
      inputs: { text: 'thank you' },
      outputs: { label: outputs['label']![1], score: outputs['score']![1], probabilities: outputs['probabilities']![1] },
      arrivalTime: ground.clock.now().toISOString(),
      latencyMs: record.latencyMs,
      outcome: 'ok',
      status: 200,
      error: null,
    });
    assert.equal(await ground.serving.find(ground.stranger.project, `${requestId}.1`), undefined, 'another project does not see it');
  });

  test('what was not answered is logged once, with the reason', async () => {
    assert.deepEqual(await refused(['fine', 7]), {
      outcome: 'invalid',
      status: 400,
      inputs: '{"text":["fine",7]}',
      error: 'Column "text" holds 7 in row 1 (the first is 0); it takes text',
    });
    const unreadable: PredictionCall['read'] = async () => {
      throw invalid('The body is not JSON', 'not_json');
    };
    assert.deepEqual(await refused([], { read: unreadable, sent: () => '{"inp' }), {
      outcome: 'invalid',
      status: 400,
      inputs: '{"inp',
      error: 'The body is not JSON',
    });
    assert.equal((await refused([])).error, 'There are no rows to predict: send at least one');
    assert.deepEqual([(await refused(Array(51).fill('x'))).status, (await refused(Array(51).fill('x'))).outcome], [413, 'invalid']);
  });

  test('a timeout, a caller who went away and a full queue are logged as such', async () => {
    assert.deepEqual(await refused(['dawdle'], { said: () => ({ deadlineMs: 1 }) }).then(({ outcome, status }) => [outcome, status]), [
      'timeout',
      504,
    ]);
    const gone = new AbortController();
    const cancelled = refused(['dawdle'], { signal: gone.signal });
    setTimeout(() => gone.abort(), 1);
    assert.deepEqual(await cancelled.then(({ outcome, status }) => [outcome, status]), ['cancelled', 499]);
    await predict(['after them']);
    const running = predict(['dawdle']);
    await sleep(5);
    const waiting = predict(Array(5).fill('waits'));
    assert.deepEqual(await refused(['one too many']).then(({ outcome, status }) => [outcome, status]), ['unavailable', 503]);
    await Promise.all([running, waiting]);
  });

  test('a model that dies fails only the request that killed it, and is back for the next', async () => {
    const died = refused(['die']);
    const innocent = predict(['flight delayed']);
    assert.deepEqual(await died.then(({ outcome, status }) => [outcome, status]), ['error', 503]);
    assert.deepEqual((await innocent).outputs['label'], ['negative']);
    assert.deepEqual((await predict(['thank you'])).outputs['label'], ['other']);
  });

  test('a large input stands in the log by its digest', async () => {
    const requestId = newId();
    const text = 'delayed '.repeat(1000);
    await predict(['short', text], { requestId });
    assert.deepEqual((await logged(requestId, 0)).inputs, { text: 'short' });
    const { blob, bytes } = (await logged(requestId, 1)).inputs as { blob: BlobDigest; bytes: number };
    const kept = await ground.blobs.readText(blob);
    assert.deepEqual([JSON.parse(kept), bytes], [{ text }, kept.length]);
  });

  test('what a variant does, and what its thread takes, is told', async () => {
    const { id } = await ground.serving.get(ground.actor, 'sentiment');
    const before = (await ground.serving.traffic(id)).variants[0]!;
    await predict(['flight delayed']);
    await assert.rejects(predict([7]));
    await assert.rejects(predict(['die']));
    await predict(['thank you']);
    const { variants } = await ground.serving.traffic(id);
    const [{ host, ...main }] = variants as [(typeof variants)[number]];
    assert.deepEqual([variants.length, main.name, main.mode, main.share, main.version, main.dropped], [1, 'main', 'live', 1, 1, 0]);
    for (const tally of ['lately', 'sinceStart'] as const) {
      assert.deepEqual([main[tally].requests - before[tally].requests, main[tally].errors - before[tally].errors], [4, 1]);
      const total = latencyQuantile(mergeHistograms([main[tally].latency, before[tally].latency]), 0.99)!;
      assert.ok(total > 0 && total < 60_000);
    }
    assert.ok(host!.cpuSeconds > 0 && host!.cpuSeconds < 600 && host!.memoryBytes > 1_000_000, JSON.stringify(host));
    await assert.rejects(ground.serving.traffic(newId()), { code: 'not_found' });
    const { project } = ground.actor;
    const [told] = ground.serving.recentTraffic(project, 'sentiment');
    assert.deepEqual([told!.state, told!.requests, told!.errors], ['ready', main.lately.requests, main.lately.errors]);
    assert.equal(told!.variants[0]!.latencyMs!.p99, latencyQuantile(main.lately.latency, 0.99));
    assert.ok(told!.variants[0]!.slots.every(({ from, requests }) => from.endsWith('0.000Z') && requests > 0));
    assert.deepEqual(ground.serving.recentTraffic(project, 'nowhere'), []);
  });

  test('the newest are listed first, and before a given one', async () => {
    const texts = Array.from({ length: 30 }, (_, i) => `number ${i}`);
    for (const text of texts) await predict([text]);
    const list = (limit: number, before?: string) =>
      ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit, ...(before && { before }) });
    const first = await list(10);
    const second = await list(20, first.at(-1)!.id);
    assert.deepEqual(
      [...first, ...second].map(({ inputs }) => (inputs as { text: string }).text),
      texts.toReversed(),
    );
    assert.deepEqual(await list(10, `${newId()}.0`), []);
  });

  test('while the log cannot be written, answers at `written` go out and the loss is counted', async () => {
    const before = await ground.serving.lostPredictions();
    isFull = true;
    assert.equal((await predict(['flight delayed', 'thank you'])).rows, 2);
    await assert.rejects(predict([7]), { code: 'invalid_request' });
    assert.equal((await ground.serving.lostPredictions()) - before, 3);
    isFull = false;
    await ground.serving.tellTraffic();
    assert.deepEqual((await ground.newsOf('predictions.lost')).at(-1), { endpoint: 'sentiment', records: 3 });
  });

  test('while the log cannot be written, nothing is answered at `synced`', async () => {
    await ground.deploy('sentiment/2', 'synced');
    const requestId = newId();
    await predict(['flight delayed'], { requestId });
    assert.equal((await logged(requestId)).outcome, 'ok');
    isFull = true;
    await assert.rejects(predict(['flight delayed']), { code: 'unavailable', reason: 'prediction_not_logged' });
    await assert.rejects(predict([7]), { code: 'unavailable', reason: 'prediction_not_logged' });
  });
});
