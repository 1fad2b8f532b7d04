import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { newId, silentLog } from '../../platform/index.ts';
import { openThreadHost } from '../../serving/index.ts';
import { databases } from '../../testing/databases.ts';
import { layServingGround, type ServingGround } from '../../testing/serving-ground.ts';
import { callerOf } from '../caller.ts';
import { bindInference } from './index.ts';

let ground: ServingGround;
let app: FastifyInstance;
before(async () => {
  ground = await layServingGround(databases.sqlite, { openHost: openThreadHost });
  app = Fastify({ genReqId: () => newId() });
  bindInference(app, { serving: ground.serving, callerOf: (request) => callerOf(request, undefined), log: silentLog, version: '1.2.3' });
  await ground.deploy();
});
after(async () => {
  await app.close();
  await ground.stop();
});

const infer = (texts: unknown[], more: object = {}) =>
  app.inject({
    method: 'POST',
    url: '/v2/models/sentiment/infer',
    headers: { host: 'localhost' },
    payload: { inputs: [{ name: 'text', datatype: 'BYTES', shape: [texts.length], data: texts }], ...more },
  });

describe('the Open Inference Protocol', () => {
  test('answers rows in their order, echoes the id, and names the version', async () => {
    const answer = await infer(['flight delayed', 'thank you'], { id: 'mine' });
    assert.equal(answer.statusCode, 200, answer.body);
    const { outputs, ...rest } = answer.json<{ outputs: { name: string; shape: number[]; data: unknown[] }[] }>();
    assert.deepEqual(rest, { model_name: 'sentiment', model_version: '1', id: 'mine' });
    assert.deepEqual(
      outputs.map(({ name, shape, data }) => [name, shape, data.length]),
      [
        ['label', [2], 2],
        ['score', [2], 2],
        ['probabilities', [2, 2], 4],
      ],
    );
    assert.deepEqual(outputs[0]!.data, ['negative', 'other']);
    const requestId = answer.headers['x-boucle-request-id'] as string;
    const logged = await ground.serving.find(ground.actor.project, `${requestId}.1`);
    assert.deepEqual([logged?.inputs, logged?.clientId, logged?.outcome, logged?.status], [{ text: 'thank you' }, 'mine', 'ok', 200]);
  });
});
