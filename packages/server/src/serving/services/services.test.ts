import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../platform/index.ts';
import { createOutbound } from '../../platform/outbound/index.ts';
import { spawnCommand } from '../../platform/processes/index.ts';
import { layModelService } from '../../testing/a-model-service.ts';
import { callOf } from '../../testing/call-of.ts';
import { databases } from '../../testing/databases.ts';
import { layServingGround, type ServingGround } from '../../testing/serving-ground.ts';
import type { InferenceHost } from '../inference-host.ts';
import { createOpenHost } from '../open-model-host.ts';

const command = [process.execPath, 'serve.mjs'];
let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'boucle-services-'));
});
after(() => rm(folder, { recursive: true }));

const environments = { pythonFor: async () => '', tidy: async () => {} };
const openWith = (allowed: readonly { host: string; port: number | undefined }[] = []) =>
  createOpenHost({ environments, outbound: createOutbound({ allowCalls: allowed }) });
let count = 0;
const open = async (service: object, allowed: Parameters<typeof openWith>[0] = []): Promise<InferenceHost> =>
  openWith(allowed)(await layModelService(path.join(folder, String(count++)), service));

for (const protocol of ['oip', 'mlflow'] as const) {
  describe(`a command that speaks ${protocol}`, () => {
    let host: InferenceHost;
    before(async () => {
      host = await open({ protocol, command });
    });
    after(() => host.close());

    test('says what it takes and gives, and answers', async () => {
      const [x] = host.facts.signature.inputs;
      assert.deepEqual([x!.name, x!.datatype, x!.shape], ['x', 'INT64', [-1]]);
      assert.deepEqual(await host.predict({ x: [1, 2, 3] }), { twice: [2, 4, 6] });
      assert.ok((await host.usage!()).memoryBytes > 2 ** 20);
    });

    test('what it says of rows is told to who sent them, and what it cannot do is its own fault', async () => {
      await assert.rejects(host.predict({ x: [-1] }), { code: 'invalid_request', message: /refused the rows with 400: .*x is negative/ });
      await assert.rejects(host.predict({ x: [14] }), { code: 'unavailable', reason: 'model_busy' });
    });
  });
}

test('a command that ends before it answers is told with what it printed', async () => {
  const failing = open({ protocol: 'oip', command: ['sh', '-c', 'echo no weights here >&2; exit 7'] });
  await assert.rejects(failing, { code: 'failed_precondition', reason: 'command_ended', message: /with exit status 7: no weights here/ });
});

test('a command is not run where programs of models are not allowed', async () => {
  const place = await layModelService(path.join(folder, 'refused'), { protocol: 'oip', command: ['touch', path.join(folder, 'ran')] });
  await assert.rejects(createOpenHost({ outbound: createOutbound() })(place), { reason: 'programs_not_allowed', message: /modelPrograms/ });
});

test('a model at an address is asked there, if calls may go there, and not sent on to where they may not', async () => {
  const port = 40_000 + Math.floor(Math.random() * 20_000);
  const place = await layModelService(path.join(folder, 'running'), { protocol: 'oip', url: `http://127.0.0.1:${port}` });
  const running = spawnCommand({ command, cwd: place, env: { PORT: String(port) } });
  await new Promise((resolve) => running.stdout.once('data', resolve));
  const allowed = [{ host: '127.0.0.1', port }];
  await assert.rejects(openWith()(place), { code: 'failed_precondition' }, 'a private address');
  const host = await openWith(allowed)(place);
  assert.deepEqual(await host.predict({ x: [21] }), { twice: [42] });
  await assert.rejects(open({ protocol: 'mlflow', url: `http://127.0.0.1:${port}/moved` }, allowed), { code: 'failed_precondition' });
  await running.group.end(0);
  await assert.rejects(host.predict({ x: [21] }), { code: 'unavailable', reason: 'call_failed' });
  await host.close();
});

describe('a command behind an endpoint', () => {
  let ground: ServingGround;
  before(async () => {
    ground = await layServingGround(databases.sqlite, { openHost: openWith() });
    for (const number of [1, 2]) {
      const place = await layModelService(path.join(folder, `version-${number}`), {
        protocol: 'oip',
        command: [...command, `--version=${number}`],
      });
      const { tree } = await ground.blobs.putFolder(place);
      const like = ground.versions.get('sentiment/1')!;
      ground.versions.set(`double/${number}`, { ...like, id: newId(), model: 'double', number, digest: tree, signature: null as never });
    }
  });
  after(() => ground.stop());
  const ask = (...x: number[]) => ground.serving.predict(ground.serving.endpointCalled('double'), callOf({ x }));

  test('has the same routing, limits and log as any model', async () => {
    const share = (name: string, model: string, part: number) => ({ name, share: part, model });
    const variants = [share('baseline', 'double/1', 0.5), share('candidate', 'double/2', 0.5)];
    const deployment = await ground.serving.deploy(ground.actor, { endpoint: 'double', variants });
    assert.deepEqual([deployment.status, deployment.message], ['ready', null]);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i + 100)));
    assert.deepEqual(
      answers.map(({ outputs }) => outputs['twice']),
      Array.from({ length: 40 }, (_, i) => [2 * (i + 100)]),
    );
    assert.equal(new Set(answers.map(({ variant }) => variant)).size, 2);
    await assert.rejects(ask(1.5), { code: 'invalid_request', reason: 'wrong_type' });
    const logged = await ground.serving.predictions(ground.actor, { endpoint: 'double', limit: 100 });
    assert.equal(logged.filter(({ outcome }) => outcome === 'ok').length, 40);
    assert.equal(logged.filter(({ outcome }) => outcome === 'invalid').length, 1);
  });

  test('one row too few is nobody’s answer', async () => {
    await assert.rejects(ask(15, 16), /answered 1 values of twice to 2 rows/);
  });

  test('comes back after it ended at work', async () => {
    await ground.serving.deploy(ground.actor, { endpoint: 'double', model: 'double/1' });
    await assert.rejects(ask(13), { code: 'unavailable', reason: 'model_ended' });
    assert.deepEqual((await ask(5)).outputs, { twice: [10] });
  });

  test('cannot say why, and is not started for that', async () => {
    const asked = { columns: { x: [1] } };
    await assert.rejects(ground.serving.explain(ground.actor.project, { model: 'double', number: 1 }, asked), {
      reason: 'not_explainable',
    });
  });

  test('cannot answer beside one that takes other columns, which shows once both are loaded', async () => {
    const variants = [
      { name: 'a', share: 0.5, model: 'double/1' },
      { name: 'b', share: 0.5, model: 'sentiment/1' },
    ];
    const refused = await ground.serving.deploy(ground.actor, { endpoint: 'mixed', variants });
    assert.deepEqual([refused.status, /does not take and give the columns that/.test(refused.message!)], ['failed', true]);
  });
});
