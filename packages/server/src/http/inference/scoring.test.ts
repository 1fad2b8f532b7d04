import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { newId, silentLog } from '../../platform/index.ts';
import { databases } from '../../testing/databases.ts';
import { layServingGround, openHere, type ServingGround } from '../../testing/serving-ground.ts';
import { callersOf } from '../../testing/callers-of.ts';
import { mlflowRelease } from '../mlflow/release.ts';
import { bindInference } from './index.ts';

describe('the MLflow scoring protocol', () => {
  let ground: ServingGround;
  let app: FastifyInstance;
  before(async () => {
    ground = await layServingGround(databases.sqlite);
    app = Fastify({ genReqId: () => newId() });
    bindInference(app, { serving: ground.serving, callerOf: callersOf(ground), log: silentLog, version: '1.2.3' });
  });
  after(async () => {
    await app.close();
    await ground.stop();
  });

  const ask = (url: string) => app.inject({ url, headers: { host: 'localhost' } });
  const score = (payload: NonNullable<InjectOptions['payload']>, type: string | undefined = 'application/json', url = '/invocations') =>
    app.inject({ method: 'POST', url, headers: { host: 'localhost', ...(type !== '' && { 'content-type': type }) }, payload });
  const labelsOf = async (...args: Parameters<typeof score>): Promise<unknown[]> => {
    const answer = await score(...args);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json<{ predictions: { label: unknown }[] }>().predictions.map(({ label }) => label);
  };
  const texts = ['flight delayed', 'thank you'];
  const labels = ['negative', 'other'];

  test('without a model there is nothing to score, yet the server is well', async () => {
    assert.equal((await ask('/ping')).statusCode, 404);
    assert.deepEqual([(await ask('/health')).body, (await ask('/version')).body], ['OK', mlflowRelease]);
    const answer = await score({ instances: texts });
    assert.deepEqual(
      [answer.statusCode, answer.json<object>()],
      [404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No endpoint is served: deploy a model first' }],
    );
  });

  test('rows come in five forms', async () => {
    await ground.deploy();
    assert.deepEqual([(await ask('/ping')).statusCode, (await ask('/ping')).body], [200, '\n']);
    assert.deepEqual(await labelsOf({ dataframe_split: { columns: ['text'], index: [0, 1], data: texts.map((text) => [text]) } }), labels);
    assert.deepEqual(await labelsOf({ dataframe_records: texts.map((text) => ({ text })), params: {} }), labels);
    assert.deepEqual(await labelsOf({ instances: texts }), labels);
    assert.deepEqual(await labelsOf({ instances: texts.map((text) => ({ text })) }), labels);
    assert.deepEqual(await labelsOf({ inputs: { text: texts } }), labels);
    assert.deepEqual(await labelsOf({ inputs: texts }), labels);
    assert.deepEqual(await labelsOf('text\n"flight delayed"\nthank you\n', 'text/csv; charset=utf-8'), labels);
    assert.deepEqual(await labelsOf({ inputs: texts }, 'application/json', '/endpoints/sentiment/invocations'), labels);
  });

  test('a row is answered as the record that the signature describes', async () => {
    const answer = await score({ inputs: ['flight delayed'] });
    const [row] = answer.json<{ predictions: { label: string; score: number; probabilities: number[] }[] }>().predictions;
    assert.deepEqual([Object.keys(row!), row!.score], [['label', 'score', 'probabilities'], row!.probabilities[0]]);
    const logged = await ground.serving.find(ground.actor.project, `${String(answer.headers['x-boucle-request-id'])}.0`);
    assert.deepEqual(logged?.outputs, row);
  });

  test('says what is wrong with a request', async () => {
    const cases: [payload: NonNullable<InjectOptions['payload']>, message: RegExp][] = [
      ['[1]', /^The body must be an object/],
      ['{', /^The body is not JSON/],
      [{}, /it has none$/],
      [{ inputs: texts, instances: texts }, /it has instances and inputs$/],
      [{ dataframe_split: { columns: ['text'] } }, /must have the lists/],
      [{ dataframe_split: { columns: ['text'], data: [['a', 'b']] } }, /^Row 0 .* is not a list of 1 values/],
      [{ dataframe_split: { columns: ['text', 'text'], data: [] } }, /twice/],
      [{ dataframe_split: { columns: ['txt'], data: [['late']] } }, /^There is no column "txt" in the signature; it has "text"/],
      [{ dataframe_records: [{ text: 'late' }, 7] }, /^Row 1 .* is not an object/],
      [{ dataframe_records: [{ text: 'late' }, {}] }, /holds nothing in row 1/],
      [{ inputs: { text: 'late' } }, /must have a list of values/],
      [{ inputs: [7] }, /holds 7 in row 0/],
      [{ inputs: [] }, /^There are no rows/],
    ];
    for (const [payload, message] of cases) {
      const answer = await score(payload, 'application/json');
      const { error_code: code, message: said } = answer.json<{ error_code: string; message: string }>();
      assert.deepEqual([answer.statusCode, code], [400, 'INVALID_PARAMETER_VALUE'], said);
      assert.match(said, message);
    }
    assert.match((await score('text\n"late', 'text/csv')).body, /never closed/);
    assert.match((await score('', 'text/csv')).body, /The body is empty/);
  });

  test('another content type is refused in plain text', async () => {
    for (const type of ['text/plain', 'application/json; charset=latin1', 'application/json; odd=1', '']) {
      const answer = await score('{"inputs": ["late"]}', type);
      assert.deepEqual([answer.statusCode, answer.headers['content-type']], [415, 'text/plain'], type);
    }
  });

  test('where several endpoints are served, the bare path names theirs', async () => {
    await ground.serving.deploy(ground.actor, { endpoint: 'second', model: 'sentiment/2' });
    const answer = await score({ inputs: texts });
    assert.equal(answer.statusCode, 404);
    assert.match(answer.body, /ask \/endpoints\/sentiment\/invocations or \/endpoints\/second\/invocations/);
    assert.equal((await score({ inputs: texts }, 'application/json', '/endpoints/nobody/invocations')).statusCode, 404);
  });
});

test('what a model gives no name is a plain list, as MLflow’s own server answers', async () => {
  const ground = await layServingGround(databases.sqlite, {
    openHost: async (folder) => {
      const { facts, predict, ...host } = await openHere(folder);
      const outputs = [{ name: 'prediction', datatype: 'BYTES' as const, shape: [-1], unnamed: true }];
      return {
        ...host,
        facts: { signature: { inputs: facts.signature.inputs, outputs }, labels: [], tolerance: 0 },
        predict: async (columns) => ({ prediction: (await predict(columns))['label']! }),
      };
    },
  });
  const app = Fastify({ genReqId: () => newId() });
  bindInference(app, { serving: ground.serving, callerOf: callersOf(ground), log: silentLog, version: '1.2.3' });
  await ground.deploy();
  const payload = { instances: ['flight delayed', 'thank you'] };
  const answer = await app.inject({ method: 'POST', url: '/invocations', headers: { host: 'localhost' }, payload });
  assert.deepEqual(answer.json(), { predictions: ['negative', 'other'] });
  await app.close();
  await ground.stop();
});
