import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TreeDigest } from '@boucle/contract';
import { isExpected, loadModel, trainTextClassifier } from '@boucle/models';
import { createOutbound } from '../platform/outbound/index.ts';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, type ServingGround } from '../testing/serving-ground.ts';
import { createOpenHost } from './open-model-host.ts';
import { openProcessHost } from './process-host.ts';

const openModelHost = createOpenHost({ outbound: createOutbound() });
let ground: ServingGround;
let folder: string;
before(async () => {
  ground = await layServingGround(databases.sqlite, { openHost: openProcessHost });
  folder = path.join(ground.folder, 'package');
  await ground.blobs.copyTree(ground.versions.get('sentiment/1')!.digest as TreeDigest, folder);
});
after(() => ground.stop());

/** The processes of models that this one has started. */
const processes = (): number[] => {
  try {
    return execFileSync('pgrep', ['-P', String(process.pid), '-f', 'inference-process'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
};
const kill = (): void => processes().forEach((pid) => process.kill(pid, 'SIGKILL'));
const text = ['flight delayed', 'thank you'];
/** Takes about a second. */
const slow = Array.from({ length: 100 }, () => 'late flight again '.repeat(20_000));

test('a process answers and refuses as the model itself does, and leaves with its host', async () => {
  const [model, host] = [await loadModel(folder), await openProcessHost(folder)];
  const { signature, labels, inputExample, expectedOutput, tolerance } = model;
  assert.deepEqual(host.facts, { signature, labels, inputExample, expectedOutput, tolerance });
  const asked = text.map((one) => ({ text: [one] }));
  assert.deepEqual(await Promise.all(asked.map(host.predict)), await Promise.all(asked.map(model.predict)));
  await assert.rejects(host.predict({ words: ['x'] }), { code: 'invalid_request', reason: 'unknown_column' });
  assert.ok((await host.usage!()).memoryBytes > 2 ** 20);
  await host.close();
  await host.ended;
  assert.deepEqual(processes(), []);
  await assert.rejects(host.predict({ text }), { code: 'unavailable', reason: 'model_ended' });
});

test('what needs a native runtime gets a process, and what does not a thread', async () => {
  const [thread, native] = [await openModelHost(folder), path.join(ground.folder, 'native')];
  assert.deepEqual(processes(), []);
  await thread.close();
  const texts = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'late flight' : 'lovely crew'));
  const labels = texts.map((one) => (one === 'late flight' ? 'negative' : 'other'));
  const trained = await trainTextClassifier({ texts, labels }, { approach: 'bilstm', seed: 1, epochs: 1, hiddenSize: 4, embeddingSize: 4 });
  await trained.save(native, { inputExample: { text } });
  await trained.close();
  const host = await openModelHost(native);
  assert.equal(processes().length, 1);
  const { inputExample, expectedOutput, tolerance } = host.facts;
  assert.ok(isExpected({ expectedOutput: expectedOutput!, tolerance }, await host.predict(inputExample!)));
  await host.close();
});

test('a package that is damaged is refused in words, and its process is gone', async () => {
  await assert.rejects(openProcessHost(path.join(ground.folder, 'nothing')), { code: 'failed_precondition', reason: 'damaged_package' });
  assert.deepEqual(processes(), []);
});

test('what is asked of a process that is killed, or closed, ends', async () => {
  for (const end of [kill, 'close'] as const) {
    const host = await openProcessHost(folder);
    const answer = host.predict({ text: slow });
    const next = host.predict({ text });
    const refused = Promise.all([answer, next].map((one) => assert.rejects(one, { code: 'unavailable', reason: 'model_ended' })));
    await sleep(50);
    if (end === 'close') await host.close();
    else end();
    await refused;
    await host.ended;
  }
});

test('the server stays up when the process of a model is killed, at work and at rest, and answers again', async () => {
  await ground.deploy();
  const ask = (texts: readonly string[]) => ground.serving.predict(ground.serving.endpointCalled('sentiment'), callOf({ text: texts }));
  const [first] = processes();
  const atWork = assert.rejects(ask(slow.slice(0, 50)), { code: 'unavailable', reason: 'model_ended' });
  await sleep(50);
  kill();
  await atWork;
  assert.deepEqual((await ask(['flight delayed'])).outputs['label'], ['negative']);
  const [second] = processes();
  assert.notEqual(second, first);
  kill();
  // Until the server has heard of it, a request would still go there and be told to come again.
  do await sleep(50);
  while (processes().includes(second!));
  assert.deepEqual((await ask(['flight delayed'])).outputs['label'], ['negative']);
});
