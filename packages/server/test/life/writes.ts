import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Client } from '@boucle/sdk';
import { project } from '../../src/testing/small-project.ts';

/** One write to a server that may be killed under it. */
export interface Write {
  readonly kind: string;
  readonly send: (client: Client, address: string) => Promise<void>;
  /** Once it was acknowledged: all of it is there. */
  readonly isHeld: (client: Client) => Promise<void>;
  /** Where it was cut off: all of it is there, or nothing. */
  readonly isWhole?: (client: Client) => Promise<void>;
}
export type Random = () => number;
type NextWrite = () => Write;

const params = { project };
const idOf = (random: Random): string => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
const bytesOf = (random: Random, most: number): Buffer =>
  Buffer.from(Uint32Array.from({ length: Math.floor(random() * (most / 4)) + 1 }, () => random() * 2 ** 32).buffer);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const bodyOf = async (response: Promise<Response>): Promise<Buffer> => Buffer.from(await (await response).arrayBuffer());

/** Runs one after the other: created, then batches of points, params and tags, artifacts, an end. */
export const runWrites = (random: Random): NextWrite => {
  let runId: string | undefined;
  let batch = 0;

  const create = (): Write => {
    const name = `run-${idOf(random)}`;
    const body = { name, experiment: 'killed', params: { name, lr: String(random()) }, tags: { round: name } };
    const ask = (client: Client) => client.runs.create({ params, body }, { idempotencyKey: name });
    let made = '';
    return {
      kind: 'run',
      send: async (client) => {
        made = (await ask(client)).id;
        runId = made;
        batch = 0;
      },
      isHeld: async (client) => {
        const run = await client.runs.get({ params: { project, runId: made } });
        assert.deepEqual([run.name, run.params['lr'], run.tags['round']], [name, body.params.lr, name]);
      },
      // The same key starts nothing twice: what was cut off is that run, or becomes it now.
      isWhole: async (client) => {
        const [once, again] = [await ask(client), await ask(client)];
        assert.equal(once.id, again.id);
        assert.deepEqual([once.params, once.tags], [body.params, body.tags]);
      },
    };
  };
  const log = (id: string): Write => {
    const from = batch++ * 10;
    const metrics = upTo(10).map((i) => ({ key: 'loss', step: from + i, value: random(), time: from + i }));
    const body = { metrics, params: { [`from ${from}`]: idOf(random) }, tags: { [`from ${from}`]: idOf(random) } };
    const found = async (client: Client) => {
      const run = await client.runs.get({ params: { project, runId: id } });
      const { items } = await client.runs.history({ params: { project, runId: id }, query: { key: 'loss', limit: 10_000 } });
      // Steps of this test are small, and so are numbers.
      const all = items.map((point) => ({ key: 'loss', ...point, step: Number(point.step) }));
      const points = all.filter(({ step }) => step >= from && step < from + 10);
      return { run, points };
    };
    const isHeld = async (client: Client) => {
      const { run, points } = await found(client);
      const byStep = points.toSorted((a, b) => a.step - b.step);
      assert.deepEqual(byStep, metrics);
      for (const [key, value] of Object.entries(body.params)) assert.equal(run.params[key], value);
      for (const [key, value] of Object.entries(body.tags)) assert.equal(run.tags[key], value);
    };
    return {
      kind: 'batch',
      send: async (client) => void (await client.runs.log({ params: { project, runId: id }, body })),
      isHeld,
      isWhole: async (client) => {
        const { run, points } = await found(client);
        const key = `from ${from}`;
        if (points.length > 0 || key in run.params || key in run.tags) await isHeld(client);
      },
    };
  };
  const artifact = (id: string): Write => {
    const path = `files/${batch++}.bin`;
    const bytes = bytesOf(random, 200_000);
    const isHeld = async (client: Client) =>
      assert.ok(bytes.equals(await bodyOf(client.runs.artifacts.get({ params: { project, runId: id }, query: { path } }))));
    return {
      kind: 'artifact',
      send: async (client) => void (await client.runs.artifacts.put({ params: { project, runId: id }, query: { path }, data: bytes })),
      isHeld,
      isWhole: async (client) => {
        const { items } = await client.runs.artifacts.list({ params: { project, runId: id }, query: { path: 'files', limit: 500 } });
        if (items.some((item) => item.path === path)) await isHeld(client);
      },
    };
  };
  const finish = (id: string): Write => ({
    kind: 'end of a run',
    send: async (client) => {
      await client.runs.finish({ params: { project, runId: id }, body: { status: 'finished' } });
      runId = undefined;
    },
    isHeld: async (client) => assert.equal((await client.runs.get({ params: { project, runId: id } })).status, 'finished'),
    isWhole: async (client) => {
      if ((await client.runs.get({ params: { project, runId: id } })).status === 'finished') runId = undefined;
    },
  });

  return () => {
    if (runId === undefined) return create();
    if (batch >= 8) return finish(runId);
    return random() < 0.3 ? artifact(runId) : log(runId);
  };
};

