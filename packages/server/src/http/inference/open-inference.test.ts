import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import type { TreeDigest } from '@boucle/contract';
import { loadModel } from '@boucle/models';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { newId, silentLog } from '../../platform/index.ts';
import { assign, openThreadHost } from '../../serving/index.ts';
import { databases } from '../../testing/databases.ts';
import { layServingGround, type ServingGround } from '../../testing/serving-ground.ts';
import { callersOf } from '../../testing/callers-of.ts';
import { bindInference } from './index.ts';

const bodyLimit = 20_000;
let ground: ServingGround;
let app: FastifyInstance;
let address: string;
before(async () => {
  ground = await layServingGround(databases.sqlite, { openHost: openThreadHost });
  app = Fastify({ genReqId: () => newId() });
  bindInference(app, {
    serving: ground.serving,
    callerOf: callersOf(ground, 'token'),
    log: silentLog,
    version: '1.2.3',
    bodyLimit,
  });
  await ground.deploy();
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(async () => {
  await app.close();
  await ground.stop();
});

const ask = (url: string, more: InjectOptions = {}) => app.inject({ url, ...more, headers: { host: 'localhost', ...more.headers } });
const textTensor = (...texts: unknown[]) => ({ name: 'text', datatype: 'BYTES', shape: [texts.length], data: texts });
const infer = (payload: InjectOptions['payload'], headers: Record<string, string> = {}, url = '/v2/models/sentiment/infer') =>
  ask(url, { method: 'POST', ...(payload !== undefined && { payload }), headers });
/** Sends it, and tells the status and the one error. */
const refusal = async (...args: Parameters<typeof infer>): Promise<[number, string]> => {
  const answer = await infer(...args);
  const body = answer.json<{ error: string }>();
  assert.deepEqual(Object.keys(body), ['error']);
  assert.ok(await loggedOf(answer), 'it is logged');
  return [answer.statusCode, body.error];
};
const loggedOf = ({ headers }: { headers: Record<string, unknown> }, row = 0) =>
  ground.serving.find(ground.actor.project, `${String(headers['x-boucle-request-id'])}.${row}`);

describe('the Open Inference Protocol', () => {
  test('answers rows in their order, echoes the id, and names the version', async () => {
    const answer = await infer({ id: 'mine', inputs: [textTensor('flight delayed', 'thank you')] });
    assert.equal(answer.statusCode, 200, answer.body);
    const { outputs, ...rest } = answer.json<{ outputs: { name: string; datatype: string; shape: number[]; data: unknown[] }[] }>();
    assert.deepEqual(rest, { model_name: 'sentiment', model_version: '1', id: 'mine' });
    assert.deepEqual(
      outputs.map(({ name, datatype, shape, data }) => [name, datatype, shape, data.length]),
      [
        ['label', 'BYTES', [2], 2],
        ['score', 'FP64', [2], 2],
        ['probabilities', 'FP64', [2, 2], 4],
      ],
    );
    assert.deepEqual(outputs[0]!.data, ['negative', 'other']);
    const logged = await loggedOf(answer, 1);
    assert.deepEqual([logged?.inputs, logged?.clientId, logged?.outcome, logged?.status], [{ text: 'thank you' }, 'mine', 'ok', 200]);
  });

  test('of many who ask at once, each gets what the model says of the own rows', async () => {
    const folder = path.join(ground.folder, 'raw');
    await ground.blobs.copyTree(ground.versions.get('sentiment/1')!.digest as TreeDigest, folder);
    const model = await loadModel(folder);
    const words = ['flight', 'delayed', 'lost', 'bag', 'thank', 'you', 'lovely', 'crew', 'rude', 'guitar'];
    const textOf = (n: number): string => [n, n * 7, n * 31].map((i) => words[i % words.length]).join(' ');
    await Promise.all(
      Array.from({ length: 150 }, async (_, i) => {
        const texts = Array.from({ length: 1 + (i % 7) }, (__, row) => textOf(i * 11 + row));
        const { outputs } = (await infer({ id: `${i}`, inputs: [textTensor(...texts)] })).json<{
          outputs: { name: string; data: unknown[] }[];
        }>();
        const said = Object.fromEntries(outputs.map(({ name, data }) => [name, data]));
        const expected = await model.predict({ text: texts });
        assert.deepEqual(said, { ...expected, probabilities: expected['probabilities']!.flat() });
      }),
    );
  });

  test('gives the outputs that are asked for, and no id where none was given', async () => {
    const answer = await infer({ inputs: [textTensor('late')], outputs: [{ name: 'label', parameters: { binary_data: true } }] });
    const body = answer.json<{ outputs: { name: string }[] }>();
    assert.deepEqual([body.outputs.map(({ name }) => name), 'id' in body], [['label'], false]);
  });

  test('reads a body by what it holds, whatever its content type and compression', async () => {
    const body = JSON.stringify({ inputs: [textTensor('late')] });
    for (const headers of [{}, { 'content-type': 'application/octet-stream' }, { 'content-type': 'text/plain; charset=latin1' }]) {
      assert.equal((await infer(body, headers)).statusCode, 200);
    }
    assert.equal((await infer(gzipSync(body), { 'content-encoding': 'gzip' })).statusCode, 200);
    assert.equal((await infer(deflateSync(body), { 'content-encoding': 'deflate' })).statusCode, 200);
  });

  test('a compressed body may come in pieces', async () => {
    const body = gzipSync(JSON.stringify({ inputs: [textTensor('late', 'thank you')] }));
    const sent = request(`${address}/v2/models/sentiment/infer`, { method: 'POST', headers: { 'content-encoding': 'gzip' } });
    for (const half of [body.subarray(0, 20), body.subarray(20)]) {
      sent.write(half);
      await sleep(5);
    }
    const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage];
    assert.deepEqual([answer.statusCode, (await text(answer)).includes('negative')], [200, true]);
  });

  test('a caller may say unit, subject, time and story in headers, or in the parameters, which win', async () => {
    const headers = { 'boucle-unit': 'seat 1', 'boucle-subject': 'ann', 'boucle-event-time': '2026-01-01T01:00:00+02:00' };
    const answer = await infer({ inputs: [textTensor('late')], parameters: { 'boucle-unit': 'seat 2' } }, headers);
    const logged = await loggedOf(answer);
    assert.deepEqual([logged?.unit, logged?.subject, logged?.eventTime], ['seat 2', 'ann', '2025-12-31T23:00:00.000Z']);
    assert.deepEqual(await refusal({ inputs: [textTensor('late')] }, { 'boucle-event-time': 'yesterday' }), [
      400,
      'boucle-event-time must be a time in ISO 8601 with its zone, such as 2026-01-31T12:00:00Z',
    ]);
    assert.equal((await refusal({ inputs: [textTensor('late')] }, { 'boucle-timeout-ms': 'soon' }))[0], 400);
  });

  test('says what is wrong with a request', async () => {
    const cases: [payload: InjectOptions['payload'], message: RegExp][] = [
      [undefined, /^The body is not JSON/],
      ['{"inputs": [', /^The body is not JSON/],
      ['[]', /^The body must be an object/],
      [Buffer.from([0x22, 0xff, 0x22]), /^The body is not UTF-8/],
      [{}, /^"inputs" must be a list/],
      [{ inputs: [] }, /^Column "text" is missing/],
      [{ inputs: [null] }, /^There is no input nothing; the model has "text"/],
      [{ inputs: [{ ...textTensor('late'), name: 'txt' }] }, /^There is no input "txt"; the model has "text"/],
      [{ inputs: [textTensor('late'), textTensor('late')] }, /^Input "text" is there twice/],
      [{ inputs: [{ ...textTensor('late'), datatype: 'FP32' }] }, /^Input "text" has datatype "FP32"; the model takes BYTES/],
      [{ inputs: [{ ...textTensor('late'), shape: [1, 1] }] }, /^Input "text" has shape \[1,1\]; the model takes \[-1\]/],
      [{ inputs: [{ ...textTensor('late'), shape: [-1] }] }, /^Input "text" has shape \[-1\]/],
      [{ inputs: [{ ...textTensor('late'), shape: [2] }] }, /that is 2 values, but its data holds 1 values/],
      [{ inputs: [{ ...textTensor('late'), data: 'late' }] }, /^Input "text" has no list "data"/],
      [{ inputs: [{ ...textTensor('late'), data: [['late']] }] }, /holds a list in row 0/],
      [{ inputs: [textTensor('late', 7)] }, /^Column "text" holds 7 in row 1/],
      [{ inputs: [textTensor()] }, /^There are no rows/],
      [{ inputs: [textTensor('late')], outputs: [{ name: 'lable' }] }, /^There is no output "lable"; the model has "label", "score"/],
      [{ inputs: [textTensor('late')], id: 7 }, /^"id" must be a text/],
      [{ inputs: [{ ...textTensor(), parameters: { binary_data_size: 8 } }] }, /binary form/],
      ['[[[['.repeat(1000), /^The body is not JSON/],
    ];
    for (const [payload, message] of cases) {
      const [status, error] = await refusal(payload);
      assert.equal(status, 400, error);
      assert.match(error, message);
    }
  });

  test('tensors in binary form are refused by name', async () => {
    const headers = { 'inference-header-content-length': '2' };
    assert.deepEqual(await refusal(Buffer.from([0x7b, 0x7d, 0xff]), headers), [
      400,
      'Tensors in binary form are not read here: send them as JSON (in tritonclient: binary_data=False)',
    ]);
    assert.match((await refusal('{}', headers))[1], /"inputs" must be a list/);
  });

  test('too large a body is refused before and after it is unpacked', async () => {
    const body = JSON.stringify({ inputs: [textTensor('x'.repeat(bodyLimit))] });
    const tooLarge = `The body has more than ${bodyLimit} bytes, which is the most: send fewer rows at a time`;
    assert.deepEqual(await refusal(body), [413, tooLarge]);
    assert.deepEqual(await refusal(gzipSync(body), { 'content-encoding': 'gzip' }), [413, tooLarge]);
    assert.match((await refusal('no gzip', { 'content-encoding': 'gzip' }))[1], /cannot be unpacked/);
    assert.match((await refusal(gzipSync(body).subarray(0, 20), { 'content-encoding': 'gzip' }))[1], /cannot be unpacked/);
    assert.match((await refusal('{}', { 'content-encoding': 'br' }))[1], /^Content-Encoding br is not known/);
  });

  test('with several variants, says which one answered; a version in the address is insisted upon', async () => {
    const { salt, variants } = await ground.serving.deploy(ground.actor, {
      endpoint: 'both',
      variants: [
        { name: 'baseline', share: 0.5, model: 'sentiment/1' },
        { name: 'candidate', share: 0.5, model: 'sentiment/2' },
        { name: 'next', mode: 'shadow', share: 1, model: 'sentiment/2' },
      ],
    });
    const body = { inputs: [textTensor('late')] };
    const seen = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const answer = await infer(body, { 'boucle-unit': `seat ${i}` }, '/v2/models/both/infer');
      const expected = assign(salt, `seat ${i}`, variants)!;
      assert.deepEqual(
        [answer.headers['boucle-variant'], answer.json<{ model_version: string }>().model_version],
        [expected.name, String(expected.version)],
      );
      seen.add(expected.name);
    }
    assert.equal(seen.size, 2);
    const inBody = await infer({ ...body, parameters: { 'boucle-unit': 'seat 3' } }, { 'boucle-unit': 'seat 4' }, '/v2/models/both/infer');
    assert.equal(inBody.headers['boucle-variant'], assign(salt, 'seat 3', variants)!.name);
    assert.deepEqual((await ask('/v2/models/both')).json<{ versions: string[] }>().versions, ['1', '2']);
    for (const [version, name] of Object.entries({ 1: 'baseline', 2: 'candidate' })) {
      const answer = await infer(body, { 'boucle-unit': 'seat 1' }, `/v2/models/both/versions/${version}/infer`);
      assert.equal(answer.headers['boucle-variant'], name);
    }
    const refused = await refusal(body, {}, '/v2/models/both/versions/3/infer');
    assert.deepEqual(refused, [404, 'Endpoint both serves version 1 and 2, not 3: leave the version out, or deploy that one']);
  });

  test('tells what is served', async () => {
    assert.deepEqual((await ask('/v2')).json(), { name: 'boucle', version: '1.2.3', extensions: [] });
    assert.deepEqual((await ask('/v2/health/live')).json(), { live: true, ready: true });
    assert.deepEqual((await ask('/v2/health/ready')).json(), { live: true, ready: true });
    const metadata = (await ask('/v2/models/sentiment')).json<object>();
    assert.deepEqual(
      { ...metadata, outputs: [] },
      {
        name: 'sentiment',
        versions: ['1'],
        platform: 'boucle_mlmodel',
        inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
        outputs: [],
      },
    );
    assert.deepEqual((await ask('/v2/models/sentiment/versions/1/ready')).json(), { name: 'sentiment', ready: true });
  });

  test('what is not there is 404 with the one error', async () => {
    for (const url of ['/v2/models/nobody', '/v2/models/sentiment/versions/2', '/v2/models/sentiment/versions/2/ready', '/v2/nothing']) {
      const answer = await ask(url);
      assert.deepEqual([answer.statusCode, Object.keys(answer.json<object>())], [404, ['error']], url);
    }
    assert.equal((await infer({ inputs: [textTensor('late')] }, {}, '/v2/models/sentiment/versions/2/infer')).statusCode, 404);
    assert.equal((await infer({ inputs: [textTensor('late')] }, {}, '/v2/models/sentiment/versions/1/infer')).statusCode, 200);
    assert.equal((await infer({ inputs: [textTensor('late')] }, {}, '/v2/models/nobody/infer')).statusCode, 404);
  });

  test('an endpoint is looked for in the project that is said', async () => {
    const body = { inputs: [textTensor('late')] };
    assert.equal((await infer(body, { 'boucle-project': 'airline' })).statusCode, 200);
    assert.equal((await infer(body, { 'boucle-project': 'elsewhere' })).statusCode, 404);
    const { digest } = ground.versions.get('sentiment/1')!;
    assert.ok(digest);
    await ground.serving.deploy(ground.stranger, { endpoint: 'sentiment', model: 'sentiment/2' });
    const ambiguous = await infer(body);
    assert.deepEqual([ambiguous.statusCode, /boucle-project/.test(ambiguous.body)], [404, true]);
    assert.equal((await infer(body, { 'boucle-project': 'elsewhere' })).json<{ model_version: string }>().model_version, '2');
    assert.equal((await infer(body, { 'boucle-project': 'airline' })).statusCode, 200);
  });

  test('strangers are turned away in the words of the protocol', async () => {
    const body = { inputs: [textTensor('late')] };
    for (const [headers, status] of [
      [{ authorization: 'Bearer wrong' }, 401],
      [{ host: 'evil.example' }, 403],
    ] as const) {
      const answer = await infer(body, { ...headers });
      assert.deepEqual([answer.statusCode, Object.keys(answer.json<object>())], [status, ['error']]);
    }
    assert.equal((await infer(body, { authorization: 'Bearer token', 'boucle-project': 'airline' })).statusCode, 200);
  });

  test('a caller who hangs up in the midst of a body is logged as cancelled', async () => {
    const port = Number(new URL(address).port);
    const { project } = ground.actor;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /v2/models/sentiment/infer HTTP/1.1\r\nhost: localhost\r\nboucle-project: airline\r\ncontent-length: 100\r\n\r\n{"inputs',
    );
    await once(app.server, 'request');
    socket.destroy();
    const newest = async () => (await ground.serving.predictions(ground.actor, { endpoint: 'sentiment', limit: 1 }))[0]!;
    let last = await newest();
    for (let tries = 0; last.outcome !== 'cancelled' && tries < 200; tries++) {
      await sleep(10);
      last = await newest();
    }
    assert.deepEqual([last.outcome, last.status, last.project], ['cancelled', 499, project.name]);
  });
});