export const blobWrites =
  (random: Random): NextWrite =>
  () => {
    const bytes = bytesOf(random, 500_000);
    const digest = `blob:${createHash('sha256').update(bytes).digest('hex')}`;
    const isHeld = async (client: Client) => assert.ok(bytes.equals(await bodyOf(client.blobs.get({ params: { project, digest } }))));
    return {
      kind: 'blob',
      send: async (client) => void (await client.blobs.put({ params: { project, digest }, data: bytes })),
      isHeld,
      isWhole: async (client) => {
        const { missing } = await client.blobs.missing({ params, body: { digests: [digest] } });
        if (missing.length === 0) await isHeld(client);
      },
    };
  };

/** Large files of a run: a part, and another, and then the whole, which is asked for in the end however far it came. */
export const uploadWrites = (random: Random, runId: string): NextWrite => {
  const run = { project, runId };
  let upload: { path: string; id: string; parts: Buffer[] } | undefined;
  const isHeldAsFar = (path: string, id: string, parts: readonly Buffer[]) => async (client: Client) => {
    const at = { params: { ...run, uploadId: id } };
    const sent = (await client.uploads.get(at)).parts;
    const { size } = await client.uploads.complete({ ...at, body: {} });
    const whole = await bodyOf(client.runs.artifacts.get({ params: run, query: { path } }));
    assert.equal(whole.length, size);
    for (const part of parts) assert.ok(whole.includes(part), `a part of ${path} is gone; it has ${sent.length}`);
  };
  return () => {
    const one = (upload ??= { path: `large/${idOf(random)}`, id: '', parts: [] });
    const { path } = one;
    if (one.parts.length >= 2) {
      upload = undefined;
      const { id, parts } = one;
      return {
        kind: 'upload',
        send: async (client) => void (await client.uploads.complete({ params: { ...run, uploadId: id }, body: {} })),
        isHeld: isHeldAsFar(path, id, parts),
      };
    }
    const part = bytesOf(random, 100_000);
    const number = one.parts.length + 1;
    let id = '';
    return {
      kind: 'part of an upload',
      send: async (client) => {
        if (one.id === '') one.id = (await client.uploads.begin({ params: run, body: { path } })).id;
        id = one.id;
        await client.uploads.part({ params: { ...run, uploadId: id, number }, data: part });
        one.parts.push(part);
      },
      isHeld: (client) => isHeldAsFar(path, id, [part])(client),
    };
  };
};

/** Predictions at an endpoint; what was answered goes to `answered`, for others to speak of. */
export const predictionWrites =
  (random: Random, endpoint: string, answered: string[]): NextWrite =>
  () => {
    const texts = upTo(1 + Math.floor(random() * 3)).map(
      () => `flight ${idOf(random)} was ${random() < 0.5 ? 'late and rude' : 'great and kind'}`,
    );
    const request = { id: idOf(random), inputs: [{ name: 'text', shape: [texts.length], datatype: 'BYTES', data: texts }] };
    let requestId = '';
    let labels: unknown[] = [];
    return {
      kind: `prediction (${endpoint})`,
      send: async (_, address) => {
        const response = await fetch(`${address}/v2/models/${endpoint}/infer`, {
          method: 'POST',
          headers: { 'boucle-project': project },
          body: JSON.stringify(request),
        });
        const answer = (await response.json()) as { outputs: { name: string; data: unknown[] }[] };
        assert.equal(response.status, 200, JSON.stringify(answer));
        requestId = response.headers.get('x-request-id')!;
        labels = answer.outputs.find(({ name }) => name === 'label')!.data;
        answered.push(...texts.map((__, row) => `${requestId}.${row}`));
      },
      isHeld: async (client) => {
        for (const [row, text] of texts.entries()) {
          const { prediction } = await client.predictions.get({ params: { project, predictionId: `${requestId}.${row}` } });
          assert.deepEqual(
            [prediction.inputs, (prediction.outputs as { label: unknown }).label, prediction.outcome, prediction.clientId],
            [{ text }, labels[row], 'ok', request.id],
          );
        }
      },
    };
  };

/** What was true of predictions that were answered. */
export const feedbackWrites =
  (random: Random, answered: string[]): NextWrite =>
  () => {
    const predictionId = answered[Math.floor(random() * answered.length)]!;
    const item = { predictionId, label: random() < 0.5 ? 'bad' : 'good', comment: idOf(random) };
    const said = async (client: Client) => (await client.predictions.get({ params: { project, predictionId } })).feedback;
    let result = '';
    return {
      kind: 'feedback',
      send: async (client) => {
        const { items } = await client.feedback.give({ params, body: { items: [item] } });
        result = items[0]!.result;
        assert.ok(['recorded', 'changed', 'repeated'].includes(result), JSON.stringify(items[0]));
      },
      isHeld: async (client) => {
        const labels = (await said(client)).filter(
          ({ comment, label }) => comment === item.comment || (result === 'repeated' && label === item.label),
        );
        assert.ok(labels.length > 0, `feedback on ${predictionId} is gone`);
      },
    };
  };
